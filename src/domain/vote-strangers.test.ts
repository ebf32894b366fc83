import { describe, expect, it } from 'vitest'
import {
  distance,
  HASH_BYTES,
  ORIENTATIONS,
  type Pixels,
  type QueryWindow,
  queryWindows,
  registerWindows,
  type WindowRow,
} from '#lib/phash/index.ts'
import { voteWindows, type WindowHit, windowOutcome } from './vote.ts'

// Pictures that share a shape or a pattern and nothing else.

interface Shape {
  readonly kind: number
  readonly x: number
  readonly y: number
  readonly turned: number
  readonly wide: number
  readonly size: number
  readonly gray: number
}

const WIDTH = 640
const HEIGHT = 420

function painted(width: number, height: number, grayAt: (x: number, y: number) => number): Pixels {
  const data = new Uint8Array(width * height)
  for (let y = 0, at = 0; y < height; y++) for (let x = 0; x < width; x++, at++) data[at] = grayAt(x, y)
  return { data, width, height, format: 'luma8' }
}

/** One to three wedges, discs, rings or boxes of one gray each on a plain ground. */
function flatDrawing(seed: number): Pixels {
  let state = (seed * 2_654_435_761) >>> 0
  const share = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const shapes = Array.from(
    { length: 1 + Math.floor(share() * 3) },
    (): Shape => ({
      kind: Math.floor(share() * 4),
      x: share() * WIDTH,
      y: share() * HEIGHT,
      turned: share() * 6.283,
      wide: 0.4 + share() * 2.2,
      size: 40 + share() * 140,
      gray: Math.floor(share() * 256),
    }),
  )
  const ground = Math.floor(share() * 256)
  return painted(
    WIDTH,
    HEIGHT,
    (x, y) => shapes.findLast((shape) => isInside(shape, x - shape.x, y - shape.y))?.gray ?? ground,
  )
}

function isInside({ kind, turned, wide, size }: Shape, dx: number, dy: number): boolean {
  const whole = 2 * Math.PI
  const from = Math.hypot(dx, dy)
  if (kind === 0) return (((Math.atan2(dy, dx) - turned) % whole) + whole) % whole < wide
  if (kind === 1) return from < size
  if (kind === 2) return Math.abs(from - size) < size / 5
  const along = dx * Math.cos(turned) + dy * Math.sin(turned)
  const across = dy * Math.cos(turned) - dx * Math.sin(turned)
  return Math.abs(along) < size && Math.abs(across) < (size * wide) / 2
}

function wall(width: number, height: number, left: number, top: number, brick: number): Pixels {
  return painted(width, height, (x, y) => {
    const [u, v] = [x + left, y + top]
    const shift = (Math.floor(v / brick) % 2) * 1.17 * brick
    const isJoint = v % brick < 8 || (u + shift) % (2.33 * brick) < 8
    return isJoint ? 210 : 90 + (v % brick)
  })
}

function hitsOf(rows: readonly WindowRow[], windows: readonly QueryWindow[]): WindowHit[] {
  const hits: WindowHit[] = []
  for (const query of windows) {
    for (const [k, orientation] of ORIENTATIONS.entries()) {
      const hash = query.hashes.subarray(HASH_BYTES * k, HASH_BYTES * (k + 1))
      for (const row of rows) {
        const bits = distance(hash, row.hash)
        if (bits <= 31) hits.push({ row: { ...row, entry: 'a' }, query, orientation, distance: bits })
      }
    }
  }
  return hits
}

describe('pictures that are none of each other', () => {
  it.each([
    // A match before generic shapes were told: two votes of one corner in two sizes.
    ['flat drawings', [29, 100, 7, 25, 28, 30, 66, 70, 72, 95, 98, 110].map(flatDrawing)],
    ['walls', [0, 1, 2, 3].map((n) => wall(700 + 37 * n, 560 + 23 * n, 41 * n, 29 * n, n % 2 ? 50 : 60))],
  ])(
    'are not matches though they are all %s',
    async (_, pictures) => {
      const registered = await Promise.all(
        pictures.map((picture) => registerWindows(picture, { set: 'full' })),
      )
      const lookedUp = await Promise.all(pictures.map((picture) => queryWindows(picture, { look: 'first' })))
      for (const [i, rows] of registered.entries()) {
        for (const [j, windows] of lookedUp.entries()) {
          if (i === j) continue
          const outcome = windowOutcome(voteWindows(hitsOf(rows, windows)), 0)
          expect(['none', 'possible'], `${j} for ${i}`).toContain(outcome)
        }
      }
    },
    300_000,
  )

  it('are still told from copies of themselves', async () => {
    const drawing = flatDrawing(24)
    const hits = hitsOf(
      await registerWindows(drawing, { set: 'full' }),
      await queryWindows(drawing, { look: 'first' }),
    )
    expect(windowOutcome(voteWindows(hits), 0)).toBe('match')
  })
})
