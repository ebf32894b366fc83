import { expect, it } from 'vitest'
import {
  decideMatches,
  entriesToLookAtAgain,
  type Match,
  type MatchRule,
  mergeMatches,
  type PrintHit,
} from './match.ts'
import type { WindowHit } from './vote.ts'

const NOBODY: ReadonlySet<string> = new Set()

const FRAME = { width: 1000, height: 800 }

/** The registered picture `scale` times as large with its corner at `left`, `top` of the copy. */
function windowHits(entry: string, left: number, top: number, scale: number, count = 2): WindowHit[] {
  const places = [
    { cx: 300, cy: 300, side: 400 },
    { cx: 600, cy: 400, side: 300 },
    { cx: 400, cy: 600, side: 250 },
  ]
  return places.slice(0, count).map(({ cx, cy, side }, number) => ({
    row: { entry, quality: 80, cx, cy, side, frame: FRAME },
    query: { cx: left + scale * cx, cy: top + scale * cy, side: scale * side, quality: 80 },
    orientation: 'original',
    distance: 10 + number,
  }))
}

const decided = (hits: WindowHit[], bankRows = 1000, frame = FRAME) =>
  decideMatches([], [], NOBODY, { hits, bankRows, frame })

it('matches when two windows agree, and says where the registered picture lies in the copy', () => {
  const copy = { width: 1000, height: 2000 }
  const [match, ...others] = decided(windowHits('a', 100, 500, 0.8), 1000, copy)
  expect(others).toEqual([])
  expect(match).toMatchObject({
    entry: 'a',
    rule: 'windows',
    distance: 10,
    variant: null,
    queryPrint: null,
    votes: 2,
    copy: {
      isSameFile: false,
      isMirrored: false,
      turnedDegrees: 0,
      hasBorder: false,
      isCropped: false,
      isInsideLargerFrame: true,
    },
  })
  expect(match?.isOnlyLikely).toBeUndefined()
  expect(match?.frame).toEqual(copy)
  expect(match?.where?.left).toBeCloseTo(0.1)
  expect(match?.where?.top).toBeCloseTo(0.25)
  expect(match?.where?.width).toBeCloseTo(0.8)
  expect(match?.where?.height).toBeCloseTo(0.32)
})

it('tells a cut copy from a whole one, beyond what the placing may be wrong by', () => {
  const kind = (left: number, top: number, scale: number) => {
    const copy = decided(windowHits('a', left, top, scale))[0]?.copy
    return [copy?.isCropped, copy?.isInsideLargerFrame]
  }
  expect(kind(0, 0, 1)).toEqual([false, false])
  expect(kind(-30, 10, 1)).toEqual([false, false])
  expect(kind(-50, 0, 1)).toEqual([true, true])
  expect(kind(-100, -80, 1.2)).toEqual([true, false])
  expect(kind(0, -40, 1)).toEqual([true, true])
  expect(kind(250, 200, 0.5)).toEqual([false, true])
})

it('is only likely with two votes in a bank of more than a million rows', () => {
  expect(decided(windowHits('a', 0, 0, 1), 1_000_000)[0]?.isOnlyLikely).toBeUndefined()
  expect(decided(windowHits('a', 0, 0, 1), 1_000_001)[0]?.isOnlyLikely).toBe(true)
  expect(decided(windowHits('a', 0, 0, 1, 3), 1_000_001)[0]?.isOnlyLikely).toBeUndefined()
})

it('never matches by one window, but asks for a second look whose hits count with those of the first', () => {
  const [first, second] = windowHits('a', 0, 0, 1)
  if (!first || !second) throw new Error('There are two hits.')
  const dim = { ...first, row: { ...first.row, entry: 'dim', quality: 49 } }
  expect(decided([first, dim])).toEqual([])
  expect(entriesToLookAtAgain({ hits: [dim, first], bankRows: 1000 }, NOBODY)).toEqual(['a'])
  expect(entriesToLookAtAgain({ hits: [dim, first], bankRows: 1000 }, new Set(['a']))).toEqual([])
  expect(entriesToLookAtAgain({ hits: [first, second], bankRows: 1000 }, NOBODY)).toEqual([])
  expect(decided([first, second]).map((match) => match.entry)).toEqual(['a'])
})

it('does not let windows of different entries vote together', () => {
  const [first] = windowHits('a', 0, 0, 1)
  const second = windowHits('b', 0, 0, 1)[1]
  if (!first || !second) throw new Error('There are two hits.')
  expect(decided([first, second])).toEqual([])
})

it('never matches a withdrawn entry by windows', () => {
  const found = { hits: windowHits('gone', 0, 0, 1), bankRows: 1000, frame: FRAME }
  expect(decideMatches([], [], new Set(['gone']), found)).toEqual([])
})

it('puts windows after whole frames and more votes first, and reports an entry found by both once', () => {
  const found = {
    hits: [
      ...windowHits('a-two', 0, 0, 1),
      ...windowHits('b-three', 0, 0, 1, 3),
      ...windowHits('whole', 0, 0, 1, 3),
    ],
    bankRows: 1000,
    frame: FRAME,
  }
  const wholeFrame: PrintHit = {
    row: { entry: 'whole', variant: 'o0', quality: 90 },
    distance: 20,
    queryPrint: 'whole',
    queryQuality: 90,
  }
  const matches = decideMatches([wholeFrame], [], NOBODY, found)
  expect(matches.map(({ entry, rule }) => [entry, rule])).toEqual([
    ['whole', 'whole-frame'],
    ['b-three', 'windows'],
    ['a-two', 'windows'],
  ])
})

it('merges matches that were decided apart: each entry once, by its strongest, certain ones first', () => {
  const two = decided(windowHits('a', 0, 0, 1))
  const three = decided(windowHits('a', 0, 0, 1, 3))
  const likely = decided(windowHits('b', 0, 0, 1), 2_000_000)
  const other = decided(windowHits('c', 0, 0, 1))
  const told = (matches: readonly Match<MatchRule>[]) =>
    matches.map(({ entry, votes, isOnlyLikely }) => [entry, votes, isOnlyLikely === true])
  const merged = [
    ['a', 3, false],
    ['c', 2, false],
    ['b', 2, true],
  ]
  expect(told(mergeMatches([two, likely, three, other]))).toEqual(merged)
  expect(told(mergeMatches([other, three, likely, two, likely]))).toEqual(merged)
  expect(mergeMatches([])).toEqual([])
})

// What a person does to the registered picture to get the copy; windows match when the copy is turned back.
it.each([
  ['original', false, 0],
  ['rotate90', false, 90],
  ['rotate180', false, 180],
  ['rotate270', false, 270],
  ['flipX', true, 180],
  ['flipY', true, 0],
  ['flipPlus1', true, 270],
  ['flipMinus1', true, 90],
] as const)('tells from orientation %s how the copy lies', (orientation, isMirrored, turnedDegrees) => {
  // Hits on one spot agree however the copy is turned: the smaller window lies in the middle of the larger.
  const hits = [400, 200].map(
    (side): WindowHit => ({
      row: { entry: 'a', quality: 80, cx: 500, cy: 400, side, frame: FRAME },
      query: { quality: 80, cx: 500, cy: 400, side },
      orientation,
      distance: 9,
    }),
  )
  expect(decided(hits)[0]?.copy).toMatchObject({ isMirrored, turnedDegrees })
})
