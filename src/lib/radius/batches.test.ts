import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ExactIndex, type ExactIndexOptions } from './index.ts'
import { bruteForce, flipBits, joined, prints, randomPrint, randomWords, SHAPES } from './testing.ts'

const PLANS: ExactIndexOptions[] = [
  {},
  { flatRows: 1, chunks: 15 },
  { flatRows: 1, chunks: 16, segmentRows: 90 },
  { flatRows: 1, chunks: 32 },
  { flatRows: 1, chunks: 14, layout: 'lean' },
  { layout: 'flat' },
]

/** A print as of the picture with top and bottom, or left and right, exchanged: bits of even rows, or columns, turned over. */
function mirrored(print: Uint8Array, isByRows: boolean): Uint8Array {
  return print.map((byte, n) => byte ^ (isByRows ? (((31 - n) >>> 1) % 2 === 0 ? 255 : 0) : 0b0101_0101))
}

/** As a picture and its mirror images are looked up: nearly the same in the bits that mirroring leaves. */
function mirrorImages(print: Uint8Array, next: () => number): Uint8Array[] {
  const rows = mirrored(print, true)
  return [print, rows, mirrored(print, false), mirrored(rows, false)].map((image) =>
    flipBits(image, next() % 6, next),
  )
}

it.each(PLANS)(
  'finds the hits of each question of a batch, and gives them to no other, with %j',
  (options) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SHAPES),
        fc.nat(),
        fc.integer({ min: 0, max: 31 }),
        fc.integer({ min: 0, max: 19 }),
        (shape, seed, radius, count) => {
          const next = randomWords(seed)
          const base = prints(shape, 60, next)
          const rows = new Map(base.flatMap((print) => mirrorImages(print, next)).entries())
          const index = new ExactIndex(options)
          index.addMany([...rows.keys()], joined([...rows.values()]))
          const questions = Array.from({ length: 5 }, () =>
            mirrorImages(base[next() % base.length] ?? randomPrint(next), next),
          )
            .flat()
            .slice(0, count)
          expect(index.queryMany(joined(questions), radius)).toEqual(
            questions.map((print) => bruteForce(rows, print, radius)),
          )
        },
      ),
      { numRuns: 60 },
    )
  },
)

it('answers the others of a batch when one question has more hits than there is room for', () => {
  const next = randomWords(12)
  const crowd = randomPrint(next)
  const strangers = prints('uniform', 6_000, next)
  const rows = new Map([...Array.from({ length: 4_500 }, () => crowd), ...strangers].entries())
  const index = new ExactIndex({ flatRows: 1 })
  index.addMany([...rows.keys()], joined([...rows.values()]))
  const questions = [5, 17, 99, 1_000].map((n) => flipBits(strangers[n] ?? crowd, 9, next))
  const [first, ...others] = index.queryMany(joined([crowd, ...questions]))
  expect(first).toHaveLength(4_500)
  expect(others.map((hits) => hits.map(({ id, distance }) => [id, distance]))).toEqual(
    [5, 17, 99, 1_000].map((n) => [[4_500 + n, 9]]),
  )
})

it('finds what is as far away as the radius for odd and even questions of one batch, among even rows', () => {
  const row = new Uint8Array(32)
  const index = new ExactIndex({ flatRows: 1, chunks: 16 })
  index.addMany([1, 2], joined([row, row.with(9, 3)]))
  const questions = joined([row, row.with(5, 1), row.with(5, 7), row.with(5, 15)])
  const idsAt = (radius: number) => index.queryMany(questions, radius).map((hits) => hits.map(({ id }) => id))
  expect(idsAt(1)).toEqual([[1], [1], [], []])
  expect(idsAt(3)).toEqual([[1, 2], [1, 2], [1], []])
  expect(idsAt(4)).toEqual([[1, 2], [1, 2], [1], [1]])
})
