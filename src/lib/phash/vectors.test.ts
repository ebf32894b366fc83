import { beforeAll, describe, expect, it } from 'vitest'
import { dihedralWith, fingerprintWith } from './fingerprint.ts'
import { distance, fromHex, toHex } from './hash.ts'
import { kernelNamed } from './kernels.ts'
import { ORIENTATIONS } from './orientation.ts'
import type { Pixels } from './pixels.ts'
import type { Fingerprint } from './print.ts'
import { reference32 } from './reference32.ts'
import { CASES, pixelsOf, type VectorCase } from './vectors/cases.ts'

const KERNELS = ['typescript', 'wasm'] as const
const FLOORS = { tooSmall: 5, flat: 6, ties: 7, exact: 112 }

it('has the known answers of every kind', () => {
  for (const [kind, count] of Object.entries(FLOORS)) {
    expect(
      CASES.filter((one) => one.kind === kind),
      kind,
    ).toHaveLength(count)
  }
})

describe.each(CASES)('$id', (one) => {
  let pixels: Pixels
  beforeAll(() => {
    pixels = pixelsOf(one)
  })

  it('draws the right picture', async () => {
    expect(await sha256(pixels.data)).toBe(one.sha256)
  })

  it('agrees with the reference bit for bit in its own arithmetic', () => {
    const turned = dihedralWith(reference32, pixels)
    expect([toHex(turned.original.hash), turned.original.quality]).toEqual([one.hash, one.quality])
    for (const name of ORIENTATIONS) expect(toHex(turned[name].hash), name).toBe(one.dihedral[name])
    if (one.nearest512) {
      const reduced = fingerprintWith('reference32', pixels, { prescale: 'nearest512' })
      expect([toHex(reduced.hash), reduced.quality]).toEqual([one.nearest512.hash, one.nearest512.quality])
    }
  })

  it.each(KERNELS)('agrees with the reference by the %s kernel', (kernel) => {
    const print = fingerprintWith(kernel, pixels)
    expect(print.quality).toBe(one.quality)
    expectUsability(one, print)
    if (one.kind !== 'exact') return
    expect(distance(print.hash, fromHex(one.hash))).toBe(0)
    expectExact(one, pixels, kernel)
  })
})

function expectExact(one: VectorCase, pixels: Pixels, kernel: (typeof KERNELS)[number]): void {
  const turned = dihedralWith((picture) => kernelNamed(kernel).spectrum(picture), pixels)
  for (const name of ORIENTATIONS) expect(toHex(turned[name].hash), name).toBe(one.dihedral[name])
  if (!one.nearest512) return
  const reduced = fingerprintWith(kernel, pixels, { prescale: 'nearest512' })
  expect([toHex(reduced.hash), reduced.quality]).toEqual([one.nearest512.hash, one.nearest512.quality])
}

function expectUsability(one: VectorCase, { usable, reason }: Fingerprint): void {
  if (one.kind === 'tooSmall') expect([usable, reason]).toEqual([false, 'TOO_SMALL'])
  else if (one.kind === 'flat') expect([usable, reason]).toEqual([false, 'FLAT'])
  else if (one.quality < 50) expect([usable, reason]).toEqual([false, 'LOW_QUALITY'])
  else expect([usable, reason]).toEqual([true, undefined])
}

async function sha256(data: Uint8Array | Uint8ClampedArray): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(data))
  return toHex(new Uint8Array(digest))
}
