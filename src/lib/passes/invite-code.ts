import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../bytes/index.ts'
import { dammDigit, groupDigits, type RandomBytes, randomDigits, readDigits } from '../seal/index.ts'
import { PassError } from './errors.ts'

export const INVITE_DIGITS = 20
const MAX_INPUT_CHARACTERS = 200
const LABEL = 'saksi/v1/invite\n'

/** An invite that was made here, or read with its check digit: 20 ASCII digits. */
export interface InviteCode {
  readonly digits: string
}

/** A new invite: 63 bits that nobody can guess, and a check digit. */
export function makeInviteCode(random: RandomBytes): InviteCode {
  const body = randomDigits(INVITE_DIGITS - 1, random)
  return { digits: body + dammDigit(body) }
}

/** Reads an invite as people type and dictate it. Throws `PassError` INVITE_LENGTH, INVITE_CHARS, INVITE_CHECK. */
export function parseInviteCode(text: string): InviteCode {
  const digits = text.length > MAX_INPUT_CHARACTERS ? '' : readDigits(text)
  if (digits === null)
    throw new PassError('INVITE_CHARS', 'An invite has digits only; this holds something else.')
  if (digits.length !== INVITE_DIGITS)
    throw new PassError('INVITE_LENGTH', `An invite has ${INVITE_DIGITS} digits.`)
  if (dammDigit(digits) !== '0') {
    throw new PassError('INVITE_CHECK', 'This invite was mistyped somewhere. Nothing was sent; compare it.')
  }
  return { digits }
}

/** The invite as it is shown: five groups of four digits. */
export function formatInviteCode({ digits }: InviteCode): string {
  return groupDigits(digits)
}

/** All that a server keeps of an invite: SHA-256 of a label and its digits, 64 hexadecimal digits. */
export function inviteHash({ digits }: InviteCode): string {
  return bytesToHex(sha256(new TextEncoder().encode(LABEL + digits)))
}
