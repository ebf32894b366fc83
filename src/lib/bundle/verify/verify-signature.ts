import { ed25519 } from '@noble/curves/ed25519.js'
import { equalBytes } from '../../bytes/index.ts'
import { BundleError } from '../errors.ts'
import { MANIFEST_NAMESPACE, parseSshSignature, signedData } from '../format/sshsig.ts'

/**
 * Checks an armoured SSH signature over a manifest by the given 32-byte public key, strictly as RFC 8032 has it. Throws
 * `BundleError`: `SSHSIG_MALFORMED`, `SSHSIG_NAMESPACE` (made for something else), `SSHSIG_KEY` (another key),
 * `SSHSIG_INVALID`.
 */
export function verifyManifestSignature(
  manifest: Uint8Array,
  signatureFile: Uint8Array,
  publicKey: Uint8Array,
): void {
  const parsed = parseSshSignature(signatureFile)
  if (parsed.namespace !== MANIFEST_NAMESPACE) {
    throw new BundleError('SSHSIG_NAMESPACE', 'The signature was made for something other than a manifest.')
  }
  if (!equalBytes(parsed.publicKey, publicKey)) {
    throw new BundleError('SSHSIG_KEY', 'The manifest was signed with another key than the one named.')
  }
  const message = signedData(MANIFEST_NAMESPACE, manifest)
  if (!isGood(parsed.signature, message, publicKey)) {
    throw new BundleError(
      'SSHSIG_INVALID',
      'The signature does not fit the manifest: one of the two was changed.',
    )
  }
}

function isGood(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    // Bytes that are no point of the curve.
    return false
  }
}
