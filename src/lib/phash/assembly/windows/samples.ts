// 64 x 64 samples of a window: means of pairs of 128 x 128 bilinear readings.

const GRID: i32 = 64
const ROW_BYTES: usize = 64 * 4
const PLACES: f32 = 128

/**
 * 64 means of pairs of places `centre + (i - 63.5) step` on an axis of `size` >= 4 pixels, as four weights on neighbouring
 * pixels: 64 first pixels as i32, then 64 x 4 weights. `step` < 2, so that four are enough.
 */
export function axisTaps(centre: f32, step: f32, size: i32, firsts: usize, weights: usize): void {
  const end = <f32>size - 1.001
  for (let k: usize = 0; k < <usize>GRID; k++) {
    const to = weights + (k << 4)
    v128.store(to, f32x4.splat(0))
    let first: i32 = 0
    for (let half = 0; half < 2; half++) {
      const index: i32 = 2 * <i32>k + half
      const place = max<f32>(0, min<f32>(end, centre + (<f32>index - 63.5) * step))
      const left = <i32>place
      if (half === 0) first = min(left, size - 4)
      const share = (place - <f32>left) * 0.5
      const at = to + ((<usize>(left - first)) << 2)
      store<f32>(at, load<f32>(at) + 0.5 - share)
      store<f32>(at, load<f32>(at, 4) + share, 4)
    }
    store<i32>(firsts + (k << 2), first)
  }
}

/** 64 x 64 samples of an upright window from the taps of its axes. `line`: as wide as the plane. */
export function sampleUpright(
  plane: usize,
  width: i32,
  columnFirsts: usize,
  columnWeights: usize,
  rowFirsts: usize,
  rowWeights: usize,
  line: usize,
  samples: usize,
): void {
  const step = (<usize>width) << 2
  const from = (<usize>load<i32>(columnFirsts)) << 2
  const end = (<usize>load<i32>(columnFirsts, 252) + 4) << 2
  for (let k: usize = 0; k < <usize>GRID; k++) {
    const row = plane + <usize>load<i32>(rowFirsts + (k << 2)) * step
    const weight = rowWeights + (k << 4)
    const w0 = v128.load32_splat(weight)
    const w1 = v128.load32_splat(weight, 4)
    const w2 = v128.load32_splat(weight, 8)
    const w3 = v128.load32_splat(weight, 12)
    for (let x = from; x < end; x += 16) {
      const at = row + x
      const upper = f32x4.add(f32x4.mul(w0, v128.load(at)), f32x4.mul(w1, v128.load(at + step)))
      const lower = f32x4.add(f32x4.mul(w2, v128.load(at + 2 * step)), f32x4.mul(w3, v128.load(at + 3 * step)))
      v128.store(line + x, f32x4.add(upper, lower))
    }
    const out = samples + k * ROW_BYTES
    for (let j: usize = 0; j < <usize>GRID; j += 4) {
      const firsts = columnFirsts + (j << 2)
      const weights = columnWeights + (j << 4)
      const a = f32x4.mul(v128.load(line + ((<usize>load<i32>(firsts)) << 2)), v128.load(weights))
      const b = f32x4.mul(v128.load(line + ((<usize>load<i32>(firsts, 4)) << 2)), v128.load(weights, 16))
      const c = f32x4.mul(v128.load(line + ((<usize>load<i32>(firsts, 8)) << 2)), v128.load(weights, 32))
      const d = f32x4.mul(v128.load(line + ((<usize>load<i32>(firsts, 12)) << 2)), v128.load(weights, 48))
      const ab = f32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7))
      const cd = f32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7))
      v128.store(out + (j << 2), f32x4.add(i32x4.shuffle(ab, cd, 0, 1, 4, 5), i32x4.shuffle(ab, cd, 2, 3, 6, 7)))
    }
  }
}

