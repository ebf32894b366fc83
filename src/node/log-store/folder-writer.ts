import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import { parseLeaf, TILE_WIDTH, tileAt } from '#lib/tlog/index.ts'
import { BoundedTasks } from '../bounded-tasks.ts'
import { type Batch, formatBatch } from './batch.ts'
import { CommitmentIndex } from './commitment-index.ts'
import { FOR_ALL, ImmutableFiles, OWNER_ONLY, replaceFile, syncFolder } from './durable-file.ts'
import { writeFailed } from './errors.ts'
import type { LogLayout } from './layout.ts'
import { type LogLock, lockLog } from './log-lock.ts'
import { type Pending, PendingJournal } from './pending.ts'
import { servedFolder } from './served-folder.ts'
import { newestOf, readSigned, type Signed, SignedJournal } from './signed.ts'
import type { LogWriter, MutableResource, ReadResource, Resource } from './storage.ts'
import { removeOldPartials } from './tidy.ts'
import { readEntries } from './tile-files.ts'

/** Waiting for the disk is what takes the time; more at once than this wait for each other. */
const FILES_AT_ONCE = 16

/** The right to write to a log in a folder, for as long as its lock file says so. */
export class FolderWriter implements LogWriter {
  readonly #layout: LogLayout
  readonly #lock: LogLock
  readonly #signed: SignedJournal
  readonly #pending: PendingJournal
  readonly #read: ReadResource
  /** Of the signed tree, once something was handed in. */
  readonly #index = new CommitmentIndex()
  #size: number

  private constructor(
    layout: LogLayout,
    size: number,
    held: { lock: LogLock; signed: SignedJournal; pending: PendingJournal },
  ) {
    this.#layout = layout
    this.#size = size
    this.#lock = held.lock
    this.#signed = held.signed
    this.#pending = held.pending
    this.#read = servedFolder(layout.served).read
  }

  static async open(layout: LogLayout, origin: string, waitMs: number): Promise<FolderWriter> {
    const lock = await lockLog(layout.lock, waitMs)
    const opened: { close(): Promise<void> }[] = []
    try {
      const signed = await SignedJournal.open(layout.signed, origin)
      opened.push(signed)
      const pending = await PendingJournal.open(layout.pending, origin)
      opened.push(pending)
      // A writer may have been killed between renaming a file and making its name durable.
      await syncFolder(dirname(layout.batch))
      const { size } = newestOf((await readSigned(layout.signed, origin)).lines)
      return new FolderWriter(layout, size, { lock, signed, pending })
    } catch (error) {
      for (const file of opened) await file.close()
      await lock.release()
      throw error
    }
  }

  assertHeld(): Promise<void> {
    return this.#lock.assertHeld()
  }

  async findLogged(commitments: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (commitments.length === 0) return new Map()
    await this.#index.grow(this.#read, this.#size)
    const found = new Map<string, number>()
    for (const commitment of commitments) {
      for (const index of this.#index.candidates(commitment)) {
        if ((await this.#commitmentAt(index)) === commitment) found.set(commitment, index)
      }
    }
    return found
  }

  async findPending(commitments: readonly string[]): Promise<ReadonlyMap<string, Pending>> {
    const waiting = commitments.flatMap((commitment) => this.#pending.waiting.get(commitment) ?? [])
    return new Map(waiting.map((pending) => [pending.commitment, pending]))
  }

  async countPending(): Promise<number> {
    return this.#pending.waiting.size
  }

  addPending(entries: readonly Pending[]): Promise<void> {
    return this.#pending.add(entries)
  }

  forgetPending(commitments: readonly string[]): Promise<void> {
    return this.#pending.forget(commitments)
  }

  addResources(resources: AsyncIterable<Resource>): Promise<void> {
    return this.#add(resources, false)
  }

  replaceUnsigned(resources: AsyncIterable<Resource>): Promise<void> {
    return this.#add(resources, true)
  }

  replace(name: MutableResource, text: string): Promise<void> {
    return replaceFile(this.#layout[name], text, FOR_ALL)
  }

  async addSigned(next: Signed): Promise<void> {
    await this.#lock.assertHeld()
    await this.#signed.add(next)
    this.#size = next.size
  }

  writeBatch(batch: Batch | null): Promise<void> {
    return this.#write(this.#layout.batch, batch === null ? null : formatBatch(batch))
  }

  writeNote(note: string): Promise<void> {
    return this.#write(this.#layout.note, note)
  }

  writeRotation(since: string | null): Promise<void> {
    return this.#write(this.#layout.rotation, since)
  }

  endHalt(): Promise<void> {
    return this.#write(this.#layout.halted, null)
  }

  removeOldPartials(size: number, now: Date): Promise<void> {
    return removeOldPartials(this.#layout.served, size, now)
  }

  async release(): Promise<void> {
    await this.#signed.close()
    await this.#pending.close()
    await this.#lock.release()
  }

  async #add(resources: AsyncIterable<Resource>, isReplacing: boolean): Promise<void> {
    const files = new ImmutableFiles(this.#layout.served)
    const writing = new BoundedTasks(FILES_AT_ONCE)
    for await (const { path, bytes } of resources) {
      await writing.start(async () => {
        const file = join(this.#layout.served, path)
        if (isReplacing) await rm(file, { force: true })
        await files.add(file, bytes)
      })
    }
    await writing.drain()
    await files.sync()
  }

  async #write(path: string, text: string | null): Promise<void> {
    if (text !== null) return replaceFile(path, text, OWNER_ONLY)
    try {
      await rm(path, { force: true })
    } catch (error) {
      throw writeFailed(error)
    }
    await syncFolder(dirname(path))
  }

  async #commitmentAt(index: number): Promise<string | null> {
    const bundle = tileAt(0, Math.floor(index / TILE_WIDTH), this.#size)
    const entries = bundle === null ? [] : await readEntries(this.#read, bundle)
    const entry = entries[index % TILE_WIDTH]
    return entry === undefined ? null : bytesToBase64(parseLeaf(entry))
  }
}
