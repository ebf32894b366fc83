import { type EntryBody, messageOf } from '#domain/index.ts'
import {
  type CaseKey,
  composeMessage,
  type Head,
  messageDigest,
  type ReturnKeys,
  type SignedMessage,
  SURVIVOR,
  type VerifiedRoster,
} from '#lib/seal/index.ts'
import { dayOf } from './organisation.ts'

/** What a survivor says in her case: an entry of the journal, or something she keeps there for herself. */
export type OwnSaying = EntryBody | { readonly keep: KeptReceipt }

/** What shows that her report was received; it lies in her own case only. */
export interface KeptReceipt {
  /** The signed interim receipt. */
  readonly receipt: string
  /** The record in the custody log with its salt, in canonical form: see `parseOpening`. */
  readonly opening: string
}

/** Writes messages of a survivor, one after the other, each tied to those before it. */
export class OwnPen {
  readonly #key: CaseKey
  readonly #sign: ReturnKeys['sign']
  readonly #heads: Map<string, Head>
  readonly #roster: VerifiedRoster
  readonly #nowSeconds: number

  /** `key` is that of the newest epoch, `heads` what `judgeMessages` gave. */
  constructor(
    key: CaseKey,
    { sign, heads, roster, nowSeconds }: PenMeans & { readonly sign: ReturnKeys['sign'] },
  ) {
    this.#key = key
    this.#sign = sign
    this.#heads = new Map(heads)
    this.#roster = roster
    this.#nowSeconds = nowSeconds
  }

  /** The next message. Throws `SealError` MESSAGE_INVALID, SEAL_NOT_CANONICAL. */
  write(saying: OwnSaying): SignedMessage {
    const { caseRef, epoch } = this.#key
    const { t, body } =
      'keep' in saying ? { t: 'entry' as const, body: { keep: { ...saying.keep } } } : messageOf(saying)
    const draft = {
      t,
      caseRef,
      epoch,
      author: SURVIVOR,
      roster: this.#roster.roster.v,
      day: dayOf(this.#nowSeconds),
      body,
    }
    const message = composeMessage(draft, this.#sign, this.#heads)
    this.#heads.set(SURVIVOR, { seq: message.b.seq, sha256: messageDigest(message.b) })
    return message
  }
}

export interface PenMeans {
  readonly heads: ReadonlyMap<string, Head>
  readonly roster: VerifiedRoster
  readonly nowSeconds: number
}
