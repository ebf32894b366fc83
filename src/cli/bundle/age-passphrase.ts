import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import type { Identity, Recipient, Stanza } from 'age-encryption'

const LABEL = 'age-encryption.org/v1/scrypt'
const SALT_BYTES = 16
/** What the age program itself uses: about a second and 256 MB for each guess. */
const LOG_N = 18
/** Four times the work and memory of that: no header makes this program take more. */
const MOST_LOG_N = 20
const TAG_BYTES = 16
const FILE_KEY_BYTES = 16
const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
)

function wrappingKey(passphrase: string, salt: Buffer, logN: number): Promise<Buffer> {
  const cost = { N: 2 ** logN, r: 8, p: 1, maxmem: 2 ** (logN + 11) }
  return derive(passphrase, Buffer.concat([Buffer.from(LABEL), salt]), 32, cost)
}

/** The scrypt recipient of C2SP age with OpenSSL's scrypt, which does not hold up the thread. It stands alone in a header. */
export class PassphraseRecipient implements Recipient {
  readonly #passphrase: string

  constructor(passphrase: string) {
    this.#passphrase = passphrase
  }

  async wrapFileKey(fileKey: Uint8Array): Promise<Stanza[]> {
    const salt = randomBytes(SALT_BYTES)
    const key = await wrappingKey(this.#passphrase, salt, LOG_N)
    // The key is used once, for this file key: its nonce is zero (C2SP age, scrypt recipient stanza).
    const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), {
      authTagLength: TAG_BYTES,
    })
    const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
    return [{ args: ['scrypt', salt.toString('base64').replace(/=+$/, ''), String(LOG_N)], body }]
  }
}

/** The other side: opens what was sealed with a passphrase. Answers null when it was another one. */
export class PassphraseIdentity implements Identity {
  readonly #passphrase: string

  constructor(passphrase: string) {
    this.#passphrase = passphrase
  }

  async unwrapFileKey(stanzas: Stanza[]): Promise<Uint8Array | null> {
    const [stanza] = stanzas
    // A passphrase stands alone: beside recipients it would let whoever made the file try passphrases on its reader.
    if (stanza === undefined || stanzas.length !== 1 || stanza.args[0] !== 'scrypt') return null
    const [, saltText = '', logText = ''] = stanza.args
    const salt = Buffer.from(saltText, 'base64')
    const isWellFormed =
      stanza.args.length === 3 &&
      salt.length === SALT_BYTES &&
      salt.toString('base64').replace(/=+$/, '') === saltText &&
      /^[1-9][0-9]?$/.test(logText) &&
      Number(logText) <= MOST_LOG_N &&
      stanza.body.length === FILE_KEY_BYTES + TAG_BYTES
    if (!isWellFormed) return null
    const key = await wrappingKey(this.#passphrase, salt, Number(logText))
    const cipher = createDecipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: TAG_BYTES })
    cipher.setAuthTag(stanza.body.subarray(FILE_KEY_BYTES))
    const fileKey = cipher.update(stanza.body.subarray(0, FILE_KEY_BYTES))
    try {
      cipher.final()
      return fileKey
    } catch {
      return null
    }
  }
}
