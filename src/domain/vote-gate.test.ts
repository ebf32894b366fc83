import { beforeAll, describe, expect, it } from 'vitest'
import {
  distance,
  type Fingerprint,
  fingerprint,
  HASH_BYTES,
  ORIENTATIONS,
  queryWindows,
  registerWindows,
} from '#lib/phash/index.ts'
import { ExactIndex } from '#lib/radius/index.ts'
import {
  addBorder,
  addSticker,
  chatScreenshot,
  crop,
  drawScene,
  mirror,
  type Random,
  type Rgb8,
  randomFromInteger,
  resizeByArea,
} from '#lib/scenes/index.ts'
import { voteWindows, type WindowHit, type WindowOfEntry, windowOutcome } from './vote.ts'

// The least the windows have to find, on drawn scenes: photographs are measured by `npm run bench -- coverage`.

const SCENES = 100
const COPIED = 20
const LEAST_FOUND = 0.9
const SIDES = { width: 800, height: 600 }

type Edit = (scene: Rgb8, random: Random) => Rgb8

const EDITS: Readonly<Record<string, Edit>> = {
  'cut by up to a tenth on each side': cutAround,
  'in a chat on a screen': chatScreenshot,
  'in a story on a screen, text over it': story,
  'under a sticker': (scene, random) => addSticker(scene, random),
  mirrored: mirror,
}

function cutAround(scene: Rgb8, random: Random): Rgb8 {
  const [left, right] = [random.whole(0, 80), random.whole(0, 80)]
  const [top, bottom] = [random.whole(0, 60), random.whole(0, 60)]
  return crop(scene, { left, top, width: scene.width - left - right, height: scene.height - top - bottom })
}

function story(scene: Rgb8, random: Random): Rgb8 {
  const inner = resizeByArea(scene, 720, 540)
  const [above, below] = [random.whole(300, 420), random.whole(300, 420)]
  const screen = addBorder(inner, { left: 0, right: 0, top: above, bottom: below }, [40, 24, 60])
  const boxTop = above + random.whole(60, 440)
  for (let y = boxTop; y < boxTop + 60; y++) {
    for (let x = 160; x < 560; x++) {
      const isInk = (x >> 3) % 3 === 0 && y > boxTop + 12 && y < boxTop + 48
      screen.data.fill(isInk ? 250 : 20, 3 * (y * screen.width + x), 3 * (y * screen.width + x) + 3)
    }
  }
  return screen
}

/** Turned about the middle, the corners gray. */
function tilted(scene: Rgb8, degrees: number): Rgb8 {
  const { width, height } = scene
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  const data = new Uint8Array(scene.data.length).fill(128)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const [dx, dy] = [x - width / 2, y - height / 2]
      const fromX = Math.round(width / 2 + dx * cos + dy * sin)
      const fromY = Math.round(height / 2 + dy * cos - dx * sin)
      if (fromX < 0 || fromY < 0 || fromX >= width || fromY >= height) continue
      const from = 3 * (fromY * width + fromX)
      data.set(scene.data.subarray(from, from + 3), at)
    }
  }
  return { ...scene, data }
}

interface Outcome {
  readonly found: ReadonlySet<string>
  readonly isFoundByPlainPrint: boolean
}

describe('of copies among a hundred registered scenes', () => {
  const rows: WindowOfEntry[] = []
  const prints: Fingerprint[] = []
  const index = new ExactIndex()
  const outcomes = new Map<string, Outcome[]>()

  beforeAll(async () => {
    const hashes: Uint8Array[] = []
    for (let seed = 0; seed < SCENES; seed++) {
      const scene = drawScene(seed + 1, SIDES)
      if (seed < COPIED) prints.push(fingerprint(scene))
      for (const row of await registerWindows(scene, { set: 'tilt' })) {
        rows.push({ ...row, entry: String(seed) })
        hashes.push(row.hash)
      }
    }
    const joined = new Uint8Array(HASH_BYTES * hashes.length)
    for (const [at, hash] of hashes.entries()) joined.set(hash, HASH_BYTES * at)
    index.addMany(
      Uint32Array.from(hashes, (_, at) => at),
      joined,
    )
    for (const [name, edit] of Object.entries(EDITS)) {
      const own: Outcome[] = []
      for (let seed = 0; seed < COPIED; seed++) {
        own.push(await lookedUp(edit(drawScene(seed + 1, SIDES), randomFromInteger(900 + seed)), seed))
      }
      outcomes.set(name, own)
    }
  }, 600_000)

  async function lookedUp(copy: Rgb8, seed: number): Promise<Outcome> {
    const print = fingerprint(copy)
    const own = prints[seed]
    const isFoundByPlainPrint = own !== undefined && distance(print.hash, own.hash) <= 31
    const first = await hitsOf(copy, 'first')
    const votes = [...first].map(([entry, hits]) => [entry, windowOutcome(voteWindows(hits), 0)] as const)
    const found = new Set(votes.filter(([, outcome]) => outcome === 'match').map(([entry]) => entry))
    if (votes.some(([, outcome]) => outcome === 'possible')) {
      for (const [entry, more] of await hitsOf(copy, 'second')) {
        const hits = [...(first.get(entry) ?? []), ...more]
        if (windowOutcome(voteWindows(hits), 0) === 'match') found.add(entry)
      }
    }
    return { found, isFoundByPlainPrint }
  }

  async function hitsOf(copy: Rgb8, look: 'first' | 'second'): Promise<Map<string, WindowHit[]>> {
    const found = new Map<string, WindowHit[]>()
    for (const query of await queryWindows(copy, { look })) {
      for (const [k, near] of index.queryMany(query.hashes).entries()) {
        for (const { id, distance: bits } of near) {
          const row = rows[id]
          const orientation = ORIENTATIONS[k]
          if (!row || !orientation) throw new Error('There is no such row.')
          const hits = found.get(row.entry) ?? []
          hits.push({ row, query, orientation, distance: bits })
          found.set(row.entry, hits)
        }
      }
    }
    return found
  }

  it.each(Object.keys(EDITS))('nine in ten are found when %s', (name) => {
    const own = outcomes.get(name) ?? []
    const share = own.filter(({ found }, seed) => found.has(String(seed))).length / COPIED
    expect(share).toBeGreaterThanOrEqual(LEAST_FOUND)
  })

  it('those tilted by five degrees are mostly found, by the second look', async () => {
    const found = { first: 0, both: 0 }
    for (let seed = 0; seed < 8; seed++) {
      const copy = tilted(drawScene(seed + 1, SIDES), 5)
      const first = (await hitsOf(copy, 'first')).get(String(seed)) ?? []
      if (windowOutcome(voteWindows(first), 0) === 'match') found.first++
      const second = (await hitsOf(copy, 'second')).get(String(seed)) ?? []
      if (windowOutcome(voteWindows([...first, ...second]), 0) === 'match') found.both++
    }
    expect(found.both).toBeGreaterThanOrEqual(6)
    expect(found.both).toBeGreaterThan(found.first)
  })

  it('no stranger is found', () => {
    for (const [name, own] of outcomes) {
      for (const [seed, { found }] of own.entries()) {
        expect(
          [...found].filter((entry) => entry !== String(seed)),
          `${name} ${seed}`,
        ).toEqual([])
      }
    }
  })

  it('most are missed by the print of the whole picture, which is why there are windows', () => {
    const all = [...outcomes.values()].flat()
    const plain = all.filter(({ isFoundByPlainPrint }) => isFoundByPlainPrint).length
    expect(all).toHaveLength(COPIED * Object.keys(EDITS).length)
    expect(plain / all.length).toBeLessThan(0.5)
  })
})
