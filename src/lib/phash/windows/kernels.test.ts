import { describe, expect, it, vi } from 'vitest'
import { distance, fromHex, HASH_BYTES } from '../hash.ts'
import { levelSides, pyramidOf } from './pyramid.ts'
import { typescriptWindows } from './typescript-windows.ts'
import { draw, paint, planeOf } from './vectors/pictures.ts'
import file from './vectors/windows.json' with { type: 'json' }
import { WasmWindows } from './wasm-windows.ts'
import { type WindowExports, windowInstances } from './wasm-windows-module.ts'
import type { WindowKernel } from './window-kernel.ts'

function instances(): () => WindowExports {
  const maker = windowInstances()
  if (!maker) throw new Error('this runtime has no WebAssembly SIMD')
  return maker
}

const KERNELS: [string, WindowKernel, number][] = [
  ['typescript', typescriptWindows, 0],
  ['wasm', new WasmWindows(instances()), 6],
]

describe.each(KERNELS)('by the %s kernel', (_name, kernel, tolerance) => {
  it.each(file.pictures)('gives the known prints and anchors of $generator', (known) => {
    const { generator, seed, width, height, side } = known
    const picture = kernel.open(planeOf(draw(generator, seed, width, height)))
    for (const { hash, quality, ...window } of known.windows) {
      const print = picture.print(window)
      expect(print, JSON.stringify(window)).not.toBeNull()
      const own = print?.hashes.subarray(0, HASH_BYTES) ?? new Uint8Array(HASH_BYTES)
      expect(distance(own, fromHex(hash)), JSON.stringify(window)).toBeLessThanOrEqual(tolerance)
      expect(Math.abs((print?.quality ?? -9) - quality)).toBeLessThanOrEqual(tolerance === 0 ? 0 : 1)
    }
    const anchors = picture.anchors(side, { x: 0, y: 0, width, height }, [6, 4])
    expect(anchors).toHaveLength(known.anchors.length)
    for (const [i, [cx = 0, cy = 0, strength = 0]] of known.anchors.entries()) {
      expect(Math.abs((anchors[i]?.cx ?? Number.NaN) - cx)).toBeLessThan(0.01)
      expect(Math.abs((anchors[i]?.cy ?? Number.NaN) - cy)).toBeLessThan(0.01)
      expect(Math.abs((anchors[i]?.strength ?? Number.NaN) - strength)).toBeLessThan(0.01)
    }
    picture.close()
  })

  it('calls a window flat that changes in one direction only', () => {
    const bands = kernel.open(planeOf(paint(400, 300, (x) => 128 + 100 * Math.sin(x / 9))))
    expect(bands.print({ cx: 200, cy: 150, width: 200, height: 200, angle: 0 })).toBeNull()
    const constant = kernel.open(planeOf(paint(400, 300, () => 77)))
    expect(constant.print({ cx: 200, cy: 150, width: 200, height: 200, angle: 0 })).toBeNull()
  })

  it('keeps anchors away from the border of the region, and no more of them than asked', () => {
    const picture = kernel.open(planeOf(draw('noise', 3, 500, 400)))
    const region = { x: 100, y: 50, width: 300, height: 250 }
    const anchors = picture.anchors(100, region, [16, 8])
    expect(anchors).toHaveLength(24)
    for (const { cx, cy, strength } of anchors) {
      expect(cx >= 150 && cx <= 350 && cy >= 100 && cy <= 250 && strength >= 0.3).toBe(true)
    }
    const strengths = anchors.slice(0, 16).map(({ strength }) => strength)
    expect(strengths).toEqual(strengths.toSorted((a, b) => b - a))
    expect(picture.anchors(251, region, [16, 8])).toEqual([])
    picture.close()
  })

  it('takes pictures with sides of one to a few pixels', () => {
    for (const [width, height] of [
      [1, 1],
      [3, 2],
      [1, 500],
      [2000, 5],
    ] as const) {
      const picture = kernel.open(planeOf(draw('noise', 1, width, height)))
      expect(picture.anchors(64, { x: 0, y: 0, width, height }, [16, 8])).toEqual([])
      const print = picture.print({ cx: width / 2, cy: height / 2, width: 64, height: 64, angle: 0.1 })
      expect(print === null || print.hashes.length === 256).toBe(true)
      picture.close()
    }
  })
})

it('gives both kernels the same levels', () => {
  for (const [width, height] of [
    [641, 479],
    [24, 24],
    [23, 900],
    [1, 7],
  ] as const) {
    const levels = pyramidOf({ data: new Float32Array(width * height), width, height })
    expect(levels.map((level) => ({ width: level.width, height: level.height }))).toEqual(
      levelSides(width, height),
    )
  }
  const [, half] = pyramidOf({
    data: Float32Array.from({ length: 25 * 24 }, (_, i) => i),
    width: 25,
    height: 24,
  })
  expect([half?.width, half?.height]).toEqual([12, 12])
  expect(Array.from(half?.data.subarray(0, 3) ?? [])).toEqual([13, 15, 17])
})

it('leaves nothing of a closed picture in the memory of the WASM kernel', () => {
  const made: WindowExports[] = []
  const kernel = new WasmWindows(() => {
    const wasm = instances()()
    made.push(wasm)
    return wasm
  })
  const open = () => kernel.open(planeOf(draw('noise', 8, 333, 222)))
  const picture = open()
  picture.anchors(90, { x: 0, y: 0, width: 333, height: 222 }, [9, 9])
  picture.print({ cx: 160, cy: 110, width: 90, height: 90, angle: 0 })
  const memory = () => new Uint8Array(made[0]?.memory.buffer ?? new ArrayBuffer(0))
  expect(memory().some((byte) => byte !== 0)).toBe(true)
  picture.close()
  expect(memory().length).toBeGreaterThan(333 * 222 * 4)
  expect(memory().some((byte) => byte !== 0)).toBe(false)
  // One memory is used again; two pictures open at a time have one each.
  const [second, third] = [open(), open()]
  expect(made).toHaveLength(2)
  second.close()
  third.close()
})

it('falls back to TypeScript when memory runs out', () => {
  const kernel = new WasmWindows(() => {
    const wasm = instances()()
    const grow = () => {
      throw new RangeError('no memory')
    }
    return { ...wasm, memory: { buffer: wasm.memory.buffer, grow } }
  })
  const picture = kernel.open(planeOf(draw('noise', 3, 500, 400)))
  const expected = typescriptWindows.open(planeOf(draw('noise', 3, 500, 400)))
  const region = { x: 0, y: 0, width: 500, height: 400 }
  expect(picture.anchors(100, region, [3, 3])).toEqual(expected.anchors(100, region, [3, 3]))
})

it('works where WebAssembly is missing', async () => {
  vi.stubGlobal('WebAssembly', undefined)
  try {
    expect(windowInstances()).toBeNull()
    vi.resetModules()
    const { bestWindowKernel } = await import('./window-kernels.ts')
    const picture = bestWindowKernel().open(planeOf(draw('noise', 3, 300, 200)))
    expect(picture.anchors(100, { x: 0, y: 0, width: 300, height: 200 }, [3, 0])).toHaveLength(3)
  } finally {
    vi.unstubAllGlobals()
  }
})
