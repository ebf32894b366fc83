/** Samples along each side of the grid that the transform sees. */
export const GRID = 64

/**
 * Where one axis of a picture is sampled: position k is the weighted mean of the inputs from `starts[k]` on. It is the
 * two box averages of the blur and the choice of 64 positions in one step (PDQ steps 2 and 3), kept as whole numbers so
 * that every kernel can add exactly and divide once. Positions are in the order of the picture, also when mirrored.
 */
export interface Axis {
  /** Width of the box average, in inputs. Weights of length `2 * window - 1` are its triangle: 1, 2 .. window .. 2, 1. */
  readonly window: number
  readonly starts: Int32Array
  /** Whole numbers; the arrays are shared between positions wherever they are equal. */
  readonly weights: readonly Float64Array[]
  /** Sum of the weights of each position. */
  readonly totals: Float64Array
}

/** The sampling of an axis of `n` inputs. */
export function axisOf(n: number): Axis {
  const window = windowOf(n)
  const right = Math.floor((window + 2) / 2)
  const left = window - right
  const inner = innerWeights(window)
  const starts = new Int32Array(GRID)
  const totals = new Float64Array(GRID)
  const weights: Float64Array[] = []
  for (let k = 0; k < GRID; k++) {
    const start = Math.floor(((2 * k + 1) * n) / (2 * GRID)) - 2 * left
    // Only the last position of an even window reaches over the edge, and only by one input.
    const own = start + inner.length > n ? edgeWeights(window) : inner
    starts[k] = start
    weights.push(own)
    totals[k] = own === inner ? window ** 2 : window ** 2 * (window - 1)
  }
  return { window, starts, weights, totals }
}

/**
 * The sampling of the mirrored axis, told in the unmirrored picture: position k here is position 63 - k of the mirrored
 * picture. It differs from `axisOf` because even windows and the choice of positions lean to one side.
 */
export function mirroredAxisOf(n: number): Axis {
  const { window, starts, weights, totals } = axisOf(n)
  const mirrored = new Map<Float64Array, Float64Array>()
  for (const own of weights) if (!mirrored.has(own)) mirrored.set(own, own.toReversed())
  return {
    window,
    starts: starts.map((_, k) => n - (starts[GRID - 1 - k] ?? 0) - (weights[GRID - 1 - k]?.length ?? 0)),
    weights: weights.toReversed().map((own) => mirrored.get(own) ?? own),
    totals: totals.toReversed(),
  }
}

/** Whether `mirroredAxisOf(n)` is the same as `axisOf(n)`: odd windows at positions that were rounded down. */
export function isSymmetric(n: number): boolean {
  return windowOf(n) % 2 === 1 && n % (2 * GRID) !== 0
}

/** Width of the box average on an axis of `n` inputs. */
export function windowOf(n: number): number {
  return Math.floor((n + 2 * GRID - 1) / (2 * GRID))
}

/** A box over a box is a triangle. */
function innerWeights(window: number): Float64Array {
  return Float64Array.from({ length: 2 * window - 1 }, (_, t) => Math.min(t + 1, 2 * window - 1 - t))
}

/**
 * The last of `window` boxes holds one input less, so each of its inputs counts `window / (window - 1)` times as much.
 * All is multiplied by `window - 1` to stay whole.
 */
function edgeWeights(window: number): Float64Array {
  return Float64Array.from({ length: 2 * window - 2 }, (_, t) => {
    const fullBoxes = Math.min(t + 1, window - 1, 2 * window - 2 - t)
    const isInLastBox = t >= window - 1
    return fullBoxes * (window - 1) + (isInLastBox ? window : 0)
  })
}
