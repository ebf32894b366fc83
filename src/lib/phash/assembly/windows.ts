// The arithmetic of window prints in AssemblyScript, with 32-bit floats; built by `node scripts/build-wasm.mjs`. Nothing here
// allocates or keeps state: `src/lib/phash/windows/wasm-windows.ts` owns the memory and passes addresses. Loops run in steps of
// 4 or 16 floats and may write that far past the end of a line; every area has room for it.

import { gradientSumOf } from './gradient-sum'
import { transformOf } from './transform'

export { extrema } from './windows/blobs'
export { bits, largest, middle, mirror, transpose } from './windows/bits'
export { blurAcross, blurDown, gradient, halve, padLine } from './windows/planes'
export { axisTaps, sampleTurned, sampleUpright } from './windows/samples'

/** See `gradientSumOf`. */
export function gradientSum(samples: usize): f32 {
  return gradientSumOf<f32>(samples)
}

/** See `transformOf`. */
export function transform(samples: usize, cosines: usize, columnCosines: usize, scratch: usize, out: usize): void {
  transformOf<f32>(samples, cosines, columnCosines, scratch, out)
}
