import { type Axis, axisOf, isSymmetric, mirroredAxisOf } from './axis.ts'
import type { Kernel, MirrorSpectra } from './kernel.ts'
import type { Pixels } from './pixels.ts'
import { sampleGrids } from './samples.ts'
import { type Spectrum, spectrumOf } from './spectrum.ts'

/** The kernel in plain TypeScript: runs everywhere, takes pictures of any shape, needs next to no memory. */
export const typescriptKernel: Kernel = {
  spectrum(pixels: Pixels): Spectrum {
    return spectraOf(pixels, [axisOf(pixels.height)], [axisOf(pixels.width)])[0]
  },

  mirrorSpectra(pixels: Pixels): MirrorSpectra {
    const columnAxes = bothAxesOf(pixels.width)
    const spectra = spectraOf(pixels, bothAxesOf(pixels.height), columnAxes)
    return nameMirrorSpectra(spectra, columnAxes.length)
  },
}

/** The plain sampling and, where it differs, the mirrored one. */
export function bothAxesOf(n: number): AtLeastOne<Axis> {
  return isSymmetric(n) ? [axisOf(n)] : [axisOf(n), mirroredAxisOf(n)]
}

/** Gives names to spectra in the order of `sampleGrids`; an axis without a mirrored sampling of its own shares. */
export function nameMirrorSpectra(spectra: AtLeastOne<Spectrum>, columnAxes: number): MirrorSpectra {
  const plain = spectra[0]
  const columns = columnAxes > 1 ? (spectra[1] ?? plain) : plain
  const rows = spectra[columnAxes] ?? plain
  const both = spectra.length > columnAxes ? (spectra[2 * columnAxes - 1] ?? plain) : columns
  return { plain, columns, rows, both }
}

export type AtLeastOne<Value> = [Value, ...Value[]]

function spectraOf(pixels: Pixels, rowAxes: Axis[], columnAxes: Axis[]): AtLeastOne<Spectrum> {
  const [first, ...others] = sampleGrids(pixels, rowAxes, columnAxes).map(spectrumOf)
  if (!first) throw new RangeError('no axis to sample on')
  return [first, ...others]
}
