import { expect, it } from 'vitest'
import { distance, fingerprint, ORIENTATIONS, type Pixels } from '#lib/phash/index.ts'
import { addBorder, drawScene, mirror } from '#lib/scenes/index.ts'
import { decideMatches, MATCH_RADIUS, type PrintHit } from './match.ts'
import { queryPrints, registrationPrints } from './prints.ts'

const scene = drawScene(71, { width: 640, height: 480 })
const framed = addBorder(scene, { left: 90, top: 60, right: 90, bottom: 120 }, [20, 90, 160])

async function matchesOf(copy: Pixels, original: Pixels) {
  const rows = await registrationPrints(original)
  const hits: PrintHit[] = queryPrints(copy).flatMap(({ name, fingerprint: query }) =>
    rows.map(({ variant, fingerprint: row }) => ({
      row: { entry: 'a', variant, quality: row.quality },
      distance: distance(query.hash, row.hash),
      queryPrint: name,
      queryQuality: query.quality,
    })),
  )
  return decideMatches(hits, [], new Set())
}

it('registers a picture without borders in eight orientations and nothing else', async () => {
  const variants = (await registrationPrints(scene)).map(({ variant }) => variant)
  expect(variants).toEqual(ORIENTATIONS.map((_, index) => `o${index}`))
})

it('registers what uniform borders leave of a picture too', async () => {
  const prints = await registrationPrints(framed)
  const inner = prints.filter(({ variant }) => variant.startsWith('t'))
  expect(inner.map(({ variant }) => variant)).toEqual(ORIENTATIONS.map((_, index) => `t${index}`))
  expect(distance(inner[0]?.fingerprint.hash ?? new Uint8Array(32), fingerprint(scene).hash)).toBeLessThan(10)
})

it('finds a copy without the border that the registered picture has, and says how it lies', async () => {
  expect(distance(fingerprint(scene).hash, fingerprint(framed).hash)).toBeGreaterThan(MATCH_RADIUS)
  expect(await matchesOf(scene, framed)).toMatchObject([
    { rule: 'whole-frame', variant: 't0', copy: { isMirrored: false, turnedDegrees: 0, hasBorder: false } },
  ])
  expect(await matchesOf(mirror(scene), framed)).toMatchObject([
    { variant: 't5', copy: { isMirrored: true, turnedDegrees: 0 } },
  ])
})
