import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import type { PassStore } from '#client/index.ts'
import { bytesToHex } from '#lib/bytes/index.ts'
import type { Pass } from '#lib/passes/index.ts'
import { acquireLock, type Lock, LockError } from '#node/lock/index.ts'
import type { LocalTree } from '../source/index.ts'
import { CollectError } from './errors.ts'

/*
 * A file of records of 120 bytes: nonce 24 | XChaCha20-Poly1305 of 80 bytes: kind 1 | 79 bytes, zeros behind what is said.
 *   1  32 random bytes, from which the ids of this collection are made
 *   2  an id of 16 bytes that the server has
 *   3  a pass: week 8 characters | nonce 32 | key 32
 *   4  a pass is for one id: nonce 32 | id 16
 * The key is made from the export, and so is the file's name: who has not the export cannot tell what it is about.
 */
const NONCE_BYTES = 24
const PLAIN_BYTES = 80
const RECORD_BYTES = NONCE_BYTES + PLAIN_BYTES + 16
const SEED_BYTES = 32
const ID_BYTES = 16
const WEEK_BYTES = 8
const PASS_BYTES = 32
const KIND = { seed: 1, done: 2, pass: 3, bound: 4 } as const
const LOCK_WAIT_MS = 2_000

/** What a collection has to remember between two runs: which of its sightings the server has, and passes of an invite. */
export class ProgressFile implements PassStore {
  readonly #path: string
  readonly #key: Uint8Array
  readonly #file: FileHandle
  readonly #lock: Lock
  readonly #done: Set<string>
  readonly #bound: Map<string, Pass>
  /** Of a former run. */
  readonly unused: readonly Pass[]
  #seed: Uint8Array
  #hasSomething: boolean
  #writing: Promise<void> = Promise.resolve()

  private constructor(
    at: { readonly path: string; readonly key: Uint8Array },
    opened: { readonly file: FileHandle; readonly lock: Lock; readonly read: ReadProgress },
  ) {
    this.#path = at.path
    this.#key = at.key
    this.#file = opened.file
    this.#lock = opened.lock
    this.#done = opened.read.done
    this.#bound = opened.read.bound
    this.unused = [...opened.read.unused.values()]
    this.#hasSomething = this.#done.size + this.#bound.size + this.unused.length > 0
    this.#seed = opened.read.seed ?? new Uint8Array(0)
  }

  /** Opens what a former run left, or begins. `material`: what says which collection this is. Throws `CollectError` COLLECT_RUNNING, COLLECT_STATE. */
  static async open(folder: string, material: readonly string[]): Promise<ProgressFile> {
    const { name, key } = nameAndKey(material)
    const path = join(folder, name)
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch(notKept)
    const lock = await acquireLock(`${path}.lock`, LOCK_WAIT_MS).catch(notLocked)
    try {
      const bytes = await readFile(path).catch(() => new Uint8Array(0))
      const read = readRecords(bytes, key)
      const file = await open(path, 'a', 0o600)
      // A torn or foreign end is cut off, so that what is appended can be read again.
      await file.truncate(read.goodBytes)
      const progress = new ProgressFile({ path, key }, { file, lock, read })
      if (read.seed === null) await progress.#begin()
      return progress
    } catch (cause) {
      await lock.release()
      return notKept(cause)
    }
  }

