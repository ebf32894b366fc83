import { sha512 } from '@noble/hashes/sha2.js'
import { bytesToBase64, concatBytes, utf8ToText } from '../../bytes/index.ts'
import { BundleError } from '../errors.ts'
import { base64ToBytes } from './base64.ts'
import { utf8 } from './bytes.ts'
import { decodeSshPublicKey, encodeSshPublicKey, SSH_KEY_TYPE } from './ssh-public-key.ts'
import { SshReader, sshString, uint32 } from './ssh-wire.ts'

/** The namespace of our manifests: a signature made for anything else is not one over a manifest. */
export const MANIFEST_NAMESPACE = 'saksi-manifest-v1'

const MAGIC = utf8('SSHSIG')
const VERSION = 1
const HASH = 'sha512'
const BEGIN = '-----BEGIN SSH SIGNATURE-----'
const END = '-----END SSH SIGNATURE-----'
const LINE_LENGTH = 70
const MOST_BYTES = 4096

export interface SshSignature {
  publicKey: Uint8Array
  namespace: string
  /** 64 bytes. */
  signature: Uint8Array
}

/** The bytes that are signed for a file (OpenSSH PROTOCOL.sshsig, "Signed Data"). */
export function signedData(namespace: string, file: Uint8Array): Uint8Array {
  return concatBytes(MAGIC, sshString(namespace), sshString(''), sshString(HASH), sshString(sha512(file)))
}

/** The armoured form that `ssh-keygen -Y sign` writes: base64 in lines of 70, LF, final line break. */
export function formatSshSignature({ publicKey, namespace, signature }: SshSignature): string {
  const blob = concatBytes(
    MAGIC,
    uint32(VERSION),
    sshString(encodeSshPublicKey(publicKey)),
    sshString(namespace),
    sshString(''),
    sshString(HASH),
    sshString(concatBytes(sshString(SSH_KEY_TYPE), sshString(signature))),
  )
  const base64 = bytesToBase64(blob)
  const lines: string[] = []
  for (let at = 0; at < base64.length; at += LINE_LENGTH) lines.push(base64.slice(at, at + LINE_LENGTH))
  return `${[BEGIN, ...lines, END].join('\n')}\n`
}

/**
 * Reads an armoured signature in the one form `formatSshSignature` writes, so that no byte of the file can differ
 * unnoticed. Throws `BundleError` `SSHSIG_MALFORMED`, or `KEY_MALFORMED` when it is no Ed25519 signature.
 */
export function parseSshSignature(file: Uint8Array): SshSignature {
  const text = file.length > MOST_BYTES ? null : utf8ToText(file)
  if (text === null) throw malformed()
  const lines = text.split('\n')
  if (lines.length < 4 || lines[0] !== BEGIN || lines.at(-2) !== END || lines.at(-1) !== '') throw malformed()
  const parsed = parseBlob(decode(lines.slice(1, -2).join('')))
  if (formatSshSignature(parsed) !== text) throw malformed()
  return parsed
}

function parseBlob(blob: Uint8Array): SshSignature {
  const reader = new SshReader(blob)
  const magic = reader.take(MAGIC.length)
  const version = reader.uint32()
  const key = reader.string()
  const namespace = reader.text()
  const reserved = reader.string()
  const hash = reader.text()
  const inner = reader.string()
  if (magic === null || utf8ToText(magic) !== 'SSHSIG' || version !== VERSION || key === null)
    throw malformed()
  if (!namespace || reserved?.length !== 0 || hash !== HASH || inner === null || !reader.isAtEnd)
    throw malformed()
  const innerReader = new SshReader(inner)
  const type = innerReader.text()
  const signature = innerReader.string()
  if (type !== SSH_KEY_TYPE || signature?.length !== 64 || !innerReader.isAtEnd) throw malformed()
  return { publicKey: decodeSshPublicKey(key), namespace, signature }
}

function decode(base64: string): Uint8Array {
  try {
    return base64ToBytes(base64)
  } catch {
    throw malformed()
  }
}

function malformed(): BundleError {
  return new BundleError(
    'SSHSIG_MALFORMED',
    'The signature file is not an SSH signature in its one exact form.',
  )
}
