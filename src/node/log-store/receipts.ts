import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { formatInterimReceipt, formatNote, type SigningKey } from '#lib/tlog/index.ts'
import type { Accepted } from './accept.ts'
import type { Pending } from './pending.ts'

/** What came of handing something in. */
export type Appended =
  | {
      readonly state: 'pending'
      readonly commitment: string
      /** The signed interim receipt. Made when it is asked for. */
      readonly receipt: string
      readonly mergeBy: string
    }
  | { readonly state: 'logged'; readonly commitment: string; readonly index: number }

// RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS #8.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * Signs interim receipts of a log. Ed25519 gives one signature for one message, whoever computes it; OpenSSL does so thirty
 * times as fast as the library that also runs in browsers, and every accepted entry may need one.
 */
export class ReceiptSigner {
  readonly #origin: string
  readonly #key: SigningKey
  readonly #privateKey: KeyObject

  constructor(origin: string, key: SigningKey) {
    this.#origin = origin
    this.#key = key
    const der = Buffer.concat([PKCS8_PREFIX, key.seed])
    this.#privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  }

  /** The answer to whoever handed a commitment in. */
  answer(commitment: string, accepted: Accepted): Appended {
    if ('index' in accepted) return { state: 'logged', commitment, index: accepted.index }
    const { pending } = accepted
    const sign = (): string => this.#sign(pending)
    return {
      state: 'pending',
      commitment,
      get receipt() {
        return sign()
      },
      mergeBy: pending.mergeBy,
    }
  }

  #sign({ commitment, manifestSha256, receivedOn, mergeBy }: Pending): string {
    const text = formatInterimReceipt({
      log: this.#origin,
      commitment: new Uint8Array(Buffer.from(commitment, 'base64')),
      manifestSha256,
      receivedOn,
      mergeBy,
    })
    const { name, id } = this.#key.vkey
    const signature = new Uint8Array(sign(null, Buffer.from(text), this.#privateKey))
    return formatNote({ text, signatures: [{ name, keyId: id, signature }] })
  }
}
