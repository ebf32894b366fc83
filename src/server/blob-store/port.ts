import { ServerError } from '../errors.ts'

/** Where parts of sealed files are kept. A key names the digest of what lies under it and the one blob it belongs to. */
export interface BlobStore {
  /** Returns when the bytes are durable under their key. Putting the same again is no error. */
  put(blobId: Buffer, bytes: Buffer, sha256: Buffer): Promise<string>
  /** The bytes, or null when there are none, or others than were put there. */
  get(key: string): Promise<Buffer | null>
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>
  /** All keys that are older than `ageMs`. What has no key of ours is not among them. */
  list(ageMs: number): AsyncIterable<string>
}

const KEY = /^[0-9a-f]{64}-[0-9a-f]{32}$/

/** The key of a part: `<SHA-256 of its bytes>-<its blob>`, in lower-case hexadecimal digits. */
export function keyOf(blobId: Buffer, sha256: Buffer): string {
  return `${sha256.toString('hex')}-${blobId.toString('hex')}`
}

export function isKey(text: string): boolean {
  return KEY.test(text)
}

/** Throws `SERVER_DATA` for what is no key: nothing else may become a path or the name of an object. */
export function assertKey(key: string): void {
  if (isKey(key)) return
  throw new ServerError('SERVER_DATA', 'A key of the store for sealed files is not one.')
}

/** The blob that a key belongs to. */
export function blobIdOf(key: string): Buffer {
  return Buffer.from(key.slice(65), 'hex')
}

/** The SHA-256, in hexadecimal digits, of what lies under a key. */
export function digestOf(key: string): string {
  return key.slice(0, 64)
}
