import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  crop,
  distance,
  HASH_BYTES,
  ORIENTATIONS,
  type Orientation,
  queryWindows,
  registerWindows,
  type WindowRow,
} from '#lib/phash/index.ts'
import { drawScene, mirror, type Rgb8, turnQuarters } from '#lib/scenes/index.ts'
import { voteWindows, type WindowHit, windowOutcome } from './vote.ts'

const FRAME = { width: 1000, height: 800 }

interface HandMade {
  readonly row: readonly [cx: number, cy: number, side: number]
  readonly query: readonly [cx: number, cy: number, side: number]
  readonly orientation?: Orientation
  readonly distance?: number
  readonly qualities?: readonly [row: number, query: number]
}

function hit({
  row,
  query,
  orientation = 'original',
  distance = 10,
  qualities = [80, 80],
}: HandMade): WindowHit {
  const place = ([cx, cy, side]: readonly [number, number, number]) => ({ cx, cy, side })
  return {
    row: { ...place(row), entry: 'a', quality: qualities[0], frame: FRAME },
    query: { ...place(query), quality: qualities[1] },
    orientation,
    distance,
  }
}

function votesOf(hits: readonly WindowHit[]): number {
  return voteWindows(hits)?.votes ?? 0
}

// The copy shows the registered picture half as large, moved by 50, 20.
const SEED = hit({ row: [300, 300, 400], query: [200, 170, 200], distance: 5 })
const SECOND = hit({ row: [600, 400, 300], query: [350, 220, 150] })

describe('hits on one entry', () => {
  it('count two when they are consistent and independent', () => {
    expect(voteWindows([SEED, SECOND])).toMatchObject({ votes: 2, bestDistance: 5, orientation: 'original' })
  })

  it('count one when they see the same spot at neighbouring sizes', () => {
    expect(votesOf([SEED, hit({ row: [300, 300, 385], query: [200, 170, 192] })])).toBe(1)
    expect(votesOf([SEED, hit({ row: [340, 300, 400], query: [220, 170, 200] })])).toBe(1)
  })

  it('count two on one spot when one window is a good deal smaller, or a little away', () => {
    expect(votesOf([SEED, hit({ row: [300, 300, 318], query: [200, 170, 159] })])).toBe(2)
    expect(votesOf([SEED, hit({ row: [350, 300, 400], query: [225, 170, 200] })])).toBe(2)
  })

  it('count one when the second lies where the first does not put it', () => {
    expect(votesOf([SEED, hit({ row: [600, 400, 300], query: [350 + 11.9, 220, 150] })])).toBe(2)
    expect(votesOf([SEED, hit({ row: [600, 400, 300], query: [350 + 12.1, 220, 150] })])).toBe(1)
    expect(votesOf([SEED, hit({ row: [600, 400, 300], query: [350, 220 - 12.1, 150] })])).toBe(1)
  })

  it('count one when the scales differ by more than e^0.09', () => {
    const scaled = (share: number) => hit({ row: [300, 300, 200], query: [200, 170, 100 * share] })
    expect(votesOf([SEED, scaled(Math.exp(0.089))])).toBe(2)
    expect(votesOf([SEED, scaled(Math.exp(0.091))])).toBe(1)
    expect(votesOf([SEED, scaled(Math.exp(-0.091))])).toBe(1)
  })

  it('count one when their orientations differ', () => {
    const centred = { row: [300, 300, 200], query: [200, 170, 100] } as const
    expect(votesOf([SEED, hit(centred)])).toBe(2)
    for (const orientation of ORIENTATIONS.slice(1)) {
      expect(votesOf([SEED, hit({ ...centred, orientation })])).toBe(1)
    }
  })

  it('are no longer counted at five', () => {
    const hits = [1, 2, 3, 4, 5, 6, 7].map((n) =>
      hit({ row: [100 * n, 300, 300], query: [50 * n + 50, 170, 150] }),
    )
    expect(votesOf(hits)).toBe(5)
  })

  it('count by the largest set, though a nearer hit agrees with none', () => {
    const stray = hit({ row: [500, 500, 300], query: [20, 600, 90], distance: 0 })
    expect(voteWindows([stray, SEED, SECOND])).toMatchObject({ votes: 2, bestDistance: 5 })
  })

  it('count for nothing beyond 31 bits, under quality 20, or in no place', () => {
    const at = { row: [300, 300, 400], query: [200, 170, 200] } as const
    expect(votesOf([hit({ ...at, distance: 31, qualities: [20, 20] })])).toBe(1)
    const refused = [
      hit({ ...at, distance: 32 }),
      hit({ ...at, distance: -1 }),
      hit({ ...at, distance: Number.NaN }),
      hit({ ...at, qualities: [19, 80] }),
      hit({ ...at, qualities: [80, 19] }),
      hit({ ...at, qualities: [80, Number.NaN] }),
      hit({ ...at, row: [300, 300, 0] }),
      hit({ ...at, query: [Number.POSITIVE_INFINITY, 170, 200] }),
      hit({ ...at, query: [200, 170, -200] }),
    ]
    for (const one of refused) expect(voteWindows([one])).toBeNull()
    expect(voteWindows(refused)).toBeNull()
    expect(votesOf([SEED, ...refused])).toBe(1)
  })
})

