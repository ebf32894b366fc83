// The arithmetic of window prints in AssemblyScript, with 32-bit floats; built by `node scripts/build-wasm.mjs`. Nothing here
// allocates or keeps state: `src/lib/phash/windows/wasm-windows.ts` owns the memory and passes addresses. Loops run in steps of
// 4 or 16 floats and may write that far past the end of a line; every area has room for it.

const GRID: i32 = 64
const HALF: i32 = 32
const ROW_BYTES: usize = 64 * 4
const PLACES: f32 = 128

/** Means of 2 x 2 pixels: `columns` x `rows` of them. */
export function halve(from: usize, width: i32, to: usize, columns: i32, rows: i32): void {
  const step = (<usize>width) << 2
  const quarter = f32x4.splat(0.25)
  for (let y = 0; y < rows; y++) {
    let upper = from + (<usize>y * step << 1)
    let out = to + (<usize>(y * columns) << 2)
    const end = out + ((<usize>columns) << 2)
    for (; out < end; out += 16, upper += 32) {
      const a = f32x4.add(v128.load(upper), v128.load(upper + step))
      const b = f32x4.add(v128.load(upper, 16), v128.load(upper + step, 16))
      const sum = f32x4.add(i32x4.shuffle(a, b, 0, 2, 4, 6), i32x4.shuffle(a, b, 1, 3, 5, 7))
      v128.store(out, f32x4.mul(sum, quarter))
    }
  }
}

/** Twice the slope of brightness at each pixel, 0 on the outer ring. */
export function gradient(from: usize, width: i32, height: i32, to: usize): void {
  const step = (<usize>width) << 2
  memory.fill(to, 0, step)
  for (let y: usize = 1; y < <usize>height - 1; y++) {
    const row = from + y * step
    const out = to + y * step
    for (let x: usize = 4; x < step - 4; x += 16) {
      const dx = f32x4.sub(v128.load(row + x + 4), v128.load(row + x - 4))
      const dy = f32x4.sub(v128.load(row + x + step), v128.load(row + x - step))
      v128.store(out + x, f32x4.sqrt(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy))))
    }
    store<f32>(out, 0)
    store<f32>(out + step - 4, 0)
  }
  memory.fill(to + <usize>(height - 1) * step, 0, step)
}

/** `line`: `radius` copies of the first pixel, the row, then copies of the last one. */
export function padLine(row: usize, width: i32, radius: i32, line: usize): void {
  const first = load<f32>(row)
  const last = load<f32>(row + ((<usize>width - 1) << 2))
  const start = line + ((<usize>radius) << 2)
  const end = start + ((<usize>width) << 2)
  for (let at = line; at < start; at += 4) store<f32>(at, first)
  memory.copy(start, row, (<usize>width) << 2)
  for (let k: usize = 0; k < <usize>radius + 16; k++) store<f32>(end + (k << 2), last)
}

/**
 * Rows `from`..`end` of a plane blurred along x, columns `x0`.. on, into rows of `stride` floats. `weights`: the middle one,
 * then outwards. `line`: width + 2 radius + 16 floats.
 */
export function blurAcross(
  plane: usize,
  width: i32,
  from: i32,
  end: i32,
  x0: i32,
  stride: i32,
  weights: usize,
  radius: i32,
  line: usize,
  to: usize,
): void {
  let out = to
  for (let y = from; y < end; y++) {
    padLine(plane + (<usize>(y * width) << 2), width, radius, line)
    const middle = line + (<usize>(x0 + radius) << 2)
    for (let x: usize = 0; x < (<usize>stride) << 2; x += 16) {
      let sum = f32x4.mul(v128.load32_splat(weights), v128.load(middle + x))
      let left = middle + x - 4
      let right = middle + x + 4
      let weight = weights + 4
      for (let k = radius; k > 0; k--) {
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weight), f32x4.add(v128.load(left), v128.load(right))))
        left -= 4
        right += 4
        weight += 4
      }
      v128.store(out + x, sum)
    }
    out += (<usize>stride) << 2
  }
}

/**
 * `count` rows from `y0` on, blurred along y, from the rows `from`..`end` that `blurAcross` made (which stand for all of the
 * plane, its edges going on). Taken away from what is there when `subtracts`.
 */
