import { deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { drawScene } from '#lib/scenes/index.ts'

/** A drawn scene and the same as a picture to be saved in any format. */
export function scene(seed: number, width = 640, height = 480) {
  const pixels = drawScene(seed, { width, height })
  const image = (): Sharp => sharp(pixels.data, { raw: { width, height, channels: 3 } })
  return { pixels, image }
}

/** A copy with a buffer of its own, because the pool takes the buffer away. */
export function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes)
}

function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(data.length)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}

function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

/** A gray PNG of the size its header claims; `rows` black rows are really there. */
export function grayPng(width: number, height: number, rows: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(rows * (width + 1)))),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** The start of an ISO base media file of one brand, and nothing usable after it. */
export function brandOnly(brand: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, 0, 0, 24]),
    Buffer.from(`ftyp${brand}\0\0\0\0mif1${brand}`, 'latin1'),
    Buffer.alloc(400),
  ])
}
