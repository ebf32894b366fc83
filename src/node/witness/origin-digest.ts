import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, textToUtf8 } from '#lib/bytes/index.ts'

/** 64 hexadecimal digits under which a log is stored and asked for: SHA-256 of its origin. */
export function originDigest(origin: string): string {
  return bytesToHex(sha256(textToUtf8(origin) ?? new Uint8Array(0)))
}
