import { concatBytes } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { bech32Decode, bech32Encode } from '../keys/bech32.ts'
import { checkLength } from '../keys/checks.ts'

export const RECOVERY_THRESHOLD = 3
export const RECOVERY_TOTAL = 5
/** Of version, seed, check, and the point at which the share was taken. */
export const SHARE_BYTES = 42

const PREFIX = 'saksi-share-'
const VERSION = 1
const GROUP = 6
// More than any way to write 93 characters needs.
const MAX_INPUT_CHARACTERS = 500

/** What one holder keeps. `number` is 1 to 5. */
export interface RecoveryShare {
  readonly threshold: 3
  readonly total: 5
  readonly number: number
  readonly share: Uint8Array
}

/** 93 characters of Bech32 without its limit of length (BIP 173), beginning with `saksi-share-1`: also what a QR code says. */
export function formatShare({ threshold, total, number, share }: RecoveryShare): string {
  checkLength(share, SHARE_BYTES, 'A share')
  return bech32Encode(PREFIX, concatBytes(Uint8Array.of(VERSION, threshold, total, number), share))
}

/** The same for paper: in groups of six characters. */
export function printShare(share: RecoveryShare): string {
  return formatShare(share).replace(new RegExp(`(.{${GROUP}})(?=.)`, 'g'), '$1 ')
}

/**
 * Reads a share as it is typed or scanned, in either case, with any white space. Throws `RECOVERY_SHARE` when a character is
 * wrong, up to four for certain, or it is a share of something else.
 */
export function parseShare(text: string): RecoveryShare {
  const decoded = text.length > MAX_INPUT_CHARACTERS ? null : bech32Decode(text.replace(/\s/g, ''))
  const [version, threshold, total, number = 0] = decoded?.bytes ?? []
  const share = decoded?.bytes.slice(4)
  const isOurs =
    decoded?.prefix === PREFIX &&
    share?.length === SHARE_BYTES &&
    version === VERSION &&
    threshold === RECOVERY_THRESHOLD &&
    total === RECOVERY_TOTAL &&
    number >= 1 &&
    number <= RECOVERY_TOTAL
  if (!isOurs)
    throw new SealError('RECOVERY_SHARE', 'This is not a recovery share, or a character of it is wrong.')
  return { threshold, total, number, share }
}
