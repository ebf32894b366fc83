import { randomBytes } from 'node:crypto'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToBase64, bytesToHex } from '#lib/bytes/index.ts'
import {
  checkRecord,
  commitmentOf,
  formatOpening,
  type Opening,
  type Policy,
  PUBLIC_RECORD_TYPES,
  parsePolicy,
  type SigningKey,
} from '#lib/tlog/index.ts'
import { type Arrival, acceptAll, busy } from './accept.ts'
import { LogStoreError } from './errors.ts'
import { assertRunning } from './halt.ts'
import { readKeyFile } from './key-file.ts'
import type { LogLayout } from './layout.ts'
import { type LogPlace, openStorage, policyOf } from './open-storage.ts'
import { type Appended, ReceiptSigner } from './receipts.ts'
import type { LogSettings } from './settings.ts'
import { assertFollows, type Signed, writeHighWater } from './signed.ts'
import { checkStart } from './start-up.ts'
import type { LogStorage, LogWriter, OpeningStore } from './storage.ts'

const DEFAULT_LOCK_WAIT_MS = 10_000

export interface OpenLogOptions {
  /** How long to wait for another writer. 10 seconds unless told. */
  readonly lockWaitMs?: number
  readonly now?: () => Date
  readonly random?: (bytes: number) => Uint8Array
  /** `edge` checks what the newest root is made of; `whole` every tile and entry. `edge` unless told. */
  readonly check?: 'edge' | 'whole'
}

/** A commitment made elsewhere, and the digest of the encrypted submission that is stored for it. */
export interface HandedIn {
  readonly commitment: Uint8Array
  readonly manifestSha256: string
}

/**
 * Opens a log for writing and holds its lock until `close`. Nothing is signed and nothing accepted when what is stored is
 * not what was signed, or is an older copy of it. Throws `LogStoreError`: LOG_NOT_FOUND, LOG_LOCKED, LOG_HALTED,
 * LOG_DAMAGED, LOG_TILES_ALTERED, LOG_RESTORED, KEY_*, LOG_UNREADABLE, LOG_WRITE_FAILED; for a database DATABASE_* too.
 */
export async function openLog(place: LogPlace, options: OpenLogOptions = {}): Promise<LogStore> {
  const { settings, layout, storage } = await openStorage(place)
  let writer: LogWriter | null = null
  try {
    writer = await storage.lock(options.lockWaitMs ?? DEFAULT_LOCK_WAIT_MS)
    await assertRunning(storage)
    const policyText = await policyOf(storage)
    const policy = parsePolicy(policyText, { allowNoWitness: true })
    const check = options.check ?? 'edge'
    const newest = await checkStart({ storage, layout, settings, policy, check })
    const receiptsKey = await readKeyFile(layout.receiptsKey, 'receipts')
    const parts = { settings, layout, storage, writer, policyText, policy, receiptsKey, options }
    return new LogStore(parts, newest)
  } catch (error) {
    await writer?.release()
    await storage.close()
    throw error
  }
}

export interface LogParts {
  readonly settings: LogSettings
  readonly layout: LogLayout
  readonly storage: LogStorage
  readonly writer: LogWriter
  readonly policyText: string
  readonly policy: Policy
  readonly receiptsKey: SigningKey
  readonly options: OpenLogOptions
}

/** A commitment that waits to be accepted, and whoever waits for the answer. */
interface Waiting {
  readonly arrival: Arrival
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: unknown) => void
}

/** A log open for writing. Work is done in turns; all that arrives during one is accepted together in the next. */
export class LogStore {
  readonly parts: LogParts
  readonly openings: OpeningStore
  readonly #receipts: ReceiptSigner
  #newest: Signed
  #arrivals: Waiting[] = []
  #isClosed = false
  #queue: Promise<unknown> = Promise.resolve()

  constructor(parts: LogParts, newest: Signed) {
    this.parts = parts
    this.openings = parts.storage.openings
    this.#newest = newest
    this.#receipts = new ReceiptSigner(parts.settings.origin, parts.receiptsKey)
  }

  get origin(): string {
    return this.parts.settings.origin
  }

  get policyText(): string {
    return this.parts.policyText
  }

  /** What may have been signed last. */
  get newest(): Signed {
    return this.#newest
  }

