import { ed25519 } from '@noble/curves/ed25519.js'
import { formatSshSignature, MANIFEST_NAMESPACE, signedData } from '../format/sshsig.ts'

/**
 * Signs a manifest with the organisation's manifest key: an armoured SSH signature in the namespace of our manifests that
 * `ssh-keygen -Y verify` checks. Ed25519 is deterministic, so the same input gives the same text. `seed` is the 32-byte
 * private key (RFC 8032 section 5.1.5). Source: OpenSSH PROTOCOL.sshsig.
 */
export function signManifest(manifest: Uint8Array, seed: Uint8Array, namespace = MANIFEST_NAMESPACE): string {
  return formatSshSignature({
    publicKey: ed25519.getPublicKey(seed),
    namespace,
    signature: ed25519.sign(signedData(namespace, manifest), seed),
  })
}
