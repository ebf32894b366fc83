import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { type DecodeMode, DecodePool, type PictureResult } from '#cli/decode/index.ts'
import { distance, fingerprint, fromHex, type Pixels } from '#lib/phash/index.ts'
import { randomFromInteger, turnQuarters } from '#lib/scenes/index.ts'
import { brandOnly, grayPng, ownBytes, scene } from './picture-fixtures.ts'

const workerUrl = pathToFileURL(join(import.meta.dirname, '..', 'dist', 'decode-worker.js'))
const pool = new DecodePool(workerUrl, 2)
afterAll(() => pool.close())

const read = (bytes: Uint8Array, mode: DecodeMode = 'exact'): Promise<PictureResult> =>
  pool.run({ bytes: ownBytes(bytes), mode, plan: 'whole' })

async function codeOf(bytes: Uint8Array): Promise<string> {
  const result = await read(bytes)
  return result.ok ? 'ok' : result.failure.error.code
}

async function printOf(bytes: Uint8Array, mode: DecodeMode = 'exact') {
  const result = await read(bytes, mode)
  if (!result.ok) throw new Error(result.failure.error.code)
  const [print] = result.picture.prints
  if (!print) throw new Error('no print')
  return { ...result.picture, hash: fromHex(print.pdq) }
}

const { pixels, image } = scene(3)
const bitsFrom = async (bytes: Uint8Array, original: Pixels = pixels): Promise<number> =>
  distance((await printOf(bytes)).hash, fingerprint(original).hash)

describe('formats', () => {
  it.each([
    ['image/jpeg', () => image().jpeg({ quality: 85 }), 4],
    ['image/jpeg', () => image().jpeg({ quality: 85, progressive: true }), 4],
    ['image/png', () => image().png(), 0],
    ['image/png', () => image().png({ palette: true }), 6],
    ['image/png', () => image().toColourspace('rgb16').png(), 0],
    ['image/png', () => image().ensureAlpha(0.5).png(), 0],
    ['image/webp', () => image().webp({ quality: 85 }), 6],
    ['image/webp', () => image().webp({ lossless: true }), 0],
    ['image/gif', () => image().gif(), 6],
    ['image/avif', () => image().avif({ effort: 0 }), 6],
    ['image/tiff', () => image().tiff({ compression: 'lzw' }), 0],
    ['image/jpeg', () => image().toColourspace('cmyk').jpeg({ quality: 90 }), 10],
  ] as const)('%s gives the fingerprint of its pixels (%#)', async (type, make, maxBits) => {
    const bytes = await make().toBuffer()
    expect(await printOf(bytes)).toMatchObject({ type, width: 640, height: 480 })
    expect(await bitsFrom(bytes)).toBeLessThanOrEqual(maxBits)
  })

  it('reads the first frame of an animation', async () => {
    const second = scene(4)
    const frames = Buffer.concat([pixels.data, second.pixels.data])
    const raw = { width: 640, height: 960, channels: 3 as const, pageHeight: 480 }
    const bytes = await sharp(frames, { raw }).gif({ loop: 0 }).toBuffer()
    expect((await sharp(bytes).metadata()).pages).toBe(2)
    expect((await printOf(bytes)).height).toBe(480)
    expect(await bitsFrom(bytes)).toBeLessThanOrEqual(6)
  })

  it('reads gray pictures with and without transparency and with 16 bits', async () => {
    const luma = pixels.data.filter((_, i) => i % 3 === 1)
    const gray: Pixels = { data: luma, width: 640, height: 480, format: 'luma8' }
    const from = (data: Uint8Array, channels: 1 | 2) =>
      sharp(data, { raw: { width: 640, height: 480, channels } }).toColourspace('b-w')
    const withAlpha = new Uint8Array(2 * luma.length)
    for (let i = 0; i < luma.length; i++) withAlpha.set([luma[i] ?? 0, 128], 2 * i)
    expect(await bitsFrom(await from(luma, 1).png().toBuffer(), gray)).toBe(0)
    expect(await bitsFrom(await from(withAlpha, 2).png().toBuffer(), gray)).toBe(0)
    expect(await bitsFrom(await from(luma, 1).jpeg({ quality: 90 }).toBuffer(), gray)).toBeLessThanOrEqual(4)
    const deep = await from(luma, 1).toColourspace('grey16').png().toBuffer()
    expect(await bitsFrom(deep, gray)).toBeLessThanOrEqual(2)
  })

  it('applies each of the eight EXIF orientations', async () => {
    const mirrored: Pixels = { ...pixels, data: await image().flop().raw().toBuffer() }
    const rgb = (p: Pixels) => ({ ...p, data: Uint8Array.from(p.data), format: 'rgb8' as const })
    const turned = (p: Pixels, turns: 0 | 1 | 2 | 3): Pixels => (turns ? turnQuarters(rgb(p), turns) : p)
    const upright: Record<number, Pixels> = {
      1: pixels,
      2: mirrored,
      3: turned(pixels, 2),
      4: turned(mirrored, 2),
      5: turned(mirrored, 3),
      6: turned(pixels, 1),
      7: turned(mirrored, 1),
      8: turned(pixels, 3),
    }
    for (const [orientation, expected] of Object.entries(upright)) {
      const bytes = await image()
        .jpeg({ quality: 90 })
        .withMetadata({ orientation: Number(orientation) })
        .toBuffer()
      expect(await printOf(bytes)).toMatchObject({ width: expected.width, height: expected.height })
      expect(await bitsFrom(bytes, expected), `orientation ${orientation}`).toBeLessThanOrEqual(4)
    }
  })
})

