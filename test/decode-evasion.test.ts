import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { DecodePool, type PictureResult, type PrintPlan } from '#cli/decode/index.ts'
import { distance, fingerprint, fromHex, type Pixels } from '#lib/phash/index.ts'
import { ownBytes, scene } from './picture-fixtures.ts'

const MATCH_RADIUS = 31
const workerUrl = pathToFileURL(join(import.meta.dirname, '..', 'dist', 'decode-worker.js'))
const pool = new DecodePool(workerUrl, 2)
afterAll(() => pool.close())

const run = (bytes: Uint8Array, plan: PrintPlan = 'query'): Promise<PictureResult> =>
  pool.run({ bytes: ownBytes(bytes), mode: 'exact', plan })

async function lookUp(bytes: Uint8Array) {
  const result = await run(bytes)
  if (!result.ok) throw new Error(result.failure.error.code)
  return result.picture
}

const codeOf = (result: PictureResult): string => (result.ok ? 'ok' : result.failure.error.code)

/** Distance of the nearest usable print. */
async function bitsFrom(bytes: Uint8Array, original: Pixels): Promise<number> {
  const { prints } = await lookUp(bytes)
  const { hash } = fingerprint(original)
  return Math.min(...prints.filter(({ usable }) => usable).map(({ pdq }) => distance(fromHex(pdq), hash)))
}

const { pixels, image } = scene(3)

/** The same PNG with one wrong bit in the checksum of its first data chunk. */
function withBadChecksum(png: Buffer): Buffer {
  const bytes = Buffer.from(png)
  const type = bytes.indexOf('IDAT')
  const at = type + 4 + bytes.readUInt32BE(type - 4)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes
}

async function damagedCopies(): Promise<[string, Buffer][]> {
  const jpeg = await image().jpeg({ quality: 85 }).toBuffer()
  const progressive = await image().jpeg({ progressive: true }).toBuffer()
  const png = await image().png().toBuffer()
  const gif = await image().gif().toBuffer()
  const cut = (bytes: Buffer, share: number) => bytes.subarray(0, Math.floor(bytes.length * share))
  return [
    ['JPEG without its end marker', jpeg.subarray(0, -2)],
    ['JPEG cut at 95 %', cut(jpeg, 0.95)],
    ['progressive JPEG cut at 60 %', cut(progressive, 0.6)],
    ['PNG with a bad checksum', withBadChecksum(png)],
    ['PNG cut at 97 %', cut(png, 0.97)],
    ['GIF cut at 97 %', cut(gif, 0.97)],
  ]
}

describe('a damaged copy', () => {
  it('is looked up by what can be read of it, and marked as partial', async () => {
    for (const [name, bytes] of await damagedCopies()) {
      expect(await lookUp(bytes), name).toMatchObject({ isPartial: true, width: 640, height: 480 })
      expect(await bitsFrom(bytes, pixels), name).toBeLessThanOrEqual(MATCH_RADIUS)
    }
  })

  it('is compared without the rows that were never filled', async () => {
    const jpeg = await image().jpeg().toBuffer()
    const half = jpeg.subarray(0, Math.floor(jpeg.length / 2))
    const decoded = await sharp(half, { failOn: 'none' }).raw().toBuffer()
    let rows = 480
    while (decoded.subarray((rows - 1) * 1920, rows * 1920).every((value) => value === 128)) rows--
    expect(rows).toBeLessThan(400)
    const upper = { ...pixels, data: pixels.data.subarray(0, rows * 1920), height: rows }
    expect(await bitsFrom(half, upper)).toBeLessThanOrEqual(MATCH_RADIUS)
  })

  it('is refused by every other plan', async () => {
    for (const [name, bytes] of await damagedCopies())
      for (const plan of ['register', 'whole', 'standard'] as const)
        expect(codeOf(await run(bytes, plan)), name).toBe('PICTURE_DAMAGED')
  })

  it('stays damaged when nothing usable is left of it', async () => {
    const jpeg = await image().jpeg().toBuffer()
    const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]))
    for (const end of [4, scan, scan + 20])
      expect(codeOf(await run(jpeg.subarray(0, end)))).toBe('PICTURE_DAMAGED')
  })

  it('is not what a whole picture is called', async () => {
    expect(await lookUp(await image().jpeg().toBuffer())).not.toHaveProperty('isPartial')
  })
})

