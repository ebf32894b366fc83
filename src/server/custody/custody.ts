import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { formatInterimReceipt, formatNote, type SigningKey } from '#lib/tlog/index.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../database.ts'

/** What is to be in the custody log. The record itself and its salt stay with whoever made them. */
export interface Committed {
  readonly caseId: Buffer
  readonly commitment: Buffer
  /** SHA-256 of what is stored for it, as lower-case hexadecimal digits. */
  readonly storedSha256: string
}

/** The custody log, as far as capabilities need it. */
export interface Custody {
  /**
   * Accepts commitments in the caller's transaction: the report and its place in the log are one commit, or neither is.
   * Handing in the same again is no second entry.
   */
  append(tx: Db, committed: readonly Pick<Committed, 'caseId' | 'commitment'>[]): Promise<void>
  /** The signed interim receipt, of fixed length. To be handed out after the commit only. */
  receipt(committed: Pick<Committed, 'commitment' | 'storedSha256'>): string
}

export interface CustodySettings {
  readonly origin: string
  readonly intervalMinutes: number
  readonly receiptsKey: SigningKey
}

/** DER of a PKCS #8 private key with an Ed25519 seed (RFC 8410), up to the seed. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

const MINUTE_MS = 60_000
const MERGE_GRACE_MS = 24 * 60 * MINUTE_MS

/**
 * Commitments wait in the table `commitments`, in the transaction of what they stand for, until they are moved to the
 * log: a log that stands still loses none, and delays them only.
 */
export class WaitingCustody implements Custody {
  readonly #settings: CustodySettings
  readonly #clock: Clock
  /** OpenSSL's: the same signature as that of the isomorphic library, at a fraction of its time. */
  readonly #privateKey: KeyObject

  constructor(settings: CustodySettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
    const der = Buffer.concat([PKCS8_HEAD, settings.receiptsKey.seed])
    this.#privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  }

  async append(tx: Db, committed: readonly Pick<Committed, 'caseId' | 'commitment'>[]): Promise<void> {
    await tx
      .insertInto('commitments')
      .values(
        committed.map(({ caseId, commitment }) => ({
          case_id: caseId,
          commitment,
          state: 'pending' as const,
          log_index: null,
        })),
      )
      .execute()
  }

  receipt({ commitment, storedSha256 }: Pick<Committed, 'commitment' | 'storedSha256'>): string {
    const { origin, intervalMinutes, receiptsKey } = this.#settings
    const now = this.#clock.now()
    const intervalMs = intervalMinutes * MINUTE_MS
    const nextTickMs = (Math.floor(now.getTime() / intervalMs) + 1) * intervalMs
    const text = formatInterimReceipt({
      log: origin,
      commitment,
      manifestSha256: storedSha256,
      receivedOn: now.toISOString().slice(0, 10),
      mergeBy: `${new Date(nextTickMs + MERGE_GRACE_MS).toISOString().slice(0, 19)}Z`,
    })
    const { name, id } = receiptsKey.vkey
    const signature = new Uint8Array(sign(null, Buffer.from(text), this.#privateKey))
    return formatNote({ text, signatures: [{ name, keyId: id, signature }] })
  }
}
