import { identityToRecipient } from 'age-encryption'
import { SealError } from '../errors.ts'
import { bech32Decode, bech32Encode } from './bech32.ts'
import { checkLength } from './checks.ts'
import type { RecipientKind } from './recipient.ts'
import { SEED_BYTES } from './signing.ts'

const PREFIXES: Record<RecipientKind, string> = { hybrid: 'age-secret-key-pq-', x25519: 'age-secret-key-' }

/** An age identity: `seed` and `secret` open what was sealed to `recipient`; only `recipient` may be shown. */
export interface AgeIdentity {
  readonly kind: RecipientKind
  readonly seed: Uint8Array
  /** `AGE-SECRET-KEY-PQ-1...` or `AGE-SECRET-KEY-1...`, as the age tools read it. */
  readonly secret: string
  readonly recipient: string
}

/** The hybrid identity (ML-KEM-768 with X25519) of a 32-byte seed: the same seed gives the same keys everywhere. */
export function hybridIdentityOf(seed: Uint8Array): Promise<AgeIdentity> {
  return identityOf('hybrid', seed)
}

/** The X25519 identity of a 32-byte seed, which is what tools without hybrid keys read. */
export function x25519IdentityOf(seed: Uint8Array): Promise<AgeIdentity> {
  return identityOf('x25519', seed)
}

/** An identity in the text form of the age tools. Refuses (`SEAL_IDENTITY`) any other text, without repeating it. */
export async function parseIdentity(secret: string): Promise<AgeIdentity> {
  const decoded = secret === secret.toUpperCase() ? bech32Decode(secret) : null
  const isSeed = decoded?.bytes.length === SEED_BYTES
  if (decoded && isSeed && decoded.prefix === PREFIXES.hybrid) return identityOf('hybrid', decoded.bytes)
  if (decoded && isSeed && decoded.prefix === PREFIXES.x25519) return identityOf('x25519', decoded.bytes)
  throw new SealError('SEAL_IDENTITY', 'Not an age identity of a kind that is used here.')
}

async function identityOf(kind: RecipientKind, seed: Uint8Array): Promise<AgeIdentity> {
  checkLength(seed, SEED_BYTES, 'The seed of an identity')
  const secret = bech32Encode(PREFIXES[kind], seed).toUpperCase()
  return { kind, seed, secret, recipient: await identityToRecipient(secret) }
}
