import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToBase64, concatBytes } from '../../bytes/index.ts'
import { BundleError } from '../errors.ts'
import { base64ToBytes } from './base64.ts'
import { SshReader, sshString } from './ssh-wire.ts'

export const SSH_KEY_TYPE = 'ssh-ed25519'

/** The wire form of an Ed25519 public key (RFC 8709 section 4). `publicKey` has 32 bytes. */
export function encodeSshPublicKey(publicKey: Uint8Array): Uint8Array {
  return concatBytes(sshString(SSH_KEY_TYPE), sshString(publicKey))
}

/** The 32 bytes of an Ed25519 public key in wire form. Throws `BundleError` `KEY_MALFORMED`. */
export function decodeSshPublicKey(blob: Uint8Array): Uint8Array {
  const reader = new SshReader(blob)
  const type = reader.text()
  const key = reader.string()
  if (type !== SSH_KEY_TYPE || key === null || key.length !== 32 || !reader.isAtEnd) {
    throw new BundleError('KEY_MALFORMED', 'This is not an Ed25519 public key in SSH form.')
  }
  return key
}

/** What `ssh-keygen -l` prints, for paper and telephone: `SHA256:` and 43 characters of base64 without padding. */
export function sshFingerprint(publicKey: Uint8Array): string {
  return `SHA256:${bytesToBase64(sha256(encodeSshPublicKey(publicKey))).replace(/=+$/, '')}`
}

/** One line of an OpenSSH `allowed_signers` file: who may sign what with which key. */
export interface AllowedSigner {
  principal: string
  namespace: string
  publicKey: Uint8Array
}

const LINE = /^([A-Za-z0-9@._-]{1,200}) namespaces="([a-z0-9-]{1,64})" ssh-ed25519 ([A-Za-z0-9+/=]+)\n$/

export function formatAllowedSigners({ principal, namespace, publicKey }: AllowedSigner): string {
  return `${principal} namespaces="${namespace}" ${SSH_KEY_TYPE} ${bytesToBase64(encodeSshPublicKey(publicKey))}\n`
}

/**
 * Reads an `allowed_signers` file of exactly one line, as bundles have it: a second line could let a stranger sign.
 * Throws `BundleError` `KEY_MALFORMED` or `BASE64_INVALID`.
 */
export function parseAllowedSigners(text: string): AllowedSigner {
  const [, principal, namespace, key] = LINE.exec(text) ?? []
  if (principal === undefined || namespace === undefined || key === undefined) {
    throw new BundleError(
      'KEY_MALFORMED',
      'The list of signers does not consist of one line for one Ed25519 key.',
    )
  }
  return { principal, namespace, publicKey: decodeSshPublicKey(base64ToBytes(key)) }
}