export function blurDown(
  rows: usize,
  from: i32,
  end: i32,
  y0: i32,
  count: i32,
  stride: i32,
  weights: usize,
  radius: i32,
  to: usize,
  subtracts: bool,
): void {
  const step = (<usize>stride) << 2
  for (let y = 0; y < count; y++) {
    const here = y0 + y
    const out = to + <usize>y * step
    const middle = rows + <usize>(here - from) * step
    for (let x: usize = 0; x < step; x += 16) {
      let sum = f32x4.mul(v128.load32_splat(weights), v128.load(middle + x))
      let weight = weights + 4
      for (let k = 1; k <= radius; k++, weight += 4) {
        const above = rows + <usize>(max(here - k, from) - from) * step
        const below = rows + <usize>(min(here + k, end - 1) - from) * step
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weight), f32x4.add(v128.load(above + x), v128.load(below + x))))
      }
      v128.store(out + x, subtracts ? f32x4.sub(v128.load(out + x), sum) : sum)
    }
  }
}

/**
 * Blobs among `width` x `height` values in rows of `stride`, the outer ring left out: 16 bytes each (strength, x, y between
 * pixels, place as u32). Returns how many. `maxEdge`: trace squared over determinant above which it is an edge.
 */
export function extrema(
  values: usize,
  width: i32,
  height: i32,
  stride: i32,
  least: f32,
  maxEdge: f32,
  to: usize,
): i32 {
  const step = (<usize>stride) << 2
  let out = to
  for (let y = 1; y < height - 1; y++) {
    const row = values + <usize>y * step
    for (let x = 1; x < width - 1; x += 4) {
      const at = row + ((<usize>x) << 2)
      const here = v128.load(at)
      const strong = f32x4.ge(f32x4.abs(here), f32x4.splat(least))
      if (!v128.any_true(strong)) continue
      let most = f32x4.pmax(v128.load(at - 4), v128.load(at + 4))
      let fewest = f32x4.pmin(v128.load(at - 4), v128.load(at + 4))
      for (let other = at - step; other <= at + step; other += step << 1) {
        const a = v128.load(other - 4)
        const b = v128.load(other)
        const c = v128.load(other + 4)
        most = f32x4.pmax(most, f32x4.pmax(a, f32x4.pmax(b, c)))
        fewest = f32x4.pmin(fewest, f32x4.pmin(a, f32x4.pmin(b, c)))
      }
      const peaks = v128.and(strong, v128.or(f32x4.gt(here, most), f32x4.lt(here, fewest)))
      let mask = i32x4.bitmask(peaks)
      while (mask !== 0) {
        const lane = ctz(mask)
        mask &= mask - 1
        if (x + lane >= width - 1) break
        if (refine(at + ((<usize>lane) << 2), step, <f32>(x + lane), <f32>y, maxEdge, out)) {
          store<u32>(out, y * stride + x + lane, 12)
          out += 16
        }
      }
    }
  }
  return <i32>((out - to) >> 4)
}

/** One Newton step to the summit, at most one pixel each way; false for edges and saddles. */
function refine(at: usize, step: usize, x: f32, y: f32, maxEdge: f32, out: usize): bool {
  const here = load<f32>(at)
  const left = load<f32>(at - 4)
  const right = load<f32>(at + 4)
  const above = load<f32>(at - step)
  const below = load<f32>(at + step)
  const xx = right + left - 2 * here
  const yy = below + above - 2 * here
  const diagonal = load<f32>(at + step + 4) - load<f32>(at + step - 4)
  const xy = (diagonal - load<f32>(at - step + 4) + load<f32>(at - step - 4)) * 0.25
  const determinant = xx * yy - xy * xy
  const trace = xx + yy
  if (determinant <= 0 || trace * trace > maxEdge * determinant) return false
  const gx = (right - left) * 0.5
  const gy = (below - above) * 0.5
  store<f32>(out, abs(here))
  store<f32>(out, x + max<f32>(-1, min<f32>(1, (xy * gy - yy * gx) / determinant)), 4)
  store<f32>(out, y + max<f32>(-1, min<f32>(1, (xy * gx - xx * gy) / determinant)), 8)
  return true
}

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

