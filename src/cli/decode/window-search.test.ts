import { beforeAll, expect, it } from 'vitest'
import { decideMatches, type WindowHit } from '#domain/index.ts'
import {
  distance,
  encodeRow,
  HASH_BYTES,
  type Look,
  ORIENTATIONS,
  type Pixels,
  queryWindows,
  registerWindows,
  type WindowRow,
} from '#lib/phash/index.ts'
import { chatScreenshot, drawScene, mirror, type Rgb8, randomFromInteger } from '#lib/scenes/index.ts'
import type { WindowHitRecord } from './picture-job.ts'
import { WindowIndex } from './window-index.ts'
import { WindowSearch } from './window-search.ts'
import { WindowTable } from './window-table.ts'

const SIZE = { width: 480, height: 360 }
const asPixels = (scene: Rgb8): Pixels => ({ ...scene, format: 'rgb8' })
const scene = drawScene(40, SIZE)
const screenshot = asPixels(chatScreenshot(mirror(scene), randomFromInteger(3)))

let rows: WindowRow[] = []
/** Rows of the scene that each look at the screenshot comes near to. */
const seen: Record<Look, Set<number>> = { first: new Set(), second: new Set() }

/** Compares one by one: shares nothing with the index. */
function nearRows(hashes: Uint8Array): { row: number; turn: number; distance: number }[] {
  const near: { row: number; turn: number; distance: number }[] = []
  for (const [turn] of ORIENTATIONS.entries()) {
    const print = hashes.subarray(turn * HASH_BYTES, (turn + 1) * HASH_BYTES)
    for (const [row, { hash }] of rows.entries()) {
      const bits = distance(print, hash)
      if (bits <= 31) near.push({ row, turn, distance: bits })
    }
  }
  return near
}

beforeAll(async () => {
  rows = await registerWindows(asPixels(scene), { set: 'full' })
  for (const look of ['first', 'second'] as const)
    for (const { hashes } of await queryWindows(screenshot, { look }))
      for (const { row } of nearRows(hashes)) seen[look].add(row)
})

function searchIn(...pictures: readonly (readonly WindowRow[])[]): WindowSearch {
  const table = WindowTable.of(
    pictures.map((own, entry) => ({
      entry,
      ...SIZE,
      shorterSide: SIZE.height,
      rows: Buffer.concat(own.map(encodeRow)),
    })),
  )
  return new WindowSearch(new WindowIndex(table, 1).inputFor(1))
}

const rowsAt = (numbers: Iterable<number>): WindowRow[] =>
  [...numbers].flatMap((number) => rows[number] ?? [])

it('finds every hit that comparing one by one finds, and tells no print', async () => {
  const { sighting, hasLookedTwice } = await searchIn(rows).lookUp(screenshot)
  const expected: string[] = []
  const keyOf = ({ row, query, orientation, distance: bits }: WindowHitRecord): string =>
    [row, query.cx, query.cy, query.side, orientation, bits].join()
  for (const { hashes, ...query } of await queryWindows(screenshot, { look: 'first' }))
    for (const { row, turn, distance: bits } of nearRows(hashes)) {
      const orientation = ORIENTATIONS[turn] ?? 'original'
      expected.push(keyOf({ row, query, orientation, distance: bits }))
    }
  expect(expected.length).toBeGreaterThan(2)
  expect(sighting?.hits.map(keyOf).sort()).toEqual(expected.sort())
  expect(hasLookedTwice).toBe(false)
  expect(sighting?.frame).toEqual({ width: screenshot.width, height: screenshot.height })
  const table = WindowTable.of([
    { entry: 0, ...SIZE, shorterSide: SIZE.height, rows: Buffer.concat(rows.map(encodeRow)) },
  ])
  const hits = sighting?.hits.map((hit): WindowHit => ({ ...hit, row: table.row(hit.row) })) ?? []
  const [match] = decideMatches([], [], new Set(), {
    hits,
    bankRows: rows.length,
    frame: sighting?.frame ?? SIZE,
  })
  expect(match?.copy).toMatchObject({ isMirrored: true, isInsideLargerFrame: true })
  expect(Object.keys(sighting?.hits[0]?.query ?? {}).sort()).toEqual(['cx', 'cy', 'quality', 'side'])
})

it('looks a second time when one window alone speaks clearly, and then finds those it takes', async () => {
  const [once] = seen.first
  const onlyFiner = [...seen.second].filter((row) => !seen.first.has(row))
  expect(onlyFiner.length).toBeGreaterThan(1)
  const { sighting, hasLookedTwice } = await searchIn(rowsAt([once ?? 0, ...onlyFiner])).lookUp(screenshot)
  expect(hasLookedTwice).toBe(true)
  expect(new Set(sighting?.hits.map(({ row }) => row)).size).toBeGreaterThan(1)
})

it('tells nothing of an entry on which one window alone speaks', async () => {
  const [once = 0] = seen.first
  expect(await searchIn(rowsAt([once])).lookUp(screenshot)).toEqual({ sighting: null, hasLookedTwice: true })
  const dim = rowsAt([once]).map((row) => ({ ...row, quality: 49 }))
  expect(await searchIn(dim).lookUp(screenshot)).toEqual({ sighting: null, hasLookedTwice: false })
})

it('tells only of the entries that windows agree on, and does not mix them up', async () => {
  const stranger = await registerWindows(asPixels(drawScene(44, SIZE)), { set: 'full' })
  const [once = 0] = seen.first
  const { sighting } = await searchIn(stranger, rowsAt([once]), rows).lookUp(screenshot)
  const first = stranger.length + 1
  expect(sighting?.hits.length).toBeGreaterThan(2)
  expect(sighting?.hits.filter(({ row }) => row < first)).toEqual([])
})

it('finds nothing in a picture too small for windows', async () => {
  const small = asPixels(drawScene(40, { width: 64, height: 48 }))
  expect(await searchIn(rows).lookUp(small)).toEqual({ sighting: null, hasLookedTwice: false })
})
