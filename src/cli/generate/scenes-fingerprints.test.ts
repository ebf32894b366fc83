import { describe, expect, it } from 'vitest'
import { distance, fingerprint, orientations } from '#lib/phash/index.ts'
import { drawScene, type Rgb8 } from '#lib/scenes/index.ts'
import { applyEdit, type EditKind } from './edit-kinds.ts'
import { randomFor } from './streams.ts'

const MATCH_BITS = 31
const SIZE = { width: 256, height: 192 }

/** Fewest bits between the copy and any of the eight ways the picture can lie. */
function nearestOrientation(picture: Rgb8, copy: Rgb8): number {
  const { hash } = fingerprint(copy)
  return Math.min(...Object.values(orientations(picture)).map((turned) => distance(turned.hash, hash)))
}

describe('fingerprints of drawn scenes', () => {
  it('are usable and far apart for different seeds', { timeout: 60_000 }, () => {
    const hashes: Uint8Array[] = []
    for (let seed = 0; seed < 1200; seed++) {
      const { hash, usable } = fingerprint(drawScene(seed, SIZE))
      expect(usable).toBe(true)
      hashes.push(hash)
    }
    let nearest = 256
    hashes.forEach((hash, i) => {
      for (let other = 0; other < i; other++)
        nearest = Math.min(nearest, distance(hash, hashes[other] ?? hash))
    })
    // It is 86 over the 12.5 million pairs of the first 5,000 seeds.
    expect(nearest).toBeGreaterThan(80)
  })

  it('tell a scene from the same scene mirrored and turned', () => {
    for (let seed = 0; seed < 100; seed++) {
      const turned = Object.values(orientations(drawScene(seed, SIZE))).map(({ hash }) => hash)
      turned.forEach((hash, i) => {
        for (const other of turned.slice(i + 1)) expect(distance(hash, other)).toBeGreaterThan(60)
      })
    }
  })

  it.each(['exact', 'resized', 'thumbnail', 'mirrored', 'turned-90', 'turned-180', 'turned-270'] as const)(
    'find a copy that was %s',
    (kind: EditKind) => {
      for (let seed = 0; seed < 12; seed++) {
        const picture = drawScene(seed, { width: 640, height: 480 })
        const copy = applyEdit(kind, picture, randomFor('copies', `/${seed}`)).pixels
        expect(nearestOrientation(picture, copy)).toBeLessThanOrEqual(MATCH_BITS)
      }
    },
  )

  it.each(['cropped-heavy', 'screenshot'] as const)('of the whole frame miss a copy that was %s', (kind) => {
    for (let seed = 0; seed < 12; seed++) {
      const picture = drawScene(seed, { width: 640, height: 480 })
      const copy = applyEdit(kind, picture, randomFor('copies', `/${seed}`)).pixels
      expect(nearestOrientation(picture, copy)).toBeGreaterThan(MATCH_BITS)
    }
  })
})
