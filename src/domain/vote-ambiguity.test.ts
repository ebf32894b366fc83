import { describe, expect, it } from 'vitest'
import { ORIENTATIONS, type Orientation } from '#lib/phash/index.ts'
import { voteWindows, type WindowHit } from './vote.ts'
import { withoutAmbiguous } from './vote-ambiguity.ts'

const FRAME = { width: 1000, height: 800 }

type Place = readonly [cx: number, cy: number, side: number]

function hit(row: Place, query: Place, orientation: Orientation = 'original'): WindowHit {
  const place = ([cx, cy, side]: Place) => ({ cx, cy, side })
  return {
    row: { ...place(row), entry: 'a', quality: 80, frame: FRAME },
    query: { ...place(query), quality: 80 },
    orientation,
    distance: 10,
  }
}

/** Windows along a row of the registered picture; `scale` and `left` say where the copy shows it. */
function shown(
  count: number,
  scale: number,
  left: number,
  orientation: Orientation = 'original',
): WindowHit[] {
  return Array.from({ length: count }, (_, n) => {
    const x = orientation === 'flipY' ? 1000 - 80 * (n + 2) : 80 * (n + 2)
    return hit([80 * (n + 2), 300, 200], [left + scale * x, 100 + scale * 300, scale * 200], orientation)
  })
}

const votesOf = (hits: readonly WindowHit[]) => voteWindows(hits)?.votes ?? 0

describe('a registered window', () => {
  const sure = hit([600, 300, 200], [400, 200, 100])
  const row: Place = [300, 300, 200]
  const at: Place = [250, 200, 100]

  it('votes when it is found at one place, in neighbouring sizes too', () => {
    const hits = [sure, hit(row, at), hit(row, [255, 200, 104]), hit(row, [250, 206, 108])]
    expect(withoutAmbiguous(hits)).toEqual(hits)
    expect(votesOf(hits)).toBe(2)
  })

  it.each([
    ['of another size, as a wedge is', hit(row, [250, 200, 113])],
    ['elsewhere, as a brick is', hit(row, [275, 200, 100])],
    ['lying otherwise, as a corner does', hit(row, at, 'rotate90')],
  ])('does not vote when it is found %s', (_, other) => {
    const hits = [sure, hit(row, at), other]
    expect(withoutAmbiguous(hits)).toEqual([sure])
    expect(votesOf(hits)).toBe(1)
    expect(votesOf(hits.toReversed())).toBe(1)
  })

  it('and its tilted neighbours count as one', () => {
    const tilted = { ...hit(row, [250, 200, 200]), distance: 30 }
    expect(withoutAmbiguous([hit(row, at), { ...tilted, row: { ...tilted.row, quality: 60 } }])).toEqual([])
  })
})

it('does not let a window of the copy vote that looks like registered windows of different places', () => {
  const query: Place = [250, 200, 100]
  const sure = hit([600, 300, 200], [400, 200, 100])
  const once = hit([300, 300, 200], query)
  expect(votesOf([sure, once, hit([310, 300, 208], query)])).toBe(2)
  expect(votesOf([sure, once, hit([300, 300, 260], query)])).toBe(1)
  expect(votesOf([sure, once, hit([300, 500, 200], query)])).toBe(1)
})

it('judges each picture of an entry on its own, and does not let them vote together', () => {
  const query: Place = [250, 200, 100]
  const other = { width: 500, height: 400 }
  const inOther = (found: WindowHit): WindowHit => ({ ...found, row: { ...found.row, frame: other } })
  const inSecond = (found: WindowHit): WindowHit => ({ ...found, row: { ...found.row, picture: 2 } })
  const once = hit([300, 300, 200], query)
  const sure = hit([600, 300, 200], [400, 200, 100])
  for (const moved of [inOther, inSecond]) {
    expect(votesOf([once, sure, moved(hit([150, 150, 100], query))])).toBe(2)
    expect(votesOf([once, moved(sure)])).toBe(1)
  }
})

it('takes a wedge for nothing: the same few rows in all sizes', () => {
  const wedge = [400, 300, 230, 180].flatMap((side) =>
    [200, 170, 145, 125].map((size) => hit([300, 300 + side / 4, side], [150, 150 + size / 4, size])),
  )
  expect(voteWindows(wedge)).toBeNull()
})

it('finds a picture that the copy shows twice, whichever way', () => {
  expect(votesOf([...shown(9, 0.5, 0), ...shown(9, 0.5, 600)])).toBe(5)
  expect(votesOf([...shown(9, 0.5, 0), ...shown(9, 0.5, 600, 'flipY')])).toBe(5)
  // Too few to be sure that it is not a pattern.
  expect(votesOf([...shown(4, 0.5, 0), ...shown(4, 0.5, 600)])).toBe(0)
})

it('never counts more for a shape that looks alike in all orientations', () => {
  const disc = ORIENTATIONS.flatMap((orientation) =>
    [0, 1, 2].map((n) => hit([300 + 60 * n, 300, 200], [200 + 30 * n, 200, 100], orientation)),
  )
  expect(voteWindows(disc)).toBeNull()
})
