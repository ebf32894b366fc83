import type { Kernel } from './kernel.ts'
import { bestKernel, type KernelName, kernelNamed } from './kernels.ts'
import { type Orientation, perOrientation, TURNS, turnCoefficients } from './orientation.ts'
import { assertPixels, type Pixels } from './pixels.ts'
import { nearest512 } from './prescale.ts'
import { type Fingerprint, MIN_SIDE, printOf, tooSmallPrint } from './print.ts'
import { reference32 } from './reference32.ts'
import type { Spectrum } from './spectrum.ts'

export interface FingerprintOptions {
  /**
   * `none` (the default) hashes at full resolution. `nearest512` first reduces a picture with a side over 512 to 512 x 512
   * by nearest neighbour, as Meta's file tool does; for comparing with that tool only.
   */
  readonly prescale?: 'none' | 'nearest512'
}

/**
 * The PDQ fingerprint of a whole picture at full resolution. Alpha is ignored. The pixels are neither changed nor kept.
 * Throws `FingerprintError` (`BAD_DIMENSIONS`, `BAD_LENGTH`, `TOO_LARGE`).
 */
export function fingerprint(pixels: Pixels, options: FingerprintOptions = {}): Fingerprint {
  return printed(pixels, options, (picture) => bestKernel().spectrum(picture))
}

/**
 * `fingerprint` by a kernel of one's choice, for tests and benchmarks. `reference32` follows the reference's arithmetic
 * step by step and is slow. Throws `NO_KERNEL` for `wasm` where WebAssembly SIMD is missing.
 */
export function fingerprintWith(
  kernel: KernelName | 'reference32',
  pixels: Pixels,
  options: FingerprintOptions = {},
): Fingerprint {
  if (kernel === 'reference32') return printed(pixels, options, reference32)
  const named = kernelNamed(kernel)
  return printed(pixels, options, (picture) => named.spectrum(picture))
}

/**
 * The eight orientations derived from the coefficients of the picture as it lies. Cheap, but drifts: use it for looking
 * things up and for comparing with the reference, and `orientations` for what is stored. Throws as `fingerprint`.
 */
export function dihedral(pixels: Pixels): Record<Orientation, Fingerprint> {
  return dihedralWith((picture) => bestKernel().spectrum(picture), pixels)
}

/** `dihedral` from the spectrum that `spectrumOf` computes. */
export function dihedralWith(
  spectrumOf: (pixels: Pixels) => Spectrum,
  pixels: Pixels,
): Record<Orientation, Fingerprint> {
  assertPixels(pixels)
  if (isTooSmall(pixels)) return perOrientation(tooSmallPrint)
  const { coefficients, quality } = spectrumOf(pixels)
  return perOrientation((orientation) =>
    printOf({ coefficients: turnCoefficients(coefficients, TURNS[orientation]), quality }),
  )
}

/**
 * The fingerprints of the picture really turned and mirrored, in all eight ways: what `fingerprint` says of such copies.
 * Four samplings are enough, because transposing the coefficients is exact. Throws as `fingerprint`.
 */
export function orientations(pixels: Pixels): Record<Orientation, Fingerprint> {
  return orientationsWith(bestKernel(), pixels)
}

/** `orientations` by a kernel of one's choice. */
export function orientationsWith(kernel: Kernel, pixels: Pixels): Record<Orientation, Fingerprint> {
  assertPixels(pixels)
  if (isTooSmall(pixels)) return perOrientation(tooSmallPrint)
  const { plain, columns, rows, both } = kernel.mirrorSpectra(pixels)
  return perOrientation((orientation) => {
    const turn = TURNS[orientation]
    const ofRow = turn.mirrorsColumns ? columns : plain
    const { coefficients, quality } = turn.mirrorsRows ? (turn.mirrorsColumns ? both : rows) : ofRow
    return printOf({ coefficients: turnCoefficients(coefficients, turn), quality })
  })
}

function printed(
  pixels: Pixels,
  options: FingerprintOptions,
  spectrumOf: (pixels: Pixels) => Spectrum,
): Fingerprint {
  assertPixels(pixels)
  const picture = options.prescale === 'nearest512' ? nearest512(pixels) : pixels
  return isTooSmall(picture) ? tooSmallPrint() : printOf(spectrumOf(picture))
}

function isTooSmall({ width, height }: Pixels): boolean {
  return Math.min(width, height) < MIN_SIDE
}