describe('the place of the registered picture in the copy', () => {
  it('is what two agreeing windows say', () => {
    const where = voteWindows([SEED, SECOND])?.where
    expect(where?.x).toBeCloseTo(50)
    expect(where?.y).toBeCloseTo(20)
    expect(where?.width).toBeCloseTo(500)
    expect(where?.height).toBeCloseTo(400)
  })

  it('is turned with the copy', () => {
    // A copy of the same size, turned clockwise: looks right when turned counter-clockwise.
    const turned = (cx: number, cy: number, side: number) =>
      hit({ row: [cx, cy, side], query: [800 - cy, cx, side], orientation: 'rotate90' })
    const vote = voteWindows([turned(300, 300, 400), turned(600, 400, 300)])
    expect(vote?.votes).toBe(2)
    expect(vote?.where).toEqual({ x: 0, y: 0, width: 800, height: 1000 })
  })
})

it('needs two votes for a match, three above a million rows, and asks to look again for one clear hit', () => {
  const third = hit({ row: [150, 600, 300], query: [125, 320, 150] })
  const two = voteWindows([SEED, SECOND])
  const three = voteWindows([SEED, SECOND, third])
  const clear = voteWindows([hit({ row: [300, 300, 400], query: [200, 170, 200], qualities: [50, 50] })])
  const dim = [
    voteWindows([hit({ row: [300, 300, 400], query: [200, 170, 200], qualities: [49, 100] })]),
    voteWindows([hit({ row: [300, 300, 400], query: [200, 170, 200], qualities: [100, 49] })]),
  ]
  expect([two, three, clear, ...dim, null].map((vote) => windowOutcome(vote, 1_000_000))).toEqual([
    'match',
    'match',
    'possible',
    'none',
    'none',
    'none',
  ])
  expect([two, three, clear, ...dim, null].map((vote) => windowOutcome(vote, 1_000_001))).toEqual([
    'likely',
    'match',
    'possible',
    'none',
    'none',
    'none',
  ])
})

it('needs a clear vote among fewer than five, and looks again when all are dim', () => {
  const dimHits = (count: number, qualities: readonly [number, number] = [49, 100]) =>
    [1, 2, 3, 4, 5]
      .slice(0, count)
      .map((n) => hit({ row: [100 * n, 300, 300], query: [50 * n + 50, 170, 150], qualities }))
  const outcomes = (hits: readonly WindowHit[]) =>
    [1_000_000, 1_000_001].map((rows) => windowOutcome(voteWindows(hits), rows))
  expect(outcomes(dimHits(1))).toEqual(['none', 'none'])
  expect(outcomes(dimHits(2))).toEqual(['possible', 'possible'])
  expect(outcomes(dimHits(4, [100, 49]))).toEqual(['possible', 'possible'])
  expect(outcomes(dimHits(5))).toEqual(['match', 'match'])
  const clear = hit({ row: [600, 300, 300], query: [350, 170, 150], qualities: [50, 50], distance: 31 })
  expect(outcomes([...dimHits(1), clear])).toEqual(['match', 'likely'])
  // A clear hit elsewhere says nothing of those that agree.
  const stray = hit({ row: [600, 300, 300], query: [20, 600, 150] })
  expect(outcomes([...dimHits(3), stray])).toEqual(['possible', 'possible'])
})

const arbitraryHit = fc
  .record({
    row: fc.tuple(
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom(200, 208, 400),
    ),
    scale: fc.constantFrom(0.5, 0.52, 1.3),
    off: fc.constantFrom(0, 3, 40),
    orientation: fc.constantFrom<Orientation>('original', 'rotate90', 'flipY'),
    // Few distances, so that the order of equally near hits must come from something else.
    distance: fc.constantFrom(5, 6, 31, 32),
    qualities: fc.tuple(fc.integer({ min: 15, max: 100 }), fc.integer({ min: 15, max: 100 })),
  })
  .map(({ row: [x, y, side], scale, off, orientation, distance: bits, qualities }) =>
    hit({
      row: [150 * x + 200, 150 * y + 200, side],
      query: [150 * x * scale + 100 + off, 150 * y * scale + 100, side * scale],
      orientation,
      distance: bits,
      qualities,
    }),
  )