  get now(): Date {
    return this.parts.options.now?.() ?? new Date()
  }

  get random(): (bytes: number) => Uint8Array {
    return this.parts.options.random ?? ((bytes) => new Uint8Array(randomBytes(bytes)))
  }

  /**
   * Accepts a record. Returns when its opening and its commitment cannot be lost: from then on it will be in the log. The
   * same record again gives the same answer. Throws `TlogError` for what is no record of this log, `LOG_BUSY`,
   * `LOG_RECORD_CONFLICT`, `LOG_WRITE_FAILED`.
   */
  async appendRecord(opening: Opening): Promise<Appended> {
    checkRecord(opening.record, { log: this.origin })
    const kept = await this.#inTurn(() => this.openings.keep(opening))
    return this.#accept(arrivalOf(kept))
  }

  /** Accepts a commitment whose record and salt stay with whoever made it. Throws as `appendRecord`. */
  appendCommitment({ commitment, manifestSha256 }: HandedIn): Promise<Appended> {
    return this.#accept({ commitment: bytesToBase64(commitment), manifestSha256, publicRecord: null })
  }

  /** Accepts many at once, for about the price of one. Throws as `appendCommitment`; then some may be accepted. */
  appendCommitments(handedIn: readonly HandedIn[]): Promise<Appended[]> {
    return Promise.all(handedIn.map((one) => this.appendCommitment(one)))
  }

  /** True for types of records whose openings everybody may read. */
  isPublic(type: string): boolean {
    return isPublicType(type)
  }

  /**
   * Returns when this size and root may be signed: they are then where every later signature is held against them, and the
   * size is with the keys. `leaves` are what the tree has gained. Throws `LOG_LOCK_LOST`, `LOG_SIGN_CONFLICT`.
   */
  async allow(next: Signed, leaves: readonly string[]): Promise<void> {
    const { writer, layout } = this.parts
    await writer.assertHeld()
    assertFollows(this.#newest, next)
    if (next.size > this.#newest.size) {
      await writer.addSigned(next, leaves)
      this.#newest = next
    }
    await writeHighWater(layout.highWater, this.origin, next.size)
  }

  /** Ends what is under way and gives the lock back. */
  close(): Promise<void> {
    const closing = this.#queue.then(async () => {
      if (this.#isClosed) return
      this.#isClosed = true
      await this.parts.writer.release()
      await this.parts.storage.close()
    })
    this.#queue = closing
    return closing
  }

  #accept(arrival: Arrival): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#arrivals.push({ arrival, resolve, reject })
      if (this.#arrivals.length > 1) return
      this.#inTurn(() => this.#acceptArrivals()).catch((error: unknown) => {
        for (const waiting of this.#takeArrivals()) waiting.reject(error)
      })
    })
  }

  async #acceptArrivals(): Promise<void> {
    const all = this.#takeArrivals()
    const { writer, settings } = this.parts
    const options = { now: this.now, intervalMinutes: settings.intervalMinutes }
    try {
      const arrivals = all.map(({ arrival }) => arrival)
      const answers = await acceptAll(writer, arrivals, options)
      all.forEach(({ arrival, resolve, reject }, i) => {
        const accepted = answers[i]
        if (accepted) resolve(this.#receipts.answer(arrival.commitment, accepted))
        else reject(busy())
      })
    } catch (error) {
      for (const { reject } of all) reject(error)
    }
  }

  #takeArrivals(): Waiting[] {
    const all = this.#arrivals
    this.#arrivals = []
    return all
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#queue.then(() => {
      if (this.#isClosed)
        throw new LogStoreError('LOG_CLOSED', 'The log is not open any more. Open it again.')
      return work()
    })
    this.#queue = result.catch(() => undefined)
    return result
  }
}

/** What is handed in for a record: its commitment, and the digest of what is stored for it. */
export function arrivalOf(opening: Opening): Arrival {
  const { record } = opening
  const stored = record.body['drop']
  return {
    commitment: bytesToBase64(commitmentOf(opening)),
    manifestSha256: typeof stored === 'string' ? stored : bytesToHex(sha256(formatOpening(opening))),
    publicRecord: isPublicType(record.type) ? record.id : null,
  }
}

function isPublicType(type: string): boolean {
  return PUBLIC_RECORD_TYPES.some((known) => known === type)
}
