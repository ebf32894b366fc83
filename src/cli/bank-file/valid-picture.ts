import { MATCH_MIN_QUALITY } from '#domain/index.ts'
import { fromHex } from '#lib/phash/index.ts'
import { BankError } from './errors.ts'
import { haveValidRows, type RegisteredPicture, registeredPicture } from './record.ts'

// What a usable print can look like: about half of its 256 bits are set (`fingerprint` refuses flat pictures).
const MIN_SET_BITS = 96
const MAX_SET_BITS = 160

/**
 * The picture if it may be registered: well-formed, and every print says enough to be matched by. Throws `BankError`
 * PICTURE_INVALID.
 */
export function validPicture(picture: RegisteredPicture): RegisteredPicture {
  const parsed = registeredPicture.safeParse(picture)
  const isValid =
    parsed.success &&
    (picture.usable || picture.prints.length === 0) &&
    haveValidRows(parsed.data) &&
    picture.prints.every(({ pdq, quality }) => quality >= MATCH_MIN_QUALITY && hasUsableBits(pdq))
  if (isValid) return parsed.data
  throw new BankError(
    'PICTURE_INVALID',
    'A picture to register has wrong digests or sizes, or prints or windows that say too little. Nothing was registered.',
  )
}

function hasUsableBits(pdq: string): boolean {
  let bits = 0
  for (const byte of fromHex(pdq)) for (let rest = byte; rest > 0; rest &= rest - 1) bits++
  return bits >= MIN_SET_BITS && bits <= MAX_SET_BITS
}
