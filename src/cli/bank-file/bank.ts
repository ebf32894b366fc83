import type { FileHandle } from 'node:fs/promises'
import type { Lock } from '#node/lock/index.ts'
import { eraseWithdrawn } from './erase.ts'
import { BankError, type LineFault, writeFailed } from './errors.ts'
import { raiseVersion, writeAll } from './new-file.ts'
import { openBankFile } from './read-bank.ts'
import type { EntryState, ReadForWriting } from './read-for-writing.ts'
import { BANK_VERSION, type BankRecord, encodeRecord, isEntryId, type RegisteredPicture } from './record.ts'
import { windowRank } from './registered-windows.ts'
import { validPicture } from './valid-picture.ts'

export interface Withdrawn {
  readonly wasWithdrawnBefore: boolean
  /** Nothing of its pictures is in the file any more. */
  readonly isErased: boolean
}

export interface Appended {
  /** Pictures that are registered now and were not before. */
  readonly added: number
  /** Pictures that were registered already, by SHA-256, and now have windows, or more kinds of them, than before. */
  readonly extended: number
  /** Pictures of the entry that were registered already, and nothing was written for them. */
  readonly alreadyThere: number
}

interface BankParts extends ReadForWriting {
  readonly path: string
  readonly file: FileHandle
  readonly lock: Lock
  readonly now: () => Date
}

/**
 * A bank open for writing. Every method that writes returns only when the bytes are on the disk (fsync): what it has
 * acknowledged survives a kill and a power cut. Calls are carried out one after the other.
 */
export class Bank {
  /** Damaged lines found on opening; empty unless damage was allowed. */
  readonly faults: readonly LineFault[]
  readonly #path: string
  #file: FileHandle
  readonly #lock: Lock
  readonly #entries: Map<string, EntryState>
  readonly #now: () => Date
  readonly #createdAt: string | null
  #version: number
  #nextNumber: number
  #endOffset: number
  #sizeBytes: number
  #lacksLineFeed: boolean
  #isErasureDue: boolean
  #state: 'open' | 'broken' | 'closed' = 'open'
  #queue: Promise<unknown> = Promise.resolve()

  constructor({ path, file, lock, scan, entries, isErasureDue, now }: BankParts) {
    this.#isErasureDue = isErasureDue
    this.faults = scan.faults
    this.#path = path
    this.#createdAt = scan.createdAt
    this.#version = scan.version
    this.#file = file
    this.#lock = lock
    this.#entries = entries
    this.#now = now
    this.#nextNumber = scan.lastNumber + 1
    this.#endOffset = scan.endOffset
    this.#sizeBytes = scan.sizeBytes
    this.#lacksLineFeed = scan.lacksLineFeed
  }

