import { expect, it } from 'vitest'
import { type Pixels, registerWindows } from '#lib/phash/index.ts'
import { chatScreenshot, drawScene, type Rgb8, randomFromInteger } from '#lib/scenes/index.ts'
import { type BankEntry, buildMatcher, windowsFrom } from '../bank-file/index.ts'
import { WindowIndex } from '../decode/window-index.ts'
import { WindowSearch } from '../decode/window-search.ts'

const ENTRIES = 20
/** `SAKSI_TEST_SCENES=5000` takes half an hour. */
const UNRELATED = Number(process.env['SAKSI_TEST_SCENES'] ?? 400)
const FIRST_UNRELATED = 2_000_000
const SIZE = { width: 400, height: 300 }

const asPixels = (scene: Rgb8): Pixels => ({ ...scene, format: 'rgb8' })
/** Every fourth as a person sees it in a chat: bubbles and bars are what unrelated pictures share. */
const posted = (scene: number): Pixels => {
  const drawn = drawScene(scene, SIZE)
  return asPixels(scene % 4 === 0 ? chatScreenshot(drawn, randomFromInteger(scene)) : drawn)
}

/** No file has this digest, so that only the look can match. */
const digests = (scene: number) => ({
  sha256: scene.toString(16).padStart(64, '0'),
  md5: scene.toString(16).padStart(32, '0'),
})

async function entryOf(scene: number): Promise<BankEntry> {
  const rows = await registerWindows(asPixels(drawScene(scene, SIZE)), { set: 'tilt' })
  const windows = windowsFrom('tilt', SIZE.height, rows)
  const picture = { ...digests(scene), ...SIZE, quality: 100, usable: false, prints: [], windows }
  return { id: `S-${scene}`, state: 'active', addedAt: '2026-01-01T00:00:00.000Z', pictures: [picture] }
}

it(
  'matches screenshots of every registered scene by windows, and not one picture of others',
  async () => {
    const entries: BankEntry[] = []
    for (let scene = 1; scene <= ENTRIES; scene++) entries.push(await entryOf(scene))
    const contents = { sha256: '0'.repeat(64), createdAt: '2026-01-01T00:00:00.000Z', entries, faults: [] }
    const matcher = buildMatcher(contents)
    const search = new WindowSearch(new WindowIndex(matcher.windows, 1).inputFor(1))
    const found = async (pixels: Pixels): Promise<string[]> => {
      const { sighting } = await search.lookUp(pixels)
      const matches = matcher.match([], digests(FIRST_UNRELATED), sighting ? [sighting] : [])
      return matches.map(({ entry, rule, votes = 0 }) => `${entry} ${rule} ${votes >= 2}`)
    }
    let seen = 0
    for (let scene = 1; scene <= ENTRIES; scene++) {
      const names = await found(asPixels(chatScreenshot(drawScene(scene, SIZE), randomFromInteger(scene))))
      // Other entries never; the own one unless the scene has too little in it.
      expect(names.filter((name) => name !== `S-${scene} windows true`)).toEqual([])
      seen += names.length
    }
    expect(seen).toBeGreaterThanOrEqual(0.9 * ENTRIES)
    const wrong: string[] = []
    for (let scene = FIRST_UNRELATED; scene < FIRST_UNRELATED + UNRELATED; scene++)
      for (const name of await found(posted(scene))) wrong.push(`${scene} as ${name}`)
    expect(wrong).toEqual([])
  },
  Math.max(120_000, 600 * UNRELATED),
)