/** 64 x 64 samples of a window turned by an angle: steps across and down in pixels of the plane. */
export function sampleTurned(
  plane: usize,
  width: i32,
  height: i32,
  x0: f32,
  y0: f32,
  across: f32,
  down: f32,
  cosine: f32,
  sine: f32,
  samples: usize,
): void {
  const lastX = f32x4.splat(<f32>width - 1.001)
  const lastY = f32x4.splat(<f32>height - 1.001)
  // From one place to the next along a row.
  const stepX = across * cosine
  const stepY = across * sine
  for (let j = 0; j < GRID; j++) {
    const place: i32 = 2 * j
    const upper = (<f32>place - 63.5) * down
    const lower = upper + down
    for (let i = 0; i < <i32>PLACES; i += 4) {
      const places = f32x4.add(f32x4.splat(<f32>i - 63.5), f32x4(0, 1, 2, 3))
      const dx = f32x4.add(f32x4.splat(x0), f32x4.mul(places, f32x4.splat(stepX)))
      const dy = f32x4.add(f32x4.splat(y0), f32x4.mul(places, f32x4.splat(stepY)))
      const sum = f32x4.add(
        readFour(plane, width, shifted(dx, -upper * sine, lastX), shifted(dy, upper * cosine, lastY)),
        readFour(plane, width, shifted(dx, -lower * sine, lastX), shifted(dy, lower * cosine, lastY)),
      )
      const pairs = f32x4.mul(f32x4.add(sum, i32x4.shuffle(sum, sum, 1, 0, 3, 2)), f32x4.splat(0.25))
      const out = samples + <usize>j * ROW_BYTES + ((<usize>i) << 1)
      store<f32>(out, f32x4.extract_lane(pairs, 0))
      store<f32>(out, f32x4.extract_lane(pairs, 2), 4)
    }
  }
}

// @ts-ignore: decorator
@inline
function shifted(places: v128, by: f32, last: v128): v128 {
  return f32x4.pmax(f32x4.splat(0), f32x4.pmin(last, f32x4.add(places, f32x4.splat(by))))
}

/** Four bilinear readings, at places that have neighbours to the right and below. */
// @ts-ignore: decorator
@inline
function readFour(plane: usize, width: i32, x: v128, y: v128): v128 {
  const step = (<usize>width) << 2
  const left = i32x4.trunc_sat_f32x4_s(x)
  const top = i32x4.trunc_sat_f32x4_s(y)
  const shareX = f32x4.sub(x, f32x4.convert_i32x4_s(left))
  const shareY = f32x4.sub(y, f32x4.convert_i32x4_s(top))
  const offsets = i32x4.shl(i32x4.add(i32x4.mul(top, i32x4.splat(width)), left), 2)
  const a = plane + <usize>i32x4.extract_lane(offsets, 0)
  const b = plane + <usize>i32x4.extract_lane(offsets, 1)
  const c = plane + <usize>i32x4.extract_lane(offsets, 2)
  const d = plane + <usize>i32x4.extract_lane(offsets, 3)
  const upper = between(v128.load64_zero(a), v128.load64_zero(b), v128.load64_zero(c), v128.load64_zero(d), shareX)
  const lower = between(
    v128.load64_zero(a + step),
    v128.load64_zero(b + step),
    v128.load64_zero(c + step),
    v128.load64_zero(d + step),
    shareX,
  )
  return f32x4.add(upper, f32x4.mul(f32x4.sub(lower, upper), shareY))
}

/** For each of four pairs (left, right), the value between them. */
// @ts-ignore: decorator
@inline
function between(a: v128, b: v128, c: v128, d: v128, share: v128): v128 {
  const ab = i64x2.shuffle(a, b, 0, 2)
  const cd = i64x2.shuffle(c, d, 0, 2)
  const left = i32x4.shuffle(ab, cd, 0, 2, 4, 6)
  const right = i32x4.shuffle(ab, cd, 1, 3, 5, 7)
  return f32x4.add(left, f32x4.mul(f32x4.sub(right, left), share))
}