describe('a copy hidden from the first look', () => {
  const blank = Buffer.alloc(640 * 480 * 3, 200)
  const animation = (...frames: Uint8Array[]) =>
    sharp(Buffer.concat(frames), {
      raw: { width: 640, height: 480 * frames.length, channels: 3, pageHeight: 480 },
    })

  it.each([
    ['last', [blank, blank, blank, pixels.data]],
    ['middle', [blank, blank, pixels.data, blank]],
    ['first', [pixels.data, blank, blank]],
  ] as const)('is found in the %s frame of an animation', async (_, frames) => {
    for (const made of [animation(...frames).gif(), animation(...frames).webp({ quality: 85 })]) {
      const bytes = await made.toBuffer()
      expect((await sharp(bytes).metadata()).pages).toBeGreaterThan(1)
      expect(await bitsFrom(bytes, pixels)).toBeLessThanOrEqual(10)
    }
  })

  it('is found on a later page of a TIFF', async () => {
    const bytes = await animation(blank, pixels.data).tiff({ compression: 'lzw' }).toBuffer()
    expect((await sharp(bytes).metadata()).pages).toBe(2)
    expect(await bitsFrom(bytes, pixels)).toBe(0)
  })

  it('is read in three frames at most', async () => {
    const frames = Array.from({ length: 9 }, (_, i) => scene(40 + i).pixels.data)
    const { prints } = await lookUp(
      await animation(...frames)
        .gif()
        .toBuffer(),
    )
    expect(prints.filter(({ name }) => name === 'whole')).toHaveLength(3)
  })

  it('is found where transparency shows it on black only', async () => {
    const luma = pixels.data.filter((_, i) => i % 3 === 1)
    const raw = { width: 640, height: 480, channels: 1 as const }
    const white = sharp(Buffer.alloc(640 * 480 * 3, 255), { raw: { ...raw, channels: 3 } })
    const bytes = await white.joinChannel(Buffer.from(luma), { raw }).png().toBuffer()
    const gray: Pixels = { data: luma, width: 640, height: 480, format: 'luma8' }
    expect(await bitsFrom(bytes, gray)).toBeLessThanOrEqual(2)
  })
})

describe('large pictures', () => {
  const large = new URL('./large-worker.mjs', import.meta.url)

  it('are unpacked one at a time, also after a worker died with its turn, and keep their digests', async () => {
    const mortal = new DecodePool(large, 3)
    try {
      const firsts = [1, 2, 0, 3, 4, 5, 0, 6, 7, 8]
      const results = await Promise.all(
        firsts.map((first) => mortal.run({ bytes: Uint8Array.of(first), mode: 'exact', plan: 'query' })),
      )
      const held: [number, number][] = []
      for (const [i, result] of results.entries()) {
        if (codeOf(result) === 'DECODER_CRASHED')
          expect(result).toMatchObject({ failure: { sha256: `sha${firsts[i]}`, md5: 'md5' } })
        else if (!result.ok) held.push([Number(result.failure.sha256), Number(result.failure.md5)])
      }
      // A death takes at most the other picture of the same worker with it.
      expect(held.length).toBeGreaterThanOrEqual(6)
      held.sort(([a], [b]) => a - b)
      for (const [i, [from]] of held.entries()) expect(from).toBeGreaterThanOrEqual(held[i - 1]?.[1] ?? 0)
    } finally {
      await mortal.close()
    }
  })

  it('do not add up in memory', async () => {
    const side = 5500
    const raw = { width: side, height: side, channels: 4 as const }
    const png = await sharp(Buffer.alloc(side * side * 4, 77), { raw })
      .png({ compressionLevel: 1 })
      .toBuffer()
    const wide = new DecodePool(workerUrl, 4)
    const startBytes = process.memoryUsage().rss
    let peakBytes = 0
    const timer = setInterval(() => {
      peakBytes = Math.max(peakBytes, process.memoryUsage().rss)
    }, 5)
    try {
      const job = () => wide.run({ bytes: ownBytes(png), mode: 'exact', plan: 'query' })
      const results = await Promise.all(Array.from({ length: 4 }, job))
      expect(results.map(codeOf)).toEqual(Array.from({ length: 4 }, () => 'ok'))
    } finally {
      clearInterval(timer)
      await wide.close()
    }
    expect(peakBytes - startBytes).toBeLessThan(700e6)
  })
})
