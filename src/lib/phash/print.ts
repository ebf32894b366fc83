import { HASH_BYTES } from './hash.ts'
import type { Spectrum } from './spectrum.ts'

/** Why a fingerprint must not be stored, published or looked up. */
export type Unusable = 'TOO_SMALL' | 'FLAT' | 'LOW_QUALITY'

export interface Fingerprint {
  /** 32 bytes, bits 255..248 first. */
  readonly hash: Uint8Array
  /** 0..100. */
  readonly quality: number
  readonly usable: boolean
  /** Present exactly when it is not usable. */
  readonly reason?: Unusable
}

/** Fingerprints of lower quality are not usable. */
export const MIN_QUALITY = 50

/** Pictures with a shorter side get the zero hash. */
export const MIN_SIDE = 5

/**
 * When no coefficient reaches this, all of them are zero up to rounding: brightness changes in one direction only (bands,
 * stripes, ruled paper) and the bits are noise that unrelated pictures share.
 */
export const FLAT_BELOW = 1

/** The fingerprint of a spectrum: bits above the median, and whether it may be used (PDQ steps 6 to 8). */
export function printOf({ coefficients, quality }: Spectrum): Fingerprint {
  const hash = hashOf(coefficients)
  if (isFlat(coefficients)) return { hash, quality, usable: false, reason: 'FLAT' }
  if (quality < MIN_QUALITY) return { hash, quality, usable: false, reason: 'LOW_QUALITY' }
  return { hash, quality, usable: true }
}

/** The fingerprint of a picture with a side below 5: zero, and never usable. */
export function tooSmallPrint(): Fingerprint {
  return { hash: new Uint8Array(HASH_BYTES), quality: 0, usable: false, reason: 'TOO_SMALL' }
}

function isFlat(coefficients: Float64Array): boolean {
  for (const value of coefficients) if (Math.abs(value) >= FLAT_BELOW) return false
  return true
}

function hashOf(coefficients: Float64Array): Uint8Array {
  const median = smallest(coefficients.slice(), coefficients.length / 2 - 1)
  const hash = new Uint8Array(HASH_BYTES)
  for (let bit = 0; bit < coefficients.length; bit++) {
    if ((coefficients[bit] ?? 0) <= median) continue
    const byte = HASH_BYTES - 1 - (bit >> 3)
    hash[byte] = (hash[byte] ?? 0) | (1 << (bit & 7))
  }
  return hash
}

/** The value at `rank` (from 0) in ascending order, by Hoare's selection. Reorders the values it is given. */
function smallest(values: Float64Array, rank: number): number {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const pivot = values[rank] ?? 0
    let i = low
    let j = high
    while (i <= j) {
      while ((values[i] ?? pivot) < pivot) i++
      while ((values[j] ?? pivot) > pivot) j--
      if (i > j) break
      const swapped = values[i] ?? 0
      values[i++] = values[j] ?? 0
      values[j--] = swapped
    }
    if (j < rank) low = i
    if (rank < i) high = j
  }
  return values[rank] ?? 0
}
