import zlib from 'node:zlib'
import type { Needle } from './needles.ts'

/** Bytes that a thief has, and where from. */
export interface Loot {
  readonly name: string
  readonly bytes: Buffer
}

export interface Find {
  readonly where: string
  readonly what: string
}

/** What is packed is unpacked so far, and no further; and what is packed in it, so many times over. */
const MAX_UNPACKED_BYTES = 1 << 20
const MAX_PACKED_BYTES = 1 << 16
const MIN_PACKED_BYTES = 64
const MAX_DEPTH = 3

/** Finds needles in any loot, also in what is compressed in it, from any byte on. */
export class Search {
  readonly #byHead = new Map<number, Needle[]>()
  /** One bit for each three first bytes: almost every place is passed by without another look. */
  readonly #heads = new Uint8Array(1 << 21)

  constructor(needles: readonly Needle[]) {
    for (const needle of needles) {
      const head = needle.bytes.readUIntBE(0, 3)
      this.#heads[head >> 3] = (this.#heads[head >> 3] ?? 0) | (1 << (head & 7))
      this.#byHead.set(head, [...(this.#byHead.get(head) ?? []), needle])
    }
  }

  in({ name, bytes }: Loot, depth = 0): Find[] {
    const finds: Find[] = []
    let head = 0
    for (let at = 0; at < bytes.length; at++) {
      head = ((head << 8) | (bytes[at] ?? 0)) & 0xffffff
      if (at < 2) continue
      const start = at - 2
      if (((this.#heads[head >> 3] ?? 0) & (1 << (head & 7))) !== 0) {
        for (const needle of this.#byHead.get(head) ?? []) {
          if (bytes.subarray(start, start + needle.bytes.length).equals(needle.bytes))
            finds.push({ where: name, what: needle.what })
        }
      }
      if (depth >= MAX_DEPTH) continue
      const unpacked = unpackAt(bytes, start, head)
      if (unpacked === null) continue
      finds.push(...this.in({ name: `${name}, unpacked at ${start}`, bytes: unpacked }, depth + 1))
    }
    return finds
  }
}

type Unpack = (packed: Buffer) => Buffer

const BOUNDS = { maxOutputLength: MAX_UNPACKED_BYTES, finishFlush: zlib.constants.Z_SYNC_FLUSH }
const GZIP = 0x1f8b08
const ZSTD = 0x28b52f
/** The beginnings of gzip in hexadecimal digits and in base64. */
const GZIP_HEX = 0x316638
const GZIP_BASE64 = 0x483473

/** What begins here, if it is compressed: gzip, zlib, zstd where Node has it, and gzip written as text. */
function unpackAt(bytes: Buffer, at: number, head: number): Buffer | null {
  if (head === GZIP) {
    // Node takes what follows a stream of gzip for another one, and refuses both when it is none.
    return unpacked(bytes, at, (packed) =>
      zlib.inflateRawSync(packed.subarray(gzipHeadBytes(packed)), BOUNDS),
    )
  }
  const two = head >>> 8
  if (two >>> 8 === 0x78 && two % 31 === 0)
    return unpacked(bytes, at, (packed) => zlib.inflateSync(packed, BOUNDS))
  if (head === ZSTD && 'zstdDecompressSync' in zlib) {
    // Newer releases of Node have it; the types are those of the oldest one.
    const zstd = zlib.zstdDecompressSync as (packed: Buffer, options: object) => Buffer
    return unpacked(bytes, at, (packed) => zstd(packed, { maxOutputLength: MAX_UNPACKED_BYTES }))
  }
  if (head === GZIP_HEX) return asText(bytes, at, /^(?:[0-9a-f]{2})+/i, 'hex')
  if (head === GZIP_BASE64) return asText(bytes, at, /^[A-Za-z0-9+/_-]+/, 'base64')
  return null
}

/** RFC 1952, 2.3: ten bytes, then what its flags say. */
function gzipHeadBytes(packed: Buffer): number {
  const flags = packed[3] ?? 0
  let bytes = 10
  if ((flags & 4) !== 0) bytes += 2 + packed.readUInt16LE(bytes)
  for (const flag of [8, 16]) if ((flags & flag) !== 0) bytes = packed.indexOf(0, bytes) + 1
  return (flags & 2) === 0 ? bytes : bytes + 2
}

/**
 * A stream may be followed by anything, or broken off by a page of the database: as long a piece of it as gives something is
 * unpacked.
 */
function unpacked(bytes: Buffer, at: number, unpack: Unpack): Buffer | null {
  for (let length = MAX_PACKED_BYTES; length >= MIN_PACKED_BYTES; length >>= 1) {
    if (at + length / 2 > bytes.length && length > MIN_PACKED_BYTES) continue
    try {
      return unpack(bytes.subarray(at, at + length))
    } catch {
      // Not a stream, or longer or shorter than this piece.
    }
  }
  return null
}

function asText(bytes: Buffer, at: number, form: RegExp, encoding: 'hex' | 'base64'): Buffer | null {
  const text = form.exec(bytes.toString('latin1', at, at + MAX_PACKED_BYTES))?.[0] ?? ''
  return text.length < 32 ? null : Buffer.from(text, encoding)
}
