import { createCipheriv, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import type { Recipient, Stanza } from 'age-encryption'

const LABEL = 'age-encryption.org/v1/scrypt'
const SALT_BYTES = 16
/** What the age program itself uses: about a second and 256 MB for each guess. */
const LOG_N = 18
const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
)

/** The scrypt recipient of C2SP age with OpenSSL's scrypt, which does not hold up the thread. It stands alone in a header. */
export class PassphraseRecipient implements Recipient {
  readonly #passphrase: string

  constructor(passphrase: string) {
    this.#passphrase = passphrase
  }

  async wrapFileKey(fileKey: Uint8Array): Promise<Stanza[]> {
    const salt = randomBytes(SALT_BYTES)
    const cost = { N: 2 ** LOG_N, r: 8, p: 1, maxmem: 2 ** (LOG_N + 11) }
    const key = await derive(this.#passphrase, Buffer.concat([Buffer.from(LABEL), salt]), 32, cost)
    // The key is used once, for this file key: its nonce is zero (C2SP age, scrypt recipient stanza).
    const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 })
    const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
    return [{ args: ['scrypt', salt.toString('base64').replace(/=+$/, ''), String(LOG_N)], body }]
  }
}
