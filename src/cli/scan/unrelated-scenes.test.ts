import { expect, it } from 'vitest'
import { queryPrints, registrationPrints } from '#domain/index.ts'
import { type Pixels, toHex } from '#lib/phash/index.ts'
import { drawScene } from '#lib/scenes/index.ts'
import { type BankEntry, buildMatcher } from '../bank-file/index.ts'

const ENTRIES = 20
const UNRELATED = 5_000
const FIRST_UNRELATED = 1_000_000

function pixelsOf(scene: number): Pixels {
  return { ...drawScene(scene, { width: 320, height: 240 }), format: 'rgb8' }
}

/** No file has this digest, so that only the look can match. */
const digests = (scene: number) => ({
  sha256: scene.toString(16).padStart(64, '0'),
  md5: scene.toString(16).padStart(32, '0'),
})

async function entryOf(scene: number): Promise<BankEntry> {
  const prints = await registrationPrints(pixelsOf(scene))
  const upright = prints.filter(({ variant, fingerprint }) => /^o[0-7]$/.test(variant) && fingerprint.usable)
  expect(upright).toHaveLength(8)
  return {
    id: `S-${scene}`,
    state: 'active',
    addedAt: '2026-01-01T00:00:00.000Z',
    pictures: [
      {
        ...digests(scene),
        width: 320,
        height: 240,
        quality: 100,
        usable: true,
        prints: upright.map(({ variant, fingerprint: { hash, quality } }) => ({
          variant,
          pdq: toHex(hash),
          quality,
        })),
      },
    ],
  }
}

function lookUp(scene: number) {
  return queryPrints(pixelsOf(scene)).map(({ name, fingerprint: { hash, quality, usable } }) => ({
    name,
    pdq: toHex(hash),
    quality,
    usable,
  }))
}

it('matches every registered scene and not one of 5,000 others', async () => {
  const entries: BankEntry[] = []
  for (let scene = 1; scene <= ENTRIES; scene++) entries.push(await entryOf(scene))
  const matcher = buildMatcher({
    sha256: '0'.repeat(64),
    createdAt: '2026-01-01T00:00:00.000Z',
    entries,
    faults: [],
  })
  expect(matcher.facts).toMatchObject({ entries: ENTRIES, prints: 8 * ENTRIES })
  for (let scene = 1; scene <= ENTRIES; scene++) {
    const found = matcher.match(lookUp(scene), digests(FIRST_UNRELATED))
    expect(found.map(({ entry, distance }) => [entry, distance])).toEqual([[`S-${scene}`, 0]])
  }
  const wrong: string[] = []
  for (let scene = FIRST_UNRELATED; scene < FIRST_UNRELATED + UNRELATED; scene++) {
    for (const { entry } of matcher.match(lookUp(scene), digests(scene))) wrong.push(`${scene} as ${entry}`)
  }
  expect(wrong).toEqual([])
})
