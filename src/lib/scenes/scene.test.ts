import { describe, expect, it } from 'vitest'
import { drawScene, type Rgb8, randomFromInteger } from './index.ts'
import digests from './vectors/scenes.json' with { type: 'json' }

async function sha256(pixels: Rgb8): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(pixels.data))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

describe('drawn scenes', () => {
  it.each(digests.scenes)(
    'seed $seed at $width x $height has the recorded pixels',
    async ({ seed, width, height, sha256: recorded }) => {
      expect(await sha256(drawScene(seed, { width, height }))).toBe(recorded)
    },
  )

  it('are 1280 x 960 unless asked otherwise', () => {
    const { width, height, data } = drawScene(3)
    expect([width, height, data.length]).toEqual([1280, 960, 3 * 1280 * 960])
  })

  it('can be drawn from a stream, which the same stream repeats', async () => {
    const size = { width: 64, height: 48 }
    const first = await sha256(drawScene(randomFromInteger(9), size))
    expect(await sha256(drawScene(randomFromInteger(9), size))).toBe(first)
    expect(await sha256(drawScene(randomFromInteger(10), size))).not.toBe(first)
  })

  it('differ between kinds of one seed', async () => {
    const all = await Promise.all(
      (['landscape', 'room', 'abstract'] as const).map((kind) =>
        sha256(drawScene(4, { width: 64, height: 48, kind })),
      ),
    )
    expect(new Set(all).size).toBe(3)
  })

  it('refuse sizes that make no picture', () => {
    for (const [width, height] of [
      [0, 10],
      [10, -1],
      [1.5, 10],
      [20_000, 10],
      [16_384, 16_384],
    ] as const) {
      expect(() => drawScene(1, { width, height })).toThrow(expect.objectContaining({ code: 'SIZE_RANGE' }))
    }
  })
})