  /** The id of the `n`th form of a picture, the same in every run of this collection: 16 bytes as base64url. */
  idOf(sha256: string, n: number): string {
    // What is sent under it may arrive although its answer does not.
    this.#hasSomething = true
    return createHmac('sha256', this.#seed)
      .update(`${sha256}\n${n}`)
      .digest()
      .subarray(0, ID_BYTES)
      .toString('base64url')
  }

  has(id: string): boolean {
    return this.#done.has(id)
  }

  /** Notes, on the disk before it resolves, that the server has this sighting. */
  async note(id: string): Promise<void> {
    await this.#append(KIND.done, Buffer.from(id, 'base64url'))
    this.#done.add(id)
  }

  async add(passes: readonly Pass[]): Promise<void> {
    this.#hasSomething = true
    for (const { week, nonce, key } of passes) {
      await this.#append(KIND.pass, Buffer.concat([Buffer.from(week, 'latin1'), nonce, key]))
    }
  }

  boundTo(id: string): Pass | null {
    return this.#bound.get(id) ?? null
  }

  async bind(pass: Pass, id: string): Promise<void> {
    await this.#append(KIND.bound, Buffer.concat([pass.nonce, Buffer.from(id, 'base64url')]))
    this.#bound.set(id, pass)
  }

  /** All is sent: nothing is kept. */
  async remove(): Promise<void> {
    await this.#file.close()
    await rm(this.#path, { force: true })
    await this.#lock.release()
  }

  /** Leaves what there is to the next run, and nothing when there is nothing to go on from. */
  async close(): Promise<void> {
    await this.#writing.catch(() => undefined)
    if (!this.#hasSomething) return this.remove()
    await this.#file.close()
    await this.#lock.release()
  }

  async #begin(): Promise<void> {
    this.#seed = randomBytes(SEED_BYTES)
    await this.#append(KIND.seed, this.#seed)
  }

  #append(kind: number, content: Uint8Array): Promise<void> {
    const plain = new Uint8Array(PLAIN_BYTES)
    plain[0] = kind
    plain.set(content, 1)
    const nonce = randomBytes(NONCE_BYTES)
    const record = Buffer.concat([nonce, xchacha20poly1305(this.#key, nonce).encrypt(plain)])
    this.#writing = this.#writing.then(async () => {
      await this.#file.appendFile(record)
      await this.#file.datasync()
    })
    return this.#writing.catch(notKept)
  }
}

interface ReadProgress {
  readonly seed: Uint8Array | null
  readonly done: Set<string>
  /** By nonce. */
  readonly unused: Map<string, Pass>
  /** By the id each is for. */
  readonly bound: Map<string, Pass>
  readonly goodBytes: number
}

/** As far as the records are whole and of this key. */
function readRecords(bytes: Uint8Array, key: Uint8Array): ReadProgress {
  let seed: Uint8Array | null = null
  const said = { done: new Set<string>(), unused: new Map<string, Pass>(), bound: new Map<string, Pass>() }
  let at = 0
  for (; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    const plain = openRecord(bytes.subarray(at, at + RECORD_BYTES), key)
    if (plain === null || (seed === null && plain[0] !== KIND.seed)) break
    if (plain[0] === KIND.seed) seed = plain.slice(1, 1 + SEED_BYTES)
    else take(said, plain)
  }
  return { seed, ...said, goodBytes: at }
}

function take(
  { done, unused, bound }: Pick<ReadProgress, 'done' | 'unused' | 'bound'>,
  plain: Uint8Array,
): void {
  const content = Buffer.from(plain.subarray(1))
  if (plain[0] === KIND.done) done.add(content.toString('base64url', 0, ID_BYTES))
  if (plain[0] === KIND.pass) {
    const week = content.toString('latin1', 0, WEEK_BYTES)
    const nonce = Uint8Array.from(content.subarray(WEEK_BYTES, WEEK_BYTES + PASS_BYTES))
    const key = Uint8Array.from(content.subarray(WEEK_BYTES + PASS_BYTES, WEEK_BYTES + 2 * PASS_BYTES))
    unused.set(bytesToHex(nonce), { week, nonce, key })
  }
  if (plain[0] === KIND.bound) {
    const nonce = bytesToHex(content.subarray(0, PASS_BYTES))
    const pass = unused.get(nonce)
    if (pass) bound.set(content.toString('base64url', PASS_BYTES, PASS_BYTES + ID_BYTES), pass)
    unused.delete(nonce)
  }
}

function openRecord(record: Uint8Array, key: Uint8Array): Uint8Array | null {
  try {
    return xchacha20poly1305(key, record.subarray(0, NONCE_BYTES)).decrypt(record.subarray(NONCE_BYTES))
  } catch {
    return null
  }
}

/** What says which export this is: its name, and names and sizes of all its files. */
export async function materialOf(tree: LocalTree): Promise<string[]> {
  return [tree.name, ...(await tree.files()).map(({ path, sizeBytes }) => JSON.stringify([path, sizeBytes]))]
}

function nameAndKey(material: readonly string[]): { readonly name: string; readonly key: Uint8Array } {
  const hash = createHash('sha256').update('saksi/v1/collect\n')
  for (const part of material) hash.update(`${JSON.stringify(part)}\n`)
  const secret = hash.digest()
  const derive = (what: string, length: number) =>
    new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), `saksi/v1/collect/${what}`, length))
  return { name: Buffer.from(derive('name', ID_BYTES)).toString('hex'), key: derive('key', 32) }
}

/** Where progress of collections lies below the folder for the state of programs. */
export function progressFolder(stateFolder: string): string {
  return join(stateFolder, 'collect')
}

function notLocked(cause: unknown): never {
  if (!(cause instanceof LockError) || cause.code !== 'LOCK_TAKEN') return notKept(cause)
  throw new CollectError('COLLECT_RUNNING', 'This export is being collected by another run at this moment.', {
    cause,
  })
}

function notKept(cause: unknown): never {
  throw new CollectError(
    'COLLECT_STATE',
    'What was sent cannot be noted on this computer, so an interrupted run would send it twice. Nothing more was sent. Check the space on the disk.',
    { cause },
  )
}
