import { randomBytes } from 'node:crypto'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToBase64, bytesToHex } from '#lib/bytes/index.ts'
import {
  checkRecord,
  commitmentOf,
  formatInterimReceipt,
  formatOpening,
  type Opening,
  type Policy,
  PUBLIC_RECORD_TYPES,
  parsePolicy,
  type SigningKey,
  signNote,
} from '#lib/tlog/index.ts'
import { LogStoreError } from './errors.ts'
import { assertRunning } from './halt.ts'
import { readKeyFile } from './key-file.ts'
import type { LogLayout } from './layout.ts'
import { type LogLock, lockLog } from './log-lock.ts'
import { Openings } from './openings.ts'
import { MAX_PENDING, type Pending, PendingJournal } from './pending.ts'
import { dayText, instantText, mergeBy } from './schedule.ts'
import { type LogSettings, readSettings } from './settings.ts'
import { SignedJournal } from './signed.ts'
import { checkStart, readPolicy } from './start-up.ts'
import { indexInBundles, storedBundles } from './tile-files.ts'

const DEFAULT_LOCK_WAIT_MS = 10_000

export interface OpenLogOptions {
  /** How long to wait for another writer. 10 seconds unless told. */
  readonly lockWaitMs?: number
  readonly now?: () => Date
  readonly random?: (bytes: number) => Uint8Array
  /** `edge` checks what the newest root is made of; `whole` every tile and entry. `edge` unless told. */
  readonly check?: 'edge' | 'whole'
}

/** What came of handing something in. */
export type Appended =
  | {
      readonly state: 'pending'
      readonly commitment: string
      /** The signed interim receipt. */
      readonly receipt: string
      readonly mergeBy: string
    }
  | { readonly state: 'logged'; readonly commitment: string; readonly index: number }

/** A commitment made elsewhere, and the digest of the encrypted submission that is stored for it. */
export interface HandedIn {
  readonly commitment: Uint8Array
  readonly manifestSha256: string
}

/**
 * Opens a log for writing and holds its lock until `close`. Nothing is signed and nothing accepted when what lies on the
 * disk is not what was signed, or is an older copy of it. Throws `LogStoreError`: LOG_NOT_FOUND, LOG_LOCKED, LOG_HALTED,
 * LOG_DAMAGED, LOG_TILES_ALTERED, LOG_RESTORED, KEY_*, LOG_UNREADABLE, LOG_WRITE_FAILED.
 */
export async function openLog(folder: string, options: OpenLogOptions = {}): Promise<LogStore> {
  const { settings, layout } = await readSettings(folder)
  const lock = await lockLog(layout.lock, options.lockWaitMs ?? DEFAULT_LOCK_WAIT_MS)
  const opened: { close(): Promise<void> }[] = []
  try {
    await assertRunning(layout.halted)
    const signed = await SignedJournal.open(layout.signed, settings.origin)
    opened.push(signed)
    const pending = await PendingJournal.open(layout.pending, settings.origin)
    opened.push(pending)
    const policyText = await readPolicy(layout)
    const policy = parsePolicy(policyText, { allowNoWitness: true })
    await checkStart({ layout, settings, policy, newest: signed.newest, check: options.check ?? 'edge' })
    const receiptsKey = await readKeyFile(layout.receiptsKey, 'receipts')
    return new LogStore({ settings, layout, lock, signed, pending, policyText, policy, receiptsKey, options })
  } catch (error) {
    for (const file of opened) await file.close()
    await lock.release()
    throw error
  }
}

export interface LogParts {
  readonly settings: LogSettings
  readonly layout: LogLayout
  readonly lock: LogLock
  readonly signed: SignedJournal
  readonly pending: PendingJournal
  readonly policyText: string
  readonly policy: Policy
  readonly receiptsKey: SigningKey
  readonly options: OpenLogOptions
}

/** A log open for writing. Calls are carried out one after the other. */
export class LogStore {
  readonly parts: LogParts
  readonly openings: Openings
  /** Of the signed tree, once something was handed in. */
  #bundles: Buffer | null = null
  #isClosed = false
  #queue: Promise<unknown> = Promise.resolve()

