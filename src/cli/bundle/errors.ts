import { AppError } from '#lib/errors/index.ts'

export type BundleFileErrorCode =
  | 'SCAN_UNREADABLE'
  | 'SCAN_CHANGED'
  | 'EXHIBIT_UNKNOWN'
  | 'RECIPIENT_MISSING'
  | 'RECIPIENT_INVALID'
  | 'BUNDLE_IO'
  | 'BUNDLE_EXISTS'
  | 'BUNDLE_UNREADABLE'
  | 'BUNDLE_HOSTILE'
  | 'BUNDLE_ENCRYPTED'
  | 'SEAL_TIMESTAMP'
  | 'SEAL_SIGNATURE'
  | 'SEAL_LOG_PENDING'
  | 'ITEMS_MISSING'
  | 'POINTERS_INVALID'
  | 'LOG_UNWITNESSED'

/** Why a bundle could not be made or read. Nothing half-made is left, and nothing handed over was changed. */
export class BundleFileError extends AppError<BundleFileErrorCode> {}