it('gives the same vote whatever the order of the hits, and however often each is told', () => {
  fc.assert(
    fc.property(
      fc
        .array(arbitraryHit, { maxLength: 60 })
        .chain((hits) => fc.tuple(fc.constant(hits), fc.shuffledSubarray(hits, { minLength: hits.length }))),
      ([hits, shuffled]) => {
        const vote = voteWindows(hits)
        expect(voteWindows(shuffled)).toEqual(vote)
        expect(voteWindows([...hits, ...hits])?.votes).toBe(vote?.votes)
        const isRefused = ({ distance: bits, row, query }: WindowHit) =>
          bits > 31 || Math.min(row.quality, query.quality) < 20
        if (hits.every(isRefused)) expect(vote).toBeNull()
        expect(voteWindows(hits.filter((one) => !isRefused(one)))).toEqual(vote)
      },
    ),
  )
})

it('does bounded work for 10,000 random hits: only the nearest 80 are compared, 24 of them with all, twice', () => {
  let comparisons = 0
  const random = fc.sample(
    fc.record({
      row: fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 800 }), fc.constant(200)),
      query: fc.tuple(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 0, max: 9000 }), fc.constant(200)),
      distance: fc.integer({ min: 0, max: 31 }),
    }),
    { numRuns: 10_000, seed: 1 },
  )
  const hits = random.map((made): WindowHit => {
    const plain = hit(made)
    // Read by every comparison of two hits, and for sorting only among the equally near.
    const get = () => {
      comparisons++
      return plain.orientation
    }
    return Object.defineProperty({ ...plain }, 'orientation', { get })
  })
  const vote = voteWindows(hits)
  expect(vote?.votes).toBeLessThanOrEqual(2)
  expect(comparisons).toBeGreaterThan(24 * 80)
  // Twice, and once more for each hit, to see whether it is ambiguous; all pairs would be 50 million.
  expect(comparisons).toBeLessThan(50_000)
})

describe('a drawn picture', () => {
  const picture = drawScene(11, { width: 640, height: 480, kind: 'room' })
  const COPIES: Readonly<Record<Orientation, (pixels: Rgb8) => Rgb8>> = {
    original: (pixels) => pixels,
    rotate90: (pixels) => turnQuarters(pixels, 1),
    rotate180: (pixels) => turnQuarters(pixels, 2),
    rotate270: (pixels) => turnQuarters(pixels, 3),
    flipX: (pixels) => turnQuarters(mirror(pixels), 2),
    flipY: mirror,
    flipPlus1: (pixels) => turnQuarters(mirror(pixels), 3),
    flipMinus1: (pixels) => turnQuarters(mirror(pixels), 1),
  }

  it.each(ORIENTATIONS)(
    'gets the same votes when the copy looks right in orientation %s',
    async (orientation) => {
      const rows = await registerWindows(picture, { set: 'full' })
      const cut = crop(picture, { x: 64, y: 48, width: 512, height: 384 })
      const upright: Rgb8 = {
        data: Uint8Array.from(cut.data),
        width: cut.width,
        height: cut.height,
        format: 'rgb8',
      }
      const copy = COPIES[orientation](upright)
      const vote = voteWindows(await hitsOn(rows, copy))
      expect(vote?.votes).toBe(5)
      expect(vote?.orientation).toBe(orientation)
      const isOnItsSide = copy.width < copy.height
      const [width, height] = isOnItsSide ? [480, 640] : [640, 480]
      const [x, y] = isOnItsSide ? [-48, -64] : [-64, -48]
      for (const [found, true_] of [
        [vote?.where.x, x],
        [vote?.where.y, y],
        [vote?.where.width, width],
        [vote?.where.height, height],
      ] as const) {
        expect(Math.abs((found ?? Number.NaN) - true_)).toBeLessThan(16)
      }
    },
  )
})

async function hitsOn(rows: readonly WindowRow[], copy: Rgb8): Promise<WindowHit[]> {
  const hits: WindowHit[] = []
  for (const query of await queryWindows(copy, { look: 'first' })) {
    for (const [number, orientation] of ORIENTATIONS.entries()) {
      const hash = query.hashes.subarray(HASH_BYTES * number, HASH_BYTES * (number + 1))
      for (const row of rows) {
        const bits = distance(hash, row.hash)
        if (bits <= 31) hits.push({ row: { ...row, entry: 'a' }, query, orientation, distance: bits })
      }
    }
  }
  return hits
}
