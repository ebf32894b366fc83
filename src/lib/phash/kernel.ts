import type { Pixels } from './pixels.ts'
import type { Spectrum } from './spectrum.ts'

/**
 * Computes spectra of pictures with sides of at least `MIN_SIDE`. Kernels differ in speed only: they add whole numbers,
 * which is exact up to 50 million pixels, so that they give the same bits.
 */
export interface Kernel {
  spectrum(pixels: Pixels): Spectrum
  mirrorSpectra(pixels: Pixels): MirrorSpectra
}

/**
 * Spectra of the picture sampled as its mirrored copies are sampled, but not mirrored: `columns` takes the positions along
 * a row that the copy with left and right exchanged would take, `rows` those along a column. Equal ones may be shared.
 */
export interface MirrorSpectra {
  readonly plain: Spectrum
  readonly columns: Spectrum
  readonly rows: Spectrum
  readonly both: Spectrum
}
