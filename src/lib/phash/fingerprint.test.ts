import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FingerprintError } from './errors.ts'
import { dihedral, fingerprint, fingerprintWith, orientations } from './fingerprint.ts'
import { distance, toHex } from './hash.ts'
import { crop, type Pixels } from './pixels.ts'
import { trims } from './trims.ts'
import { typescriptKernel } from './typescript-kernel.ts'
import { variants } from './variants.ts'
import { generate } from './vectors/generate.ts'
import { WasmKernel } from './wasm-kernel.ts'
import { MEMORY } from './wasm-memory.ts'
import { instantiate } from './wasm-module.ts'

const KERNELS = ['typescript', 'wasm'] as const
const FORMATS = ['luma8', 'rgb8', 'rgba8'] as const
const CHANNELS = { luma8: 1, rgb8: 3, rgba8: 4 }

function draw(generator: string, seed: number, width: number, height: number, channels: 1 | 3 = 1): Pixels {
  const data = generate(generator, seed, width, height, channels)
  return { data, width, height, format: channels === 1 ? 'luma8' : 'rgb8' }
}

function random(seed: number, width: number, height: number, format: Pixels['format']): Pixels {
  return { data: generate('noise', seed, width * CHANNELS[format], height, 1), width, height, format }
}

function popcount(hash: Uint8Array): number {
  return distance(hash, new Uint8Array(32))
}

function codeOf(call: () => unknown): string | null {
  try {
    call()
    return null
  } catch (error) {
    return error instanceof FingerprintError ? error.code : String(error)
  }
}

describe.each(KERNELS)('by the %s kernel', (kernel) => {
  it('finds bands flat, whatever their quality', () => {
    let highQuality = 0
    for (let seed = 0; seed < 200; seed++) {
      const width = 64 + ((seed * 37) % 300)
      const height = 64 + ((seed * 53) % 300)
      const isRows = seed % 2 === 0
      const band = generate('noise', seed, Math.ceil((isRows ? height : width) / 8), 1, 1)
      const data = new Uint8Array(width * height).map((_, at) => {
        const line = isRows ? Math.floor(at / width) : at % width
        return band[Math.floor(line / 8)] ?? 0
      })
      const print = fingerprintWith(kernel, { data, width, height, format: 'luma8' })
      expect([print.usable, print.reason], `${seed}`).toEqual([false, 'FLAT'])
      if (print.quality >= 50) highQuality++
    }
    expect(highQuality).toBeGreaterThan(100)
  })

  it('gives a gray picture the same fingerprint in every format', () => {
    for (const [seed, [width, height]] of [
      [64, 64],
      [200, 131],
      [512, 384],
      [700, 256],
    ].entries()) {
      const gray = draw('photo', seed, width ?? 0, height ?? 0)
      const expected = fingerprintWith(kernel, gray)
      for (const format of ['rgb8', 'rgba8'] as const) {
        const channels = CHANNELS[format]
        const data = new Uint8Array(gray.data.length * channels).map((_, at) =>
          at % channels === 3 ? (at * 31) % 256 : (gray.data[Math.floor(at / channels)] ?? 0),
        )
        expect(fingerprintWith(kernel, { ...gray, data, format }), format).toEqual(expected)
      }
    }
  })

  it('does not change when all pixels get brighter alike', () => {
    for (let seed = 0; seed < 20; seed++) {
      const dark = draw('photo', seed, 80 + 29 * seed, 90 + 17 * seed)
      const data = dark.data.map((value) => value >> 1)
      const print = fingerprintWith(kernel, { ...dark, data })
      for (const more of [1, 77, 128]) {
        const brighter = fingerprintWith(kernel, { ...dark, data: data.map((value) => value + more) })
        expect(distance(print.hash, brighter.hash), `${seed} +${more}`).toBe(0)
      }
    }
  })

  it('takes pictures of any size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(...FORMATS),
        fc.nat(1000),
        (width, height, format, seed) => {
          const { hash, quality, usable, reason } = fingerprintWith(
            kernel,
            random(seed, width, height, format),
          )
          expect(hash).toHaveLength(32)
          expect(Number.isInteger(quality) && quality >= 0 && quality <= 100).toBe(true)
          expect(usable).toBe(reason === undefined)
          expect(popcount(hash)).toBeLessThanOrEqual(128)
          if (Math.min(width, height) >= 64) expect(popcount(hash)).toBe(128)
          expect(reason === 'TOO_SMALL').toBe(Math.min(width, height) < 5)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('leaves the pixels as they were', () => {
    const picture = random(5, 321, 200, 'rgba8')
    const before = picture.data.slice()
    fingerprintWith(kernel, picture)
    fingerprintWith(kernel, picture, { prescale: 'nearest512' })
    expect(picture.data).toEqual(before)
  })
})

it('gives the same bits by both kernels', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 5, max: 700 }),
      fc.integer({ min: 5, max: 700 }),
      fc.constantFrom(...FORMATS),
      fc.nat(1000),
      (width, height, format, seed) => {
        const picture = random(seed, width, height, format)
        expect(fingerprintWith('wasm', picture)).toEqual(fingerprintWith('typescript', picture))
      },
    ),
    { numRuns: 60 },
  )
})

