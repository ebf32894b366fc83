export type { DigestBytes } from './build/bag-file.ts'
export type { RenderPdf } from './build/document-files.ts'
export { type HandedOver, handOverRecord } from './build/hand-over-record.ts'
export {
  type BuiltBundle,
  builtRecord,
  exhibitItem,
  exhibitRecord,
  type RecordContext,
  withheldRecord,
} from './build/log-records.ts'
export { type BagPlan, planBag } from './build/plan-bag.ts'
export { formatPrivateKey, parsePrivateKey, publicKeyOf } from './build/private-key.ts'
export type { Block, ReportDocument, Section } from './build/report/document.ts'
export { type SealParts, sealFiles, type TimeStamp } from './build/seal.ts'
export { signManifest } from './build/sign-manifest.ts'
export { timeStampQuery } from './build/time-stamp-query.ts'
export { VERIFY_SCRIPT } from './build/verify-script/index.ts'
export { BUNDLE_ERROR_CODES, BundleError, type BundleErrorCode } from './errors.ts'
export { BAG_NAME, isBundlePath } from './format/names.ts'
export { BUNDLE_PROOF, enclosedPath, PATHS } from './format/paths.ts'
export { certificatePem, certificatesOfPem } from './format/pem.ts'
export {
  type AllowedSigner,
  formatAllowedSigners,
  parseAllowedSigners,
  sshFingerprint,
} from './format/ssh-public-key.ts'
export { MANIFEST_NAMESPACE } from './format/sshsig.ts'
export { visibleText } from './format/visible-text.ts'
export type * from './model.ts'
export { BUNDLE_LANGUAGES, UNSTATED_ORGANISATION } from './model.ts'
export type { BagEntry, BagReader } from './verify/bag-reader.ts'
export type { Check } from './verify/check-list.ts'
export type { VerifyOptions } from './verify/options.ts'
export { type TimeStampCheck, type TimeStamped, verifyTimeStamp } from './verify/time-stamp.ts'
export { type Verification, verifyBag } from './verify/verify-bag.ts'
export { verifyManifestSignature } from './verify/verify-signature.ts'