/** Sum of the whole parts of the differences between neighbouring samples, in hundredths of the range. */
export function gradientSum(samples: usize): f32 {
  let sum = f32x4.splat(0)
  const end = samples + <usize>GRID * ROW_BYTES
  for (let row = samples; row < end; row += ROW_BYTES) {
    const isLast = row + ROW_BYTES === end
    for (let x: usize = 0; x < ROW_BYTES; x += 16) {
      const here = v128.load(row + x)
      if (!isLast) sum = f32x4.add(sum, difference(here, v128.load(row + x + ROW_BYTES)))
      // The last sample of a row has no right neighbour; compared with itself it adds nothing.
      const right = x + 16 < ROW_BYTES ? v128.load(row + x + 4) : i32x4.shuffle(here, here, 1, 2, 3, 3)
      sum = f32x4.add(sum, difference(here, right))
    }
  }
  const pairs = f32x4.add(sum, i32x4.shuffle(sum, sum, 2, 3, 2, 3))
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1)
}

// @ts-ignore: decorator
@inline
function difference(a: v128, b: v128): v128 {
  return f32x4.abs(f32x4.trunc(f32x4.div(f32x4.mul(f32x4.sub(a, b), f32x4.splat(100)), f32x4.splat(255))))
}

/**
 * 16 x 16 coefficients of 64 x 64 samples. `cosines`: row i, column j < 32. `columnCosines`: for each j < 32 the eight even
 * rows, then the eight odd ones. `scratch`: 64 x 64 + 2 x 64 floats.
 */
export function transform(samples: usize, cosines: usize, columnCosines: usize, scratch: usize, out: usize): void {
  const differences = scratch + <usize>HALF * ROW_BYTES
  const row = scratch + <usize>GRID * ROW_BYTES
  for (let y: usize = 0; y < <usize>HALF; y++) {
    const upper = samples + y * ROW_BYTES
    const lower = samples + (<usize>GRID - 1 - y) * ROW_BYTES
    for (let x: usize = 0; x < ROW_BYTES; x += 16) {
      const a = v128.load(upper + x)
      const b = v128.load(lower + x)
      v128.store(scratch + y * ROW_BYTES + x, f32x4.add(a, b))
      v128.store(differences + y * ROW_BYTES + x, f32x4.sub(a, b))
    }
  }
  for (let i = 0; i < 16; i += (i & 1) === 1 ? 3 : 1) {
    const folded = (i & 1) === 1 ? scratch : differences
    addFolded(folded, cosines + (<usize>i << 7), row)
    transformRow(row, columnCosines, out + (<usize>i << 6))
    transformRow(row + ROW_BYTES, columnCosines, out + (<usize>(i + 2) << 6))
  }
}

/** Rows i and i + 2 of the half-done transform, one after the other at `row`. */
function addFolded(folded: usize, cosines: usize, row: usize): void {
  for (let x: usize = 0; x < ROW_BYTES; x += 64) {
    let a0 = f32x4.splat(0)
    let a1 = a0
    let a2 = a0
    let a3 = a0
    let b0 = a0
    let b1 = a0
    let b2 = a0
    let b3 = a0
    let at = folded + x
    for (let y: usize = 0; y < 128; y += 4) {
      const one = v128.load32_splat(cosines + y)
      const two = v128.load32_splat(cosines + y, 256)
      const v0 = v128.load(at)
      const v1 = v128.load(at, 16)
      const v2 = v128.load(at, 32)
      const v3 = v128.load(at, 48)
      a0 = f32x4.add(a0, f32x4.mul(one, v0))
      a1 = f32x4.add(a1, f32x4.mul(one, v1))
      a2 = f32x4.add(a2, f32x4.mul(one, v2))
      a3 = f32x4.add(a3, f32x4.mul(one, v3))
      b0 = f32x4.add(b0, f32x4.mul(two, v0))
      b1 = f32x4.add(b1, f32x4.mul(two, v1))
      b2 = f32x4.add(b2, f32x4.mul(two, v2))
      b3 = f32x4.add(b3, f32x4.mul(two, v3))
      at += ROW_BYTES
    }
    const to = row + x
    v128.store(to, a0)
    v128.store(to, a1, 16)
    v128.store(to, a2, 32)
    v128.store(to, a3, 48)
    v128.store(to + ROW_BYTES, b0)
    v128.store(to + ROW_BYTES, b1, 16)
    v128.store(to + ROW_BYTES, b2, 32)
    v128.store(to + ROW_BYTES, b3, 48)
  }
}

