import { createHmac, timingSafeEqual } from 'node:crypto'

const MAC_BYTES = 16

/**
 * Short values that the server hands out and knows again without keeping them. Each purpose has a key of its own, so that
 * a token for one thing never counts for another.
 */
export class Tokens {
  readonly #key: Buffer

  /** `secret` is the server's own, of 32 bytes. */
  constructor(secret: Uint8Array, purpose: 'pow' | 'nonce' | 'upload') {
    this.#key = createHmac('sha256', secret).update(`saksi/v1/server/${purpose}`).digest()
  }

  mac(payload: Uint8Array): Buffer {
    return createHmac('sha256', this.#key).update(payload).digest().subarray(0, MAC_BYTES)
  }

  isOurs(payload: Uint8Array, mac: Uint8Array): boolean {
    return mac.length === MAC_BYTES && timingSafeEqual(this.mac(payload), mac)
  }

  /** Payload and mac as base64url. */
  seal(payload: Uint8Array): string {
    return Buffer.concat([payload, this.mac(payload)]).toString('base64url')
  }

  /** The payload of a token of ours, or null. */
  open(token: string): Buffer | null {
    const bytes = Buffer.from(token, 'base64url')
    const payload = bytes.subarray(0, -MAC_BYTES)
    return bytes.length > MAC_BYTES && this.isOurs(payload, bytes.subarray(-MAC_BYTES)) ? payload : null
  }
}