  /**
   * Registers pictures under an entry, a new one or one that is there. A withdrawn entry stays withdrawn: registering its
   * pictures again takes a new id, so that nothing withdrawn comes back unnoticed. A picture that is there without windows
   * gets those it comes with now. Throws `BankError`: ENTRY_ID_INVALID,
   * ENTRY_WITHDRAWN, PICTURE_INVALID (then none is registered), BANK_WRITE_FAILED, BANK_CLOSED.
   */
  appendPictures(entry: string, pictures: readonly RegisteredPicture[]): Promise<Appended> {
    return this.#inTurn(async () => {
      if (!isEntryId(entry)) throw entryIdInvalid()
      const valid = pictures.map(validPicture)
      const known = this.#entries.get(entry) ?? new Map<string, number>()
      if (known === 'withdrawn') {
        throw new BankError(
          'ENTRY_WITHDRAWN',
          'This entry was withdrawn. Register the picture under a new entry id.',
        )
      }
      const fresh = new Map<string, RegisteredPicture>()
      for (const picture of valid) {
        const before = fresh.get(picture.sha256)
        const rank = before ? windowRank(before.windows) : (known.get(picture.sha256) ?? -1)
        if (windowRank(picture.windows) > rank) fresh.set(picture.sha256, picture)
      }
      const at = this.#now().toISOString()
      await this.#write(
        [...fresh.values()].map((picture, k) => ({
          n: this.#nextNumber + k,
          op: 'add',
          entry,
          at,
          ...picture,
        })),
      )
      const extended = [...fresh.keys()].filter((sha256) => known.has(sha256)).length
      const ranks = [...fresh].map(([sha256, { windows }]) => [sha256, windowRank(windows)] as const)
      if (fresh.size > 0) this.#entries.set(entry, new Map([...known, ...ranks]))
      return { added: fresh.size - extended, extended, alreadyThere: pictures.length - fresh.size }
    })
  }

  /**
   * Withdraws an entry for good: from then on it matches nothing, and its fingerprints, digests and windows are erased from
   * the file. A damaged bank is not written anew, so there they stay (`isErased` is false). Throws `BankError`:
   * ENTRY_ID_INVALID, ENTRY_UNKNOWN (not in a damaged bank, whose lost lines may have held it), BANK_WRITE_FAILED,
   * ERASURE_FAILED (withdrawn, but still in the file), BANK_CLOSED.
   */
  withdrawEntry(entry: string): Promise<Withdrawn> {
    return this.#inTurn(async () => {
      if (!isEntryId(entry)) throw entryIdInvalid()
      const known = this.#entries.get(entry)
      if (known === undefined && this.faults.length === 0) {
        throw new BankError(
          'ENTRY_UNKNOWN',
          'There is no entry with this id in the bank. Nothing was changed.',
        )
      }
      const wasWithdrawnBefore = known === 'withdrawn'
      if (!wasWithdrawnBefore) {
        await this.#write([{ n: this.#nextNumber, op: 'withdraw', entry, at: this.#now().toISOString() }])
        this.#entries.set(entry, 'withdrawn')
        this.#isErasureDue = true
      }
      const isDamaged = this.faults.length > 0
      if (this.#isErasureDue && !isDamaged) await this.#erase()
      return { wasWithdrawnBefore, isErased: !isDamaged }
    })
  }

  /** Ends what is under way and gives the lock back. */
  close(): Promise<void> {
    const closing = this.#queue.then(async () => {
      if (this.#state === 'closed') return
      this.#state = 'closed'
      await this.#file.close()
      await this.#lock.release()
    })
    this.#queue = closing
    return closing
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#queue.then(() => {
      if (this.#state !== 'open')
        throw new BankError('BANK_CLOSED', 'The bank is not open any more. Open it again.')
      return work()
    })
    this.#queue = result.catch(() => undefined)
    return result
  }

  async #write(records: readonly BankRecord[]): Promise<void> {
    if (records.length === 0) return
    const lines = records.map(encodeRecord)
    const bytes = Buffer.concat(this.#lacksLineFeed ? [Buffer.from('\n'), ...lines] : lines)
    try {
      const { size } = await this.#file.stat()
      if (size !== this.#sizeBytes) throw new Error('the file was changed by another program')
      const hasWindows = records.some((record) => record.op === 'add' && record.windows !== undefined)
      if (hasWindows && this.#version < BANK_VERSION) await this.#raiseVersion()
      // A torn line was never acknowledged; written over, its end could outlast a shorter new line.
      if (this.#sizeBytes > this.#endOffset) await this.#file.truncate(this.#endOffset)
      await writeAll(this.#file, bytes, this.#endOffset)
      await this.#file.sync()
    } catch (error) {
      // After a failed fsync nobody knows what is on the disk: the bank has to be opened, and so read, again.
      this.#state = 'broken'
      await this.#file.close()
      await this.#lock.release()
      throw writeFailed(error)
    }
    this.#endOffset += bytes.length
    this.#sizeBytes = this.#endOffset
    this.#lacksLineFeed = false
    this.#nextNumber += records.length
  }

  /** The withdrawal is on the disk before: a kill in between leaves a bank that is put right when it is opened next. */
  async #erase(): Promise<void> {
    const former = this.#file
    try {
      const createdAt = this.#createdAt
      if (createdAt === null) throw new Error('the first line is damaged')
      await eraseWithdrawn(this.#path, former, createdAt, (entry) => this.#entries.get(entry) === 'withdrawn')
      this.#file = await openBankFile(this.#path, 'r+')
      await former.close()
    } catch (error) {
      this.#state = 'broken'
      await former.close()
      await this.#lock.release()
      throw new BankError(
        'ERASURE_FAILED',
        'The entry is withdrawn and matches nothing from now on, but its fingerprints could not be removed from the file. Make room on the disk and withdraw it again.',
        { cause: error },
      )
    }
    this.#sizeBytes = (await this.#file.stat()).size
    this.#endOffset = this.#sizeBytes
    this.#version = BANK_VERSION
    this.#isErasureDue = false
  }

  /** So that a program that knows no windows says it is too old, and not that the bank is damaged. */
  async #raiseVersion(): Promise<void> {
    if (this.#createdAt === null) throw new Error('the first line is damaged')
    const former = this.#file
    this.#file = await raiseVersion(this.#path, former, this.#endOffset, this.#createdAt)
    this.#sizeBytes = this.#endOffset
    this.#version = BANK_VERSION
    await former.close()
  }
}

function entryIdInvalid(): BankError {
  return new BankError(
    'ENTRY_ID_INVALID',
    'An entry id has 1 to 64 letters, digits, dots, hyphens or underscores and starts with a letter or digit.',
  )
}
