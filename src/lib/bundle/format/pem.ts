import { bytesToBase64 } from '../../bytes/index.ts'
import { base64ToBytes } from './base64.ts'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g

/** The DER bytes of every certificate in PEM text, in order. Throws `BundleError` `BASE64_INVALID`. */
export function certificatesOfPem(text: string): Uint8Array<ArrayBuffer>[] {
  return [...text.matchAll(CERTIFICATE)].map(([, body = '']) => base64ToBytes(body.replace(/\s+/g, '')))
}

export function certificatePem(der: Uint8Array): string {
  const lines = bytesToBase64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
