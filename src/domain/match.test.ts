import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ORIENTATIONS, orientations } from '#lib/phash/index.ts'
import { type DigestHit, decideMatches, type PrintHit } from './match.ts'

const NOBODY: ReadonlySet<string> = new Set()

function hit(
  entry: string,
  distance: number,
  more: Partial<PrintHit> & { variant?: string; quality?: number } = {},
): PrintHit {
  const { variant = 'o0', quality = 90, queryPrint = 'whole', queryQuality = 90 } = more
  return { row: { entry, variant, quality }, distance, queryPrint, queryQuality }
}

it('reports an entry once, with its best distance and the variant that hit', () => {
  const hits = [
    hit('a', 12, { variant: 'o5' }),
    hit('a', 3, { variant: 'o2', queryPrint: 'trimmed' }),
    hit('b', 31),
  ]
  expect(decideMatches(hits, [], NOBODY)).toEqual([
    {
      entry: 'a',
      rule: 'whole-frame',
      distance: 3,
      variant: 'o2',
      queryPrint: 'trimmed',
      copy: { isSameFile: false, isMirrored: false, turnedDegrees: 180, hasBorder: true },
    },
    {
      entry: 'b',
      rule: 'whole-frame',
      distance: 31,
      variant: 'o0',
      queryPrint: 'whole',
      copy: { isSameFile: false, isMirrored: false, turnedDegrees: 0, hasBorder: false },
    },
  ])
})

it('matches at 31 bits and at quality 50, and not one beyond', () => {
  const matches = (found: PrintHit) => decideMatches([found], [], NOBODY).length
  expect(matches(hit('a', 31, { quality: 50, queryQuality: 50 }))).toBe(1)
  expect(matches(hit('a', 32))).toBe(0)
  expect(matches(hit('a', 0, { quality: 49 }))).toBe(0)
  expect(matches(hit('a', 0, { queryQuality: 49 }))).toBe(0)
  expect(matches(hit('a', 0, { queryQuality: Number.NaN }))).toBe(0)
})

it('takes the next best hit when the best one does not count', () => {
  const [match] = decideMatches([hit('a', 0, { quality: 10 }), hit('a', 9, { variant: 'o5' })], [], NOBODY)
  expect(match).toMatchObject({ distance: 9, variant: 'o5' })
})

it('matches a file by either digest, without any print', () => {
  for (const algorithm of ['sha256', 'md5'] as const) {
    expect(decideMatches([], [{ entry: 'a', algorithm }], NOBODY)).toEqual([
      {
        entry: 'a',
        rule: 'exact-file',
        distance: null,
        variant: null,
        queryPrint: null,
        copy: { isSameFile: true, isMirrored: false, turnedDegrees: 0, hasBorder: false },
      },
    ])
  }
})

it('calls the same file the same file although a turned variant of a symmetric picture hits too', () => {
  const [match, ...others] = decideMatches(
    [hit('a', 0, { variant: 'o5' }), hit('a', 0)],
    [
      { entry: 'a', algorithm: 'sha256' },
      { entry: 'a', algorithm: 'md5' },
    ],
    NOBODY,
  )
  expect(others).toEqual([])
  expect(match).toMatchObject({ rule: 'exact-file', distance: 0, variant: 'o0', copy: { isSameFile: true } })
})

it('never matches a withdrawn entry, by print or by file', () => {
  const hits = [hit('gone', 0), hit('here', 20)]
  const digests: DigestHit[] = [{ entry: 'gone', algorithm: 'sha256' }]
  expect(decideMatches(hits, digests, new Set(['gone'])).map((match) => match.entry)).toEqual(['here'])
})

it('prefers the plainest of equally near explanations', () => {
  const best = (hits: PrintHit[]) => decideMatches(hits, [], NOBODY)[0]
  expect(best([hit('a', 4, { queryPrint: 'trimmed' }), hit('a', 4)])).toMatchObject({ queryPrint: 'whole' })
  expect(best([hit('a', 4, { variant: 'o5' }), hit('a', 4, { variant: 'o0' })])).toMatchObject({
    variant: 'o0',
  })
  expect(best([hit('a', 4, { variant: 'o1' }), hit('a', 4, { variant: 'w' })])).toMatchObject({
    variant: 'w',
  })
})

type Picture = number[][]

describe('the way a copy lies', () => {
  const transpose = (rows: Picture): Picture => (rows[0] ?? []).map((_, x) => rows.map((row) => row[x] ?? 0))
  const mirror = (rows: Picture): Picture => rows.map((row) => row.toReversed())
  const clockwise = (rows: Picture): Picture => transpose(rows.toReversed())
  // A slanted pattern without any symmetry and with every frequency in it.
  const picture: Picture = Array.from({ length: 80 }, (_, y) =>
    Array.from({ length: 120 }, (_, x) =>
      Math.round(
        128 +
          40 * Math.sin(x * 0.11 + y * 0.05) +
          40 * Math.sin(y * 0.17 - x * y * 0.001) +
          30 * Math.sin(x * x * 0.002 + y * 0.3),
      ),
    ),
  )
  const hashed = (rows: Picture) =>
    orientations({
      data: Uint8Array.from(rows.flat()),
      width: rows[0]?.length ?? 0,
      height: rows.length,
      format: 'luma8',
    })

  it.each(ORIENTATIONS.map((name, number) => [number, name] as const))(
    'is told from variant o%i (%s) so that a person can redo it',
    (number, name) => {
      const copy = decideMatches([hit('a', 0, { variant: `o${number}` })], [], NOBODY)[0]?.copy
      let redone = copy?.isMirrored ? mirror(picture) : picture
      for (let degrees = 0; degrees < (copy?.turnedDegrees ?? 0); degrees += 90) redone = clockwise(redone)
      expect(hashed(redone).original.hash).toEqual(hashed(picture)[name].hash)
    },
  )

  it('is upright for crops and flattened forms', () => {
    for (const variant of ['w', 'k', 'c4.0.8.4']) {
      const [match] = decideMatches([hit('a', 2, { variant })], [], NOBODY)
      expect(match?.copy).toEqual({
        isSameFile: false,
        isMirrored: false,
        turnedDegrees: 0,
        hasBorder: false,
      })
    }
  })
})

it('gives the same answer whatever the order of the hits, each entry once', () => {
  const arbitraryHit = fc
    .record({
      entry: fc.constantFrom('a', 'b', 'c'),
      distance: fc.integer({ min: 0, max: 40 }),
      variant: fc.constantFrom('o0', 'o1', 'o5', 'w'),
      quality: fc.integer({ min: 40, max: 100 }),
      queryPrint: fc.constantFrom('whole' as const, 'trimmed' as const),
      queryQuality: fc.integer({ min: 40, max: 100 }),
    })
    .map(({ entry, distance, ...more }) => hit(entry, distance, more))
  fc.assert(
    fc.property(fc.array(arbitraryHit, { maxLength: 30 }), (hits) => {
      const matches = decideMatches(hits, [], NOBODY)
      expect(decideMatches(hits.toReversed(), [], NOBODY)).toEqual(matches)
      const counting = hits.filter((h) => h.distance <= 31 && h.row.quality >= 50 && h.queryQuality >= 50)
      expect(matches.map((match) => match.entry).sort()).toEqual(
        [...new Set(counting.map((h) => h.row.entry))].sort(),
      )
      for (const match of matches) {
        const own = counting.filter((h) => h.row.entry === match.entry)
        expect(match.distance).toBe(Math.min(...own.map((h) => h.distance)))
      }
    }),
  )
})
