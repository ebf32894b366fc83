import { base64ToBytes, bytesToBase64, canonicalJson, utf8ToText } from '../../bytes/index.ts'
import { BundleError } from '../errors.ts'

/** Where a message stands in its export; the digest is null where the scan knows none. */
export interface MessagePlace {
  start: number
  end: number
  sha256: string | null
}

/**
 * The item of a sealed collection that stands for one message with one file: the canonical text (RFC 8785) of its place in
 * the export and both digests; no name, no words.
 */
export function itemText({ start, end, sha256 }: MessagePlace, fileSha256: string): string {
  const message = sha256 === null ? { start, end } : { start, end, sha256 }
  return canonicalJson({ message, attachment: { sha256: fileSha256 } }) ?? ''
}

/** The audit path of an item (RFC 6962 section 2.1.1), from its leaf to the root of its collection. */
export interface ItemPath {
  index: number
  hashes: readonly Uint8Array[]
}

/** A tree of 2^52 leaves has no longer path. */
const MOST_HASHES = 52

export function formatItemPath({ index, hashes }: ItemPath): string {
  return `index ${index}\n${hashes.map((hash) => `${bytesToBase64(hash)}\n`).join('')}`
}

/** Reads an `.item.path` file in the one form `formatItemPath` writes. Throws `BundleError` `PROOF_MISSING`. */
export function parseItemPath(bytes: Uint8Array): ItemPath {
  const text = utf8ToText(bytes) ?? ''
  const [, digits, rest] = /^index (0|[1-9][0-9]{0,14})\n((?:[A-Za-z0-9+/]{43}=\n)*)$/.exec(text) ?? []
  if (digits === undefined || rest === undefined) throw malformed()
  const hashes = rest === '' ? [] : rest.slice(0, -1).split('\n').map(decode)
  if (hashes.length > MOST_HASHES) throw malformed()
  return { index: Number(digits), hashes }
}

function decode(text: string): Uint8Array {
  const bytes = base64ToBytes(text)
  if (bytes === null || bytes.length !== 32) throw malformed()
  return bytes
}

function malformed(): BundleError {
  return new BundleError('PROOF_MISSING', 'The path of an item is not in its one exact form.')
}
