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
export {
  type CoverageClass,
  coverageClass,
  decodeRow,
  encodeRow,
  type Look,
  type PartnerLevel,
  partnerPrints,
  type QueryOptions,
  type QueryWindow,
  queryWindows,
  type RegisterOptions,
  ROW_BYTES,
  type RowScope,
  registerWindows,
  type StopSignal,
  WindowError,
  type WindowErrorCode,
  type WindowRow,
} from './windows/index.ts'