/** One row of coefficients: even places from differences, odd ones from sums of the two halves. */
function transformRow(row: usize, columnCosines: usize, out: usize): void {
  let e0 = f32x4.splat(0)
  let e1 = e0
  let o0 = e0
  let o1 = e0
  let cosines = columnCosines
  let right = row + ROW_BYTES - 4
  for (let left = row; left < right; left += 4, right -= 4, cosines += 64) {
    const a = v128.load32_splat(left)
    const b = v128.load32_splat(right)
    const even = f32x4.sub(a, b)
    const odd = f32x4.add(a, b)
    e0 = f32x4.add(e0, f32x4.mul(v128.load(cosines), even))
    e1 = f32x4.add(e1, f32x4.mul(v128.load(cosines, 16), even))
    o0 = f32x4.add(o0, f32x4.mul(v128.load(cosines, 32), odd))
    o1 = f32x4.add(o1, f32x4.mul(v128.load(cosines, 48), odd))
  }
  v128.store(out, i32x4.shuffle(e0, o0, 0, 4, 1, 5))
  v128.store(out, i32x4.shuffle(e0, o0, 2, 6, 3, 7), 16)
  v128.store(out, i32x4.shuffle(e1, o1, 0, 4, 1, 5), 32)
  v128.store(out, i32x4.shuffle(e1, o1, 2, 6, 3, 7), 48)
}

/** The largest absolute coefficient. */
export function largest(coefficients: usize): f32 {
  let most = f32x4.splat(0)
  for (let at: usize = 0; at < 1024; at += 16) most = f32x4.pmax(most, f32x4.abs(v128.load(coefficients + at)))
  const pairs = f32x4.pmax(most, i32x4.shuffle(most, most, 2, 3, 2, 3))
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1))
}

/** Exchanges rows and columns of 16 x 16 values. */
export function transpose(from: usize, to: usize): void {
  for (let i: usize = 0; i < 16; i++) {
    for (let j: usize = 0; j < 16; j++) store<f32>(to + (j << 6) + (i << 2), load<f32>(from + (i << 6) + (j << 2)))
  }
}

/** The values with the sign of even rows and even columns changed, as asked. */
export function mirror(from: usize, rows: bool, columns: bool, to: usize): void {
  const sign: i32 = -0x80000000
  const evenLanes = columns ? i32x4(sign, 0, sign, 0) : i32x4.splat(0)
  for (let at: usize = 0; at < 1024; at += 16) {
    const isEvenRow = ((at >> 6) & 1) === 0
    const flips = rows && isEvenRow ? v128.xor(evenLanes, i32x4.splat(sign)) : evenLanes
    v128.store(to + at, v128.xor(v128.load(from + at), flips))
  }
}

/**
 * A value that exactly 128 of the 256 do not exceed, or the 128th smallest when ties forbid that: what is above it is the same.
 * All lie within -`bound`..`bound`.
 */
export function middle(values: usize, bound: f32): f32 {
  let low: f32 = -bound * 1.01 - 1
  let high: f32 = bound
  for (let round = 0; round < 200; round++) {
    const guess: f32 = (low + high) * 0.5
    if (guess <= low || guess >= high) break
    const limit = f32x4.splat(guess)
    let counts = i32x4.splat(0)
    for (let at: usize = 0; at < 1024; at += 16) counts = i32x4.add(counts, f32x4.le(v128.load(values + at), limit))
    const pairs = i32x4.add(counts, i32x4.shuffle(counts, counts, 2, 3, 2, 3))
    // Each comparison that holds counts as -1.
    const count = -(i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1))
    if (count === 128) return guess
    if (count < 128) low = guess
    else high = guess
  }
  return high
}

/** The 32 bytes of the bits "above the limit", bits 255..248 first. */
export function bits(values: usize, limit: f32, to: usize): void {
  const above = f32x4.splat(limit)
  for (let byte: usize = 0; byte < 32; byte++) {
    const at = values + (byte << 5)
    const low = i32x4.bitmask(f32x4.gt(v128.load(at), above))
    const high = i32x4.bitmask(f32x4.gt(v128.load(at, 16), above))
    store<u8>(to + 31 - byte, low | (high << 4))
  }
}
