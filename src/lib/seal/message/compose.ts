import { bytesToHex, type CanonicalValue } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { bytesToBase64url } from '../keys/base64url.ts'
import { toNfc } from '../keys/canonical.ts'
import { type SigningKey, signRecord } from '../keys/signing.ts'
import { type Heads, MESSAGE_RULES, type Message, type MessageType, type SignedMessage } from './model.ts'
import { isMessage } from './signed-message.ts'

export interface Draft {
  readonly t: MessageType
  readonly caseRef: string
  /** The epoch whose recipient it will be sealed to; for a message that starts an epoch, the new one. */
  readonly epoch: number
  /** `survivor`, or the id of the author's roster entry. */
  readonly author: string
  /** Version of the roster in use. */
  readonly roster: number
  /** `YYYY-MM-DD`. */
  readonly day: string
  readonly body: { readonly [key: string]: CanonicalValue }
}

/**
 * The author's next message, signed and tied to everything in `heads` (what `judgeMessages` gave back): to be sealed with
 * `sealItem`. Text is brought to normalisation form C. Throws `MESSAGE_INVALID` for a field out of its form,
 * `SEAL_NOT_CANONICAL` for a body that has no canonical form.
 */
export function composeMessage(draft: Draft, key: SigningKey, heads: Heads): SignedMessage {
  const own = heads.get(draft.author)
  const others = [...heads].filter(([author]) => author !== draft.author)
  const b = toNfc({
    v: 1,
    ...draft,
    seq: (own?.seq ?? 0) + 1,
    ...(own && { prev: own.sha256 }),
    seen: Object.fromEntries(others.map(([author, { seq }]) => [author, seq])),
  })
  if (!isMessage(b))
    throw new SealError('MESSAGE_INVALID', 'The message is not in its form. Nothing was sent.')
  return signMessage(b, key)
}

function signMessage(b: Message, key: SigningKey): SignedMessage {
  const sig = bytesToBase64url(signRecord(key, MESSAGE_RULES[b.t].label, b))
  return { b, by: bytesToHex(key.publicKey), sig }
}
