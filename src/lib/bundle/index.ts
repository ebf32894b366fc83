export { formatPrivateKey, parsePrivateKey, publicKeyOf } from './build/private-key.ts'
export { signManifest } from './build/sign-manifest.ts'
export { BUNDLE_ERROR_CODES, BundleError, type BundleErrorCode } from './errors.ts'
export {
  type AllowedSigner,
  formatAllowedSigners,
  parseAllowedSigners,
  sshFingerprint,
} from './format/ssh-public-key.ts'
export { MANIFEST_NAMESPACE } from './format/sshsig.ts'
export { verifyManifestSignature } from './verify/verify-signature.ts'
