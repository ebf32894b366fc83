import type { ReturnCode } from '../codes/return-code.ts'
import { RETURN_CODE_SERIES, type ReturnCodeSeries } from '../codes/series.ts'
import { SealError } from '../errors.ts'
import { type Argon2Options, argon2id } from './argon2.ts'
import { bytesToBase64url } from './base64url.ts'
import { deriveKey, labelledHash } from './derive.ts'
import { type AgeIdentity, hybridIdentityOf } from './identity.ts'
import { HASH_LABELS, KEY_LABELS } from './labels.ts'
import { type SigningKey, signingKeyOf } from './signing.ts'

export const MAILBOX_BYTES = 16
const SALT_BYTES = 16
const MASTER_BYTES = 32
const ESCROW_BYTES = 64

/** What a return code stands for. Only `mailbox` and `auth.publicKey` ever reach a server in the open. */
export interface ReturnKeys {
  /** Where her mailbox is: 16 bytes as base64url, 22 characters. */
  readonly mailbox: string
  /** Proves to the server that she may fetch from the mailbox; signs nothing else. */
  readonly auth: SigningKey
  /** Signs her messages, inside of what is sealed. */
  readonly sign: SigningKey
  /** Opens what is sealed to her. */
  readonly identity: AgeIdentity
  /** 64 bytes that the escrow turns into a scalar. */
  readonly escrowSeed: Uint8Array
}

/**
 * The keys of a return code at one organisation. Takes about 0.13 s on a desktop, several times that on a phone: parameters
 * and salt come from the series in the code and from nowhere else. Errors: `SEAL_ORG_ID`.
 */
export async function deriveReturnKeys(
  code: ReturnCode,
  orgId: string,
  options: Argon2Options = {},
): Promise<ReturnKeys> {
  const master = await argon2id(
    {
      ...RETURN_CODE_SERIES[code.series],
      password: new TextEncoder().encode(code.digits),
      salt: returnSalt(orgId, code.series),
      lengthBytes: MASTER_BYTES,
    },
    options,
  )
  return {
    mailbox: bytesToBase64url(deriveKey(master, KEY_LABELS.returnMailbox, MAILBOX_BYTES)),
    auth: signingKeyOf(deriveKey(master, KEY_LABELS.returnAuth, 32)),
    sign: signingKeyOf(deriveKey(master, KEY_LABELS.returnSign, 32)),
    identity: await hybridIdentityOf(deriveKey(master, KEY_LABELS.returnAge, 32)),
    escrowSeed: deriveKey(master, KEY_LABELS.returnEscrow, ESCROW_BYTES),
  }
}

/** The 16 bytes of salt of a series at one organisation. Errors: `SEAL_ORG_ID`. */
export function returnSalt(orgId: string, series: ReturnCodeSeries): Uint8Array {
  checkOrgId(orgId)
  const input = new TextEncoder().encode(`${orgId}\n${series}`)
  return labelledHash(HASH_LABELS.returnSalt, input).slice(0, SALT_BYTES)
}

/** Refuses (`SEAL_ORG_ID`) what is not a name of an organisation: 1 to 64 of lower-case letters, digits, hyphens and dots. */
export function checkOrgId(orgId: string): void {
  if (!/^[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?$/.test(orgId))
    throw new SealError('SEAL_ORG_ID', 'The id of the organisation is not written like a domain name.')
}
