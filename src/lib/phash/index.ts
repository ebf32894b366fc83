export { flatten, hasTransparency } from './alpha.ts'
export { FingerprintError, type FingerprintErrorCode } from './errors.ts'
export {
  dihedral,
  type FingerprintOptions,
  fingerprint,
  fingerprintWith,
  orientations,
} from './fingerprint.ts'
export { distance, fromHex, HASH_BYTES, toHex } from './hash.ts'
export type { KernelName } from './kernels.ts'
export { ORIENTATIONS, type Orientation } from './orientation.ts'
export { crop, MAX_PIXELS, type PixelFormat, type Pixels, type Rect } from './pixels.ts'
export { type Fingerprint, MIN_QUALITY, type Unusable } from './print.ts'
export { trims } from './trims.ts'
export { type Variant, type VariantSet, variants } from './variants.ts'