describe('what cannot be read', () => {
  it('refuses pictures that are cut off, and those with an end marker put behind the cut', async () => {
    const made = [
      image().jpeg(),
      image().jpeg({ progressive: true }),
      image().png(),
      image().webp(),
      image().gif(),
      image().avif({ effort: 0 }),
      image().tiff({ compression: 'lzw' }),
    ]
    for (const bytes of await Promise.all(made.map((one) => one.toBuffer())))
      for (const share of [0.3, 0.6, 0.9])
        expect(await codeOf(bytes.subarray(0, Math.floor(bytes.length * share)))).toBe('PICTURE_DAMAGED')
    const jpeg = await image().jpeg().toBuffer()
    expect(await codeOf(jpeg.subarray(0, -2))).toBe('PICTURE_DAMAGED')
    const ended = Buffer.concat([jpeg.subarray(0, jpeg.length / 2), Buffer.from([0xff, 0xd9])])
    expect(await codeOf(ended)).toBe('PICTURE_DAMAGED')
  })

  it('reads whole JPEGs that phones and editors write a little wrong', async () => {
    const jpeg = await image().jpeg().toBuffer()
    const afterFirstSegment = 4 + jpeg.readUInt16BE(4)
    const stray = Buffer.concat([
      jpeg.subarray(0, afterFirstSegment),
      Buffer.alloc(3),
      jpeg.subarray(afterFirstSegment),
    ])
    const oddScan = Buffer.from(jpeg)
    const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]))
    oddScan[scan + jpeg.readUInt16BE(scan + 2)] = 0
    for (const bytes of [stray, oddScan, Buffer.concat([jpeg, Buffer.from('trailing')])])
      expect(await bitsFrom(bytes)).toBeLessThanOrEqual(4)
  })

  it('refuses bombs by their header, without unpacking them', async () => {
    expect(await codeOf(grayPng(100_000, 100_000, 1))).toBe('PICTURE_TOO_LARGE')
    const real = grayPng(12_000, 12_000, 12_000)
    expect(real.length).toBeLessThan(1_000_000)
    expect(await codeOf(real)).toBe('PICTURE_TOO_LARGE')
  })

  it.each([
    ['nothing', '', 'NOT_A_PICTURE'],
    ['HTML', '<!doctype html><title>x</title>', 'NOT_A_PICTURE'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>', 'NOT_A_PICTURE'],
    ['PDF', '%PDF-1.7\n%%EOF', 'NOT_A_PICTURE'],
    ['zip', 'PK\x05\x06\0\0\0\0', 'NOT_A_PICTURE'],
  ])('refuses %s by its content', async (_, text, code) => {
    expect(await codeOf(Buffer.from(text, 'latin1'))).toBe(code)
  })

  it('names HEIC as not supported and keeps its digests', async () => {
    const result = await read(brandOnly('heic'))
    expect(result).toMatchObject({ ok: false, failure: { error: { code: 'UNSUPPORTED_PICTURE' } } })
    expect(!result.ok && result.failure.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('answers for 200 files of noise with a JPEG start, and a good picture among them', async () => {
    const random = randomFromInteger(11)
    const noise = Array.from({ length: 200 }, () => {
      const bytes = Uint8Array.from({ length: random.whole(4, 4000) }, () => random.below(256))
      bytes.set([0xff, 0xd8, 0xff, random.pick([0xe0, 0xdb, 0xc0, 0xda])])
      return bytes
    })
    const good = read(await image().png().toBuffer())
    const codes = new Set(await Promise.all(noise.map(codeOf)))
    expect([...codes]).toEqual(['PICTURE_DAMAGED'])
    expect((await good).ok).toBe(true)
  })
})

describe('pool', () => {
  const dying = new URL('./dying-worker.mjs', import.meta.url)
  const job = (first: number) => ({
    bytes: Uint8Array.of(first),
    mode: 'exact' as const,
    plan: 'whole' as const,
  })

  it('replaces a worker that dies and loses no other picture for good', async () => {
    const mortal = new DecodePool(dying, 2)
    try {
      const firsts = Array.from({ length: 60 }, (_, i) => (i % 20 === 10 ? 0 : i + 1))
      const results = await Promise.all(firsts.map((first) => mortal.run(job(first))))
      const answered = results.map((r) => (r.ok ? 'ok' : r.failure.error.code))
      const crashed = answered.flatMap((code, i) => (code === 'DECODER_CRASHED' ? [i] : []))
      expect(crashed).toEqual(expect.arrayContaining([10, 30, 50]))
      // A death takes at most the other picture of the same worker with it.
      expect(crashed.length).toBeLessThanOrEqual(6)
      for (const [i, result] of results.entries())
        if (!crashed.includes(i)) expect(!result.ok && result.failure.sha256).toBe(String(firsts[i]))
    } finally {
      await mortal.close()
    }
  })

  it('ends with a code when every worker dies at once', async () => {
    const mortal = new DecodePool(dying, 1)
    try {
      const ends = await Promise.allSettled(Array.from({ length: 60 }, () => mortal.run(job(0))))
      for (const end of ends)
        expect(end).toMatchObject(
          end.status === 'fulfilled'
            ? { value: { failure: { error: { code: 'DECODER_CRASHED' } } } }
            : { reason: { code: 'DECODER_CRASHED' } },
        )
    } finally {
      await mortal.close()
    }
  })

  it('takes no more than its capacity', async () => {
    const small = new DecodePool(dying, 2)
    try {
      expect(small.capacity).toBe(4)
      const jobs = Array.from({ length: 12 }, () => job(1))
      const all = Promise.all(jobs.map((one) => small.run(one)))
      await new Promise((resolve) => setImmediate(resolve))
      // A job that was handed over has lost its bytes.
      expect(jobs.filter((one) => one.bytes.length === 0)).toHaveLength(4)
      await all
    } finally {
      await small.close()
    }
  })

  it('keeps its memory bounded over 300 pictures of 12 megapixels', async () => {
    const bytes = await scene(9, 4000, 3000).image().jpeg().toBuffer()
    const startBytes = process.memoryUsage().rss
    let peakBytes = 0
    for (let i = 0; i < 300; i += pool.capacity) {
      await Promise.all(Array.from({ length: pool.capacity }, () => read(bytes)))
      peakBytes = Math.max(peakBytes, process.memoryUsage().rss)
    }
    expect(peakBytes - startBytes).toBeLessThan(600e6)
  })
})

describe('fast mode', () => {
  it('stays within few bits of the exact fingerprint, in JPEG and WebP', async () => {
    const bits: number[] = []
    for (let seed = 900; seed < 924; seed++) {
      const bytes = await scene(seed, 4000, 3000).image().jpeg({ quality: 85 }).toBuffer()
      const [exact, fast] = [await printOf(bytes), await printOf(bytes, 'fast')]
      expect(fast).toMatchObject({ width: 4000, height: 3000 })
      bits.push(distance(exact.hash, fast.hash))
    }
    expect(Math.max(...bits)).toBeLessThanOrEqual(10)
    expect(bits.reduce((sum, one) => sum + one) / bits.length).toBeLessThanOrEqual(4)
    const webp = await scene(930, 4000, 3000).image().webp({ effort: 0 }).toBuffer()
    expect(distance((await printOf(webp)).hash, (await printOf(webp, 'fast')).hash)).toBeLessThanOrEqual(10)
  })

  it('changes nothing about small pictures', async () => {
    for (const [width, height] of [
      [1280, 960],
      [30, 20],
      [4000, 60],
    ] as const) {
      const bytes = await scene(5, width, height).image().jpeg().toBuffer()
      expect((await printOf(bytes, 'fast')).prints).toEqual((await printOf(bytes)).prints)
    }
  })
})
