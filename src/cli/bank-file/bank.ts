import { type FileHandle, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { BankError, damaged, type LineFault, type LineFaultCode } from './errors.ts'
import { acquireLock, type Lock } from './lock.ts'
import { clearUnfinished, OWNER_ONLY, openOrCreate, raiseVersion, writeAll } from './new-file.ts'
import { isMissing, openBankFile } from './read-bank.ts'
import { BANK_VERSION, type BankRecord, encodeRecord, isEntryId, type RegisteredPicture } from './record.ts'
import { windowRank } from './registered-windows.ts'
import { type BankScan, scanBank } from './scan-bank.ts'
import { validPicture } from './valid-picture.ts'

const DEFAULT_LOCK_WAIT_MS = 5_000

export interface OpenOptions {
  /** Make the bank when there is none. */
  readonly create?: boolean
  /** Open it although lines are damaged, so that an entry can still be withdrawn. */
  readonly allowDamaged?: boolean
  /** How long to wait for another writer. 5 seconds unless told. */
  readonly lockWaitMs?: number
  readonly now?: () => Date
}

export interface Appended {
  /** Pictures that are registered now and were not before. */
  readonly added: number
  /** Pictures that were registered already, by SHA-256, and now have windows, or more kinds of them, than before. */
  readonly extended: number
  /** Pictures of the entry that were registered already, and nothing was written for them. */
  readonly alreadyThere: number
}

/**
 * Opens a bank for writing and holds its lock until `close`. Throws `BankError`: BANK_NOT_FOUND, BANK_LOCKED,
 * BANK_DAMAGED, BANK_NOT_A_BANK, BANK_TOO_NEW, BANK_UNREADABLE, BANK_WRITE_FAILED.
 */
export async function openBank(path: string, options: OpenOptions = {}): Promise<Bank> {
  const realPath = await resolveLinks(path)
  const lock = await acquireLock(`${realPath}.lock`, options.lockWaitMs ?? DEFAULT_LOCK_WAIT_MS)
  let file: FileHandle | undefined
  try {
    const now = options.now ?? (() => new Date())
    await clearUnfinished(realPath)
    file = options.create === true ? await openOrCreate(realPath, now()) : await openBankFile(realPath, 'r+')
    await file.chmod(OWNER_ONLY)
    const entries = new Map<string, EntryState>()
    const scan = await scanBank(file, (record) => applyRecord(entries, record))
    if (scan.faults.length > 0 && options.allowDamaged !== true) throw damaged(scan.faults)
    return new Bank({ path: realPath, file, lock, scan, entries, now })
  } catch (error) {
    await file?.close()
    await lock.release()
    throw error instanceof BankError ? error : writeFailed(error)
  }
}

/** What writing needs to know of an entry: its pictures' SHA-256 with the rank of their windows, or that it is withdrawn. */
type EntryState = Map<string, number> | 'withdrawn'

interface BankParts {
  readonly path: string
  readonly file: FileHandle
  readonly lock: Lock
  readonly scan: BankScan
  readonly entries: Map<string, EntryState>
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
  #state: 'open' | 'broken' | 'closed' = 'open'
  #queue: Promise<unknown> = Promise.resolve()

  constructor({ path, file, lock, scan, entries, now }: BankParts) {
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
   * Withdraws an entry for good; false when it was withdrawn before. Throws `BankError`: ENTRY_ID_INVALID, ENTRY_UNKNOWN
   * (not in a damaged bank, whose lost lines may have held it), BANK_WRITE_FAILED, BANK_CLOSED.
   */
  withdrawEntry(entry: string): Promise<boolean> {
    return this.#inTurn(async () => {
      if (!isEntryId(entry)) throw entryIdInvalid()
      const known = this.#entries.get(entry)
      if (known === 'withdrawn') return false
      if (known === undefined && this.faults.length === 0) {
        throw new BankError(
          'ENTRY_UNKNOWN',
          'There is no entry with this id in the bank. Nothing was changed.',
        )
      }
      await this.#write([{ n: this.#nextNumber, op: 'withdraw', entry, at: this.#now().toISOString() }])
      this.#entries.set(entry, 'withdrawn')
      return true
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

function applyRecord(entries: Map<string, EntryState>, record: BankRecord): LineFaultCode | null {
  const known = entries.get(record.entry)
  if (record.op === 'withdraw') entries.set(record.entry, 'withdrawn')
  else if (known === 'withdrawn') return 'OUT_OF_ORDER'
  else if (known) known.set(record.sha256, windowRank(record.windows))
  else entries.set(record.entry, new Map([[record.sha256, windowRank(record.windows)]]))
  return null
}

/** One bank, one lock, whichever link leads to it. */
async function resolveLinks(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (!isMissing(error))
      throw new BankError('BANK_UNREADABLE', 'The bank file cannot be opened.', { cause: error })
  }
  try {
    return join(await realpath(dirname(path)), basename(path))
  } catch (error) {
    throw new BankError('BANK_NOT_FOUND', 'The folder of the bank file does not exist.', { cause: error })
  }
}

function entryIdInvalid(): BankError {
  return new BankError(
    'ENTRY_ID_INVALID',
    'An entry id has 1 to 64 letters, digits, dots, hyphens or underscores and starts with a letter or digit.',
  )
}

function writeFailed(cause: unknown): BankError {
  return new BankError(
    'BANK_WRITE_FAILED',
    'The bank file could not be written. What was registered before is safe; what was to be written now may be missing. Check the disk and try again.',
    { cause },
  )
}
