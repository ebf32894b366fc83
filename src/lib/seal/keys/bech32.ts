const DIGITS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]))
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const
const CHECKSUM_DIGITS = 6
// Longer than any hybrid recipient (1,959) and any share; the sum is only checked, never used to repair.
const MAX_CHARACTERS = 4096

/**
 * Bech32 (BIP 173) of whole bytes, in lower case, without its limit of 90 characters, as age keys use it.
 * `prefix` is lower-case ASCII from 33 to 126.
 */
export function bech32Encode(prefix: string, bytes: Uint8Array): string {
  const words = regroup(bytes, 8, 5)
  const sum = polymod([...expanded(prefix), ...words, 0, 0, 0, 0, 0, 0]) ^ 1
  for (let i = 0; i < CHECKSUM_DIGITS; i++) words.push((sum >>> (5 * (CHECKSUM_DIGITS - 1 - i))) & 31)
  return `${prefix}1${words.map((word) => DIGITS.charAt(word)).join('')}`
}

/**
 * Prefix (lower case) and bytes of Bech32 text in one case, or null when the text has mixed case, another character, a wrong
 * checksum, no prefix, bits left over, or more than 4,096 characters.
 */
export function bech32Decode(text: string): { readonly prefix: string; readonly bytes: Uint8Array } | null {
  const lower = text.toLowerCase()
  if (text.length > MAX_CHARACTERS || (text !== lower && text !== text.toUpperCase())) return null
  const separator = lower.lastIndexOf('1')
  const prefix = lower.slice(0, Math.max(0, separator))
  if (!/^[\x21-\x7e]+$/.test(prefix) || lower.length - separator - 1 < CHECKSUM_DIGITS) return null
  const words: number[] = []
  for (const digit of lower.slice(separator + 1)) {
    const value = VALUES.get(digit)
    if (value === undefined) return null
    words.push(value)
  }
  if (polymod([...expanded(prefix), ...words]) !== 1) return null
  const data = words.slice(0, -CHECKSUM_DIGITS)
  const bytes = Uint8Array.from(regroup(data, 5, 8).slice(0, Math.floor((data.length * 5) / 8)))
  const isExact = regroup(bytes, 8, 5).every((word, i) => word === data[i])
  return isExact && data.length === Math.ceil((bytes.length * 8) / 5) ? { prefix, bytes } : null
}

function expanded(prefix: string): number[] {
  const units = [...prefix].map((character) => character.charCodeAt(0))
  return [...units.map((unit) => unit >> 5), 0, ...units.map((unit) => unit & 31)]
}

function polymod(words: readonly number[]): number {
  let sum = 1
  for (const word of words) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ word
    for (const [bit, generator] of GENERATOR.entries()) if ((top >>> bit) & 1) sum ^= generator
  }
  return sum
}

/** The same bits in groups of another width, the last one filled with zeros. */
function regroup(values: Iterable<number>, from: number, to: number): number[] {
  const groups: number[] = []
  let held = 0
  let heldBits = 0
  for (const value of values) {
    held = (held << from) | value
    heldBits += from
    while (heldBits >= to) {
      heldBits -= to
      groups.push((held >>> heldBits) & ((1 << to) - 1))
    }
    held &= (1 << heldBits) - 1
  }
  if (heldBits > 0) groups.push((held << (to - heldBits)) & ((1 << to) - 1))
  return groups
}