  constructor(parts: LogParts) {
    this.parts = parts
    this.openings = new Openings(parts.layout.openings)
  }

  get origin(): string {
    return this.parts.settings.origin
  }

  get policyText(): string {
    return this.parts.policyText
  }

  get now(): Date {
    return this.parts.options.now?.() ?? new Date()
  }

  get random(): (bytes: number) => Uint8Array {
    return this.parts.options.random ?? ((bytes) => new Uint8Array(randomBytes(bytes)))
  }

  /**
   * Accepts a record. Returns when its opening and its commitment are on the disk: from then on it will be in the log.
   * The same record again gives the same answer. Throws `TlogError` for what is no record of this log, `LOG_BUSY`,
   * `LOG_RECORD_CONFLICT`, `LOG_WRITE_FAILED`.
   */
  appendRecord(opening: Opening): Promise<Appended> {
    return this.#inTurn(async () => {
      checkRecord(opening.record, { log: this.origin })
      const kept = await this.openings.keep(opening)
      const stored = kept.record.body['drop']
      return this.#accept({
        commitment: bytesToBase64(commitmentOf(kept)),
        manifestSha256: typeof stored === 'string' ? stored : bytesToHex(sha256(formatOpening(kept))),
        publicRecord: this.isPublic(kept.record.type) ? kept.record.id : null,
      })
    })
  }

  /** Accepts a commitment whose record and salt stay with whoever made it. Throws as `appendRecord`. */
  appendCommitment({ commitment, manifestSha256 }: HandedIn): Promise<Appended> {
    return this.#inTurn(() =>
      this.#accept({ commitment: bytesToBase64(commitment), manifestSha256, publicRecord: null }),
    )
  }

  /** True for types of records whose openings everybody may read. */
  isPublic(type: string): boolean {
    return PUBLIC_RECORD_TYPES.some((known) => known === type)
  }

  /** To be called when leaves were added to the signed tree. */
  noteGrowth(): void {
    this.#bundles = null
  }

  /** Ends what is under way and gives the lock back. */
  close(): Promise<void> {
    const closing = this.#queue.then(async () => {
      if (this.#isClosed) return
      this.#isClosed = true
      await this.parts.signed.close()
      await this.parts.pending.close()
      await this.parts.lock.release()
    })
    this.#queue = closing
    return closing
  }

  async #accept(
    handedIn: Pick<Pending, 'commitment' | 'manifestSha256' | 'publicRecord'>,
  ): Promise<Appended> {
    const { pending, settings } = this.parts
    const { commitment } = handedIn
    const index = await this.#loggedIndex(new Uint8Array(Buffer.from(commitment, 'base64')))
    if (index !== null) return { state: 'logged', commitment, index }
    const former = pending.waiting.get(commitment)
    if (former !== undefined) return this.#receiptFor(former)
    if (pending.waiting.size >= MAX_PENDING) {
      throw new LogStoreError(
        'LOG_BUSY',
        'Too much is waiting for the next checkpoint. Nothing was accepted and nothing is lost: hand the same in again after it.',
      )
    }
    const now = this.now
    const accepted = {
      ...handedIn,
      receivedOn: dayText(now),
      mergeBy: instantText(mergeBy(now, settings.intervalMinutes)),
    }
    await pending.add(accepted)
    return this.#receiptFor(accepted)
  }

  #receiptFor({ commitment, manifestSha256, receivedOn, mergeBy }: Pending): Appended {
    const text = formatInterimReceipt({
      log: this.origin,
      commitment: new Uint8Array(Buffer.from(commitment, 'base64')),
      manifestSha256,
      receivedOn,
      mergeBy,
    })
    return { state: 'pending', commitment, receipt: signNote(text, [this.parts.receiptsKey]), mergeBy }
  }

  async #loggedIndex(commitment: Uint8Array): Promise<number | null> {
    const { layout, signed } = this.parts
    this.#bundles ??= await storedBundles(layout.served, signed.newest.size)
    return indexInBundles(this.#bundles, commitment)
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
