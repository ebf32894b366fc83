import { base64ToBytes, bytesToBase64 } from '../../bytes/index.ts'

/** base64url without padding (RFC 4648 section 5). */
export function bytesToBase64url(bytes: Uint8Array): string {
  return bytesToBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/**
 * The bytes of base64url text without padding, or null unless it is the one text `bytesToBase64url` writes for them; with
 * `lengthBytes` also null for any other length.
 */
export function base64urlToBytes(text: string, lengthBytes?: number): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null
  if (lengthBytes !== undefined && text.length !== Math.ceil((lengthBytes * 4) / 3)) return null
  const padding = '='.repeat((4 - (text.length % 4)) % 4)
  return base64ToBytes(text.replaceAll('-', '+').replaceAll('_', '/') + padding)
}
