import { expect, it } from 'vitest'
import type { Match, MatchRule } from '#domain/index.ts'
import { whatWindowsSay } from './what-windows-say.ts'

const WHERE = { left: 0.12345, top: -0.25, width: 0.5, height: 1.3 }
const MATCH: Match<MatchRule> = {
  entry: 'S-1',
  rule: 'windows',
  distance: 12,
  variant: null,
  queryPrint: null,
  copy: { isSameFile: false, isMirrored: false, turnedDegrees: 0, hasBorder: false },
  votes: 2,
  where: WHERE,
  isOnlyLikely: true,
}

it('keeps votes, the place as exactly as it is known, and that a match is only likely', () => {
  expect(whatWindowsSay(MATCH)).toEqual({
    votes: 2,
    where: { left: 0.123, top: -0.25, width: 0.5, height: 1.3 },
    isOnlyLikely: true,
  })
})

it('says nothing of a match by another rule', () => {
  const { votes, where, isOnlyLikely, ...plain } = MATCH
  expect(whatWindowsSay({ ...plain, rule: 'whole-frame' })).toEqual({})
})

it('keeps the frame of the place, if there is one', () => {
  const frame = { width: 1080, height: 2160 }
  expect(whatWindowsSay({ ...MATCH, frame })).toMatchObject({ votes: 2, frame })
})

it('leaves out a place that is none, so that the report can still be read', () => {
  const wrong = { ...WHERE, width: Number.NaN }
  expect(whatWindowsSay({ ...MATCH, where: wrong, frame: { width: 1, height: 1 } })).toEqual({
    votes: 2,
    isOnlyLikely: true,
  })
})