it('gives the same bits for lines longer than a strip and longer than the WASM kernel takes', () => {
  for (const [width, height, format] of [
    [23_168, 80, 'rgba8'],
    [5, 23_168, 'rgb8'],
    [23_169, 6, 'luma8'],
    [6, 30_000, 'rgb8'],
    [3000, 2400, 'luma8'],
  ] as const) {
    const picture = random(9, width, height, format)
    expect(fingerprintWith('wasm', picture), `${width}x${height}`).toEqual(
      fingerprintWith('typescript', picture),
    )
  }
})

it('leaves nothing of a picture in the memory of the WASM kernel', () => {
  const wasm = instantiate()
  if (!wasm) throw new Error('this runtime has no WebAssembly SIMD')
  const kernel = new WasmKernel(wasm)
  for (const format of FORMATS) {
    for (const [width, height] of [
      [5, 5],
      [513, 300],
      [3001, 200],
      [23_168, 30],
    ] as const) {
      const picture = random(3, width, height, format)
      const shared = kernel.spectrum(picture)
      expect(kernel.mirrorSpectra(picture).plain).toEqual(shared)
      const ofPicture = kernel.memory.subarray(0, MEMORY.cosines)
      expect(
        ofPicture.every((byte) => byte === 0),
        `${format} ${width}`,
      ).toBe(true)
      expect(shared).toEqual(typescriptKernel.spectrum(picture))
    }
  }
})

it('refuses sides and data that do not fit together', async () => {
  const data = new Uint8Array(100 * 100)
  const cases: [string, Partial<Pixels>][] = [
    ['BAD_DIMENSIONS', { width: 0 }],
    ['BAD_DIMENSIONS', { height: -1 }],
    ['BAD_DIMENSIONS', { width: 99.5 }],
    ['BAD_DIMENSIONS', { height: Number.NaN }],
    ['BAD_DIMENSIONS', { width: Number.POSITIVE_INFINITY }],
    ['TOO_LARGE', { width: 120_000_001, height: 1 }],
    ['TOO_LARGE', { width: 2 ** 40, height: 2 ** 40 }],
    ['BAD_LENGTH', { width: 120_000_000, height: 1 }],
    ['BAD_LENGTH', { width: 101 }],
    ['BAD_LENGTH', { data: data.subarray(1) }],
    ['BAD_LENGTH', { data: new Uint8Array(100 * 100 + 1) }],
    ['BAD_LENGTH', { format: 'rgb8' }],
  ]
  for (const [code, change] of cases) {
    const bad: Pixels = { data, width: 100, height: 100, format: 'luma8', ...change }
    const calls = [
      () => fingerprint(bad),
      () => fingerprintWith('reference32', bad),
      () => dihedral(bad),
      () => orientations(bad),
      () => variants(bad, 'basic'),
      () => trims(bad),
      () => crop(bad, { x: 0, y: 0, width: 1, height: 1 }),
    ]
    for (const call of calls) expect(codeOf(call), `${code} ${call.toString()}`).toBe(code)
  }
})

it('answers any sides with a fingerprint or a named error', () => {
  const side = fc.oneof(fc.integer({ min: -2, max: 40 }), fc.double())
  fc.assert(
    fc.property(side, side, fc.constantFrom(...FORMATS), fc.nat(5000), (width, height, format, length) => {
      const code = codeOf(() => fingerprint({ data: new Uint8Array(length), width, height, format }))
      expect([null, 'BAD_DIMENSIONS', 'TOO_LARGE', 'BAD_LENGTH']).toContain(code)
    }),
  )
})

it('uses the fastest kernel by itself', () => {
  const picture = draw('photo', 3, 300, 200, 3)
  expect(toHex(fingerprint(picture).hash)).toBe(toHex(fingerprintWith('wasm', picture).hash))
})
