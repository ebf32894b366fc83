import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToBase64, concatBytes, equalBytes, utf8ToText } from '../../bytes/index.ts'
import { BundleError } from '../errors.ts'
import { base64ToBytes } from '../format/base64.ts'
import { utf8 } from '../format/bytes.ts'
import { encodeSshPublicKey, SSH_KEY_TYPE } from '../format/ssh-public-key.ts'
import { SshReader, sshString, uint32 } from '../format/ssh-wire.ts'

const OPENSSH = 'OPENSSH PRIVATE KEY'
const PKCS8 = 'PRIVATE KEY'
const MAGIC = utf8('openssh-key-v1\0')
/** PKCS#8 of an Ed25519 key up to its seed (RFC 8410 section 7). */
const PKCS8_START = new Uint8Array([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32])

/**
 * The 32-byte seed of an Ed25519 private key file, as `ssh-keygen -t ed25519` (without a passphrase) or
 * `openssl genpkey -algorithm ed25519` write it. Throws `BundleError`: `KEY_ENCRYPTED` (it has a passphrase), `KEY_KIND`
 * (another kind of key), `KEY_MALFORMED`. No message repeats anything of the file.
 */
export function parsePrivateKey(file: Uint8Array): Uint8Array {
  const text = file.length > 16_384 ? null : utf8ToText(file)
  const found = text === null ? null : /-----BEGIN ([A-Z ]+)-----\r?\n([\s\S]*?)-----END \1-----/.exec(text)
  const [, label, body] = found ?? []
  if (label === 'ENCRYPTED PRIVATE KEY') throw encrypted()
  if (body === undefined || (label !== OPENSSH && label !== PKCS8)) throw malformed()
  const bytes = decode(body.replace(/\s+/g, ''))
  return label === OPENSSH ? opensshSeed(bytes) : pkcs8Seed(bytes)
}

/** An unencrypted OpenSSH private key file for the seed. `comment` is what `ssh-keygen -l` shows beside the key. */
export function formatPrivateKey(seed: Uint8Array, comment: string): string {
  const publicKey = ed25519.getPublicKey(seed)
  const check = uint32(0)
  const inner = concatBytes(
    check,
    check,
    encodeSshPublicKey(publicKey),
    sshString(concatBytes(seed, publicKey)),
    sshString(comment),
  )
  const padding = Uint8Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, i) => i + 1)
  const blob = concatBytes(
    MAGIC,
    sshString('none'),
    sshString('none'),
    sshString(''),
    uint32(1),
    sshString(encodeSshPublicKey(publicKey)),
    sshString(concatBytes(inner, padding)),
  )
  const lines = bytesToBase64(blob).match(/.{1,70}/g) ?? []
  return `-----BEGIN ${OPENSSH}-----\n${lines.join('\n')}\n-----END ${OPENSSH}-----\n`
}

/** The 32-byte public key of a seed. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(seed)
}

function opensshSeed(bytes: Uint8Array): Uint8Array {
  const reader = new SshReader(bytes)
  const magic = reader.take(MAGIC.length)
  if (magic === null || !equalBytes(magic, MAGIC)) throw malformed()
  const cipher = reader.text()
  reader.string()
  reader.string()
  const keys = reader.uint32()
  reader.string()
  const inner = reader.string()
  if (cipher === null || inner === null || keys !== 1) throw malformed()
  if (cipher !== 'none') throw encrypted()
  const fields = new SshReader(inner)
  const [first, second] = [fields.uint32(), fields.uint32()]
  const type = fields.text()
  if (first === null || first !== second || type === null) throw malformed()
  if (type !== SSH_KEY_TYPE) throw otherKind()
  const publicKey = fields.string()
  const secret = fields.string()
  if (publicKey === null || secret?.length !== 64) throw malformed()
  return checked(secret.slice(0, 32), publicKey)
}

function pkcs8Seed(bytes: Uint8Array): Uint8Array {
  const isEd25519 =
    bytes.length === PKCS8_START.length + 32 && equalBytes(bytes.subarray(0, PKCS8_START.length), PKCS8_START)
  if (!isEd25519) throw otherKind()
  return bytes.slice(PKCS8_START.length)
}

/** Signing with a public key that does not belong to the seed would give the seed away. */
function checked(seed: Uint8Array, publicKey: Uint8Array): Uint8Array {
  if (!equalBytes(ed25519.getPublicKey(seed), publicKey)) throw malformed()
  return seed
}

function decode(base64: string): Uint8Array {
  try {
    return base64ToBytes(base64)
  } catch {
    throw malformed()
  }
}

function encrypted(): BundleError {
  return new BundleError(
    'KEY_ENCRYPTED',
    'This private key is protected by a passphrase, which Saksi cannot ask for. Make a copy without one: ssh-keygen -p -N "" -f COPY.',
  )
}

function otherKind(): BundleError {
  return new BundleError(
    'KEY_KIND',
    'This private key is of another kind. An Ed25519 key is needed: ssh-keygen -t ed25519 -N "" -f manifest.key.',
  )
}

function malformed(): BundleError {
  return new BundleError('KEY_MALFORMED', 'This file is not a private key that can be read.')
}
