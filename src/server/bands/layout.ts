import { MAX_RADIUS, RadiusError } from '#lib/radius/index.ts'

export const FINGERPRINT_BYTES = 32
export const FINGERPRINT_BITS = 256
export const DEFAULT_BAND_WIDTH_BITS = 16
/** Narrower, a quarter of all rows and more would be candidates of every query. */
const MIN_BAND_WIDTH_BITS = 10
/** Wider, some band would have to be searched at radius 3: thousands of look-ups in it alone. */
const MAX_BAND_WIDTH_BITS = 24

// Neighbouring bits of a PDQ fingerprint are neighbouring frequencies and lean the same way, which crowds some keys when a
// band is a run of them. Stored bit p is bit (103 p mod 256) of the fingerprint. 103 is odd, so this is a permutation, and
// distances do not change.
const STRIDE = 103

/** Stored bits `start` .. `start + widthBits - 1`, counted from 0 at the left. */
export interface Band {
  readonly number: number
  readonly start: number
  readonly widthBits: number
}

/** One band's part of a query: rows whose key in it is one of `keys` are candidates. */
export interface BandProbe {
  readonly band: Band
  readonly keys: readonly number[]
}

/**
 * The 256 bits cut into as few bands as possible of which none is wider than `widthBits` (10..24): 16 gives 16 bands of
 * 16, 12 gives 22 of 11 or 12. The wider ones come first. Throws `RadiusError` BAD_OPTIONS.
 */
export function bandsOf(widthBits: number): Band[] {
  if (!Number.isInteger(widthBits) || widthBits < MIN_BAND_WIDTH_BITS || widthBits > MAX_BAND_WIDTH_BITS) {
    throw new RadiusError(
      'BAD_OPTIONS',
      `The width of a band is a whole number ${MIN_BAND_WIDTH_BITS} to ${MAX_BAND_WIDTH_BITS} of bits.`,
    )
  }
  const count = Math.ceil(FINGERPRINT_BITS / widthBits)
  const narrow = Math.floor(FINGERPRINT_BITS / count)
  const wideCount = FINGERPRINT_BITS % count
  return Array.from({ length: count }, (_, number) => ({
    number,
    start: number * narrow + Math.min(number, wideCount),
    widthBits: number < wideCount ? narrow + 1 : narrow,
  }))
}

/** The fingerprint with its bits in stored order, 32 bytes, bit 0 the highest of the first byte. */
export function storedBits(fingerprint: Uint8Array): Uint8Array {
  const stored = new Uint8Array(FINGERPRINT_BYTES)
  for (let p = 0; p < FINGERPRINT_BITS; p++) {
    const from = (STRIDE * p) % FINGERPRINT_BITS
    const bit = ((fingerprint[from >>> 3] ?? 0) >>> (from & 7)) & 1
    stored[p >>> 3] = (stored[p >>> 3] ?? 0) | (bit << (7 - (p & 7)))
  }
  return stored
}

/**
 * Where to look so that no row within `radius` is missed.
 *
 * Pigeonhole: band j is searched at radius r_j with sum(r_j + 1) = radius + 1. A row farther than r_j in every band differs
 * in at least r_j + 1 bits of each, so in at least radius + 1 bits in all. The budget is spread evenly, the first (wider)
 * bands first; a band without budget is not searched.
 */
export function probesOf(stored: Uint8Array, bands: readonly Band[], radius: number): BandProbe[] {
  const budget = radius + 1
  const each = Math.floor(budget / bands.length)
  const more = budget % bands.length
  return bands.flatMap((band) => {
    const bandRadius = each + (band.number < more ? 1 : 0) - 1
    return bandRadius < 0 ? [] : [{ band, keys: keysAround(keyOf(stored, band), band.widthBits, bandRadius) }]
  })
}

/** Throws `RadiusError` BAD_RADIUS. */
export function checkRadius(radius: number): void {
  if (!Number.isInteger(radius) || radius < 0 || radius > MAX_RADIUS) {
    throw new RadiusError('BAD_RADIUS', `The radius is a whole number 0 to ${MAX_RADIUS}.`)
  }
}

function keyOf(stored: Uint8Array, band: Band): number {
  let key = 0
  for (let p = band.start; p < band.start + band.widthBits; p++) {
    key = (key << 1) | (((stored[p >>> 3] ?? 0) >>> (7 - (p & 7))) & 1)
  }
  return key
}

/** All keys within `radius` bits of `key`, itself first. */
function keysAround(key: number, widthBits: number, radius: number): number[] {
  const keys = [key]
  const flip = (from: number, at: number, left: number) => {
    if (left === 0) return
    for (let bit = at; bit < widthBits; bit++) {
      const next = from ^ (1 << bit)
      keys.push(next)
      flip(next, bit + 1, left - 1)
    }
  }
  flip(key, 0, radius)
  return keys
}
