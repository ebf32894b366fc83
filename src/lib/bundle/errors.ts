import { AppError } from '../errors/index.ts'

export const BUNDLE_ERROR_CODES = [
  'BASE64_INVALID',
  'SSHSIG_MALFORMED',
  'SSHSIG_NAMESPACE',
  'SSHSIG_KEY',
  'SSHSIG_INVALID',
  'KEY_MALFORMED',
  'KEY_ENCRYPTED',
  'KEY_KIND',
  'NAME_INVALID',
  'MANIFEST_MALFORMED',
  'INPUT_INVALID',
  'CONSENT_MISSING',
  'PROOF_MISSING',
  'EXHIBIT_DIGEST',
  'WITHHELD_SELECTED',
  'TIMESTAMP_MALFORMED',
  'TIMESTAMP_REFUSED',
  'TIMESTAMP_IMPRINT',
  'TIMESTAMP_NONCE',
  'TIMESTAMP_CERTIFICATE',
  'TIMESTAMP_SIGNATURE',
  'TIMESTAMP_CHAIN',
  'TIMESTAMP_CLOCK',
] as const

export type BundleErrorCode = (typeof BUNDLE_ERROR_CODES)[number]

/** A refusal of the bundle library. Nothing was written: the library does no input or output. */
export class BundleError extends AppError<BundleErrorCode> {}
