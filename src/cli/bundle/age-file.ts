import { createCipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { Recipient, Stanza } from 'age-encryption'

const CHUNK_BYTES = 64 * 1024
const TAG_BYTES = 16
const NONCE_BYTES = 16
const FILE_KEY_BYTES = 16
/** Body bytes on a full line of a stanza; a shorter line, perhaps an empty one, ends it. */
const LINE_BYTES = 48

/** The start of an age file and what encrypts its content: the same seal gives the same file for the same content. */
export interface AgeSeal {
  /** Header and nonce. */
  start: Buffer
  payloadKey: Buffer
}

/** Begins an age file (C2SP age v1) for whoever the recipients stand for: a new file key each time. */
export async function beginAgeFile(recipients: readonly Recipient[]): Promise<AgeSeal> {
  const fileKey = randomBytes(FILE_KEY_BYTES)
  let header = 'age-encryption.org/v1\n'
  for (const recipient of recipients)
    for (const stanza of await recipient.wrapFileKey(fileKey)) header += stanzaText(stanza)
  header += '---'
  const mac = createHmac('sha256', derive(fileKey, Buffer.alloc(0), 'header'))
    .update(header)
    .digest()
  const nonce = randomBytes(NONCE_BYTES)
  return {
    start: Buffer.concat([Buffer.from(`${header} ${base64(mac)}\n`, 'latin1'), nonce]),
    payloadKey: derive(fileKey, nonce, 'payload'),
  }
}

/** Size of the age file over so many bytes. */
export function sealedBytes({ start }: AgeSeal, plainBytes: number): number {
  return start.length + plainBytes + TAG_BYTES * Math.max(1, Math.ceil(plainBytes / CHUNK_BYTES))
}

function stanzaText({ args, body }: Stanza): string {
  let text = `-> ${args.join(' ')}\n`
  for (let at = 0; at <= body.length; at += LINE_BYTES)
    text += `${base64(body.subarray(at, at + LINE_BYTES))}\n`
  return text
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}

function derive(fileKey: Buffer, salt: Buffer, label: string): Buffer {
  return Buffer.from(hkdfSync('sha256', fileKey, salt, label, 32))
}

/**
 * STREAM of age with OpenSSL's ChaCha20-Poly1305: chunks of 64 KiB, each under the next nonce, the last one marked. What
 * `update` is given may be overwritten once it returns.
 */
export class PayloadCipher {
  readonly #key: Buffer
  readonly #nonce = Buffer.alloc(12)
  readonly #pending = Buffer.allocUnsafe(CHUNK_BYTES)
  #filled = 0
  #isEnded = false

  constructor(key: Buffer) {
    this.#key = key
  }

  /** Whole chunks that are known not to be the last. */
  update(bytes: Buffer): Buffer[] {
    const sealed: Buffer[] = []
    for (let at = 0; at < bytes.length; ) {
      if (this.#filled === CHUNK_BYTES) sealed.push(...this.#sealPending())
      if (this.#filled === 0)
        for (; bytes.length - at > CHUNK_BYTES; at += CHUNK_BYTES)
          sealed.push(...this.#seal(bytes.subarray(at, at + CHUNK_BYTES)))
      const copied = bytes.copy(this.#pending, this.#filled, at)
      this.#filled += copied
      at += copied
    }
    return sealed
  }

  /** The last chunk; empty only where the whole content is. */
  final(): Buffer[] {
    if (this.#isEnded) throw new Error('the file has ended already')
    this.#isEnded = true
    this.#nonce[11] = 1
    return this.#sealPending()
  }

  #sealPending(): Buffer[] {
    const sealed = this.#seal(this.#pending.subarray(0, this.#filled))
    this.#filled = 0
    return sealed
  }

  #seal(chunk: Buffer): Buffer[] {
    const cipher = createCipheriv('chacha20-poly1305', this.#key, this.#nonce, { authTagLength: TAG_BYTES })
    const sealed = cipher.update(chunk)
    cipher.final()
    // The counter of 11 bytes, big-endian; six of them count far beyond any file.
    this.#nonce.writeUIntBE(this.#nonce.readUIntBE(5, 6) + 1, 5, 6)
    return [sealed, cipher.getAuthTag()]
  }
}
