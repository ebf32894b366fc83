import {
  createCipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import type { Recipient, Stanza } from 'age-encryption'

const LABEL = 'age-encryption.org/v1/X25519'
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
/** What stands before the 32 bytes of an X25519 key in a SubjectPublicKeyInfo (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex')
const KEY_BYTES = 32
const TAG_BYTES = 16
const NONCE_BYTES = 12

/**
 * The X25519 recipient of C2SP age with the curve of OpenSSL: ten times faster than by WebCrypto, which counts where each of
 * ten thousand exhibits has a header of its own. The text must be one that the age library has accepted.
 */
export class FastRecipient implements Recipient {
  readonly #raw: Buffer
  readonly #key: KeyObject

  constructor(recipient: string) {
    this.#raw = decode(recipient)
    this.#key = publicKey(this.#raw)
  }

  wrapFileKey(fileKey: Uint8Array): Stanza[] {
    const ephemeral = generateKeyPairSync('x25519')
    const share = ephemeral.publicKey.export({ type: 'spki', format: 'der' }).subarray(-KEY_BYTES)
    const shared = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: this.#key })
    const salt = Buffer.concat([share, this.#raw])
    const wrapping = Buffer.from(hkdfSync('sha256', shared, salt, LABEL, KEY_BYTES))
    // The wrapping key is used once, for this file key: its nonce is zero (C2SP age, X25519 recipient stanza).
    const cipher = createCipheriv('chacha20-poly1305', wrapping, Buffer.alloc(NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
    const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
    const argument = share.toString('base64').replace(/=+$/, '')
    return [{ args: ['X25519', argument], body }]
  }
}

function publicKey(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' })
}

/** The 32 bytes of a recipient (BIP 173): five bits a character after `age1`, less six of checksum. */
function decode(recipient: string): Buffer {
  const raw: number[] = []
  let bits = 0
  let value = 0
  for (const character of recipient.slice('age1'.length, -6)) {
    value = ((value << 5) | BECH32.indexOf(character)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    raw.push((value >> bits) & 0xff)
  }
  return Buffer.from(raw)
}
