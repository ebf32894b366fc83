// The arithmetic of the WASM kernel, in AssemblyScript; built by `node scripts/build-wasm.mjs`. Nothing here allocates or
// keeps state: `src/lib/phash/wasm-kernel.ts` owns the memory and passes addresses. Orders of additions are those of the
// TypeScript kernel, which is what makes the two agree bit for bit.

const GRID: i32 = 64
const HALF: i32 = 32
const FREQUENCIES: i32 = 16
const ROW_BYTES: usize = 64 * 8

/**
 * sums[x] += weights[r] * rows[r][x] for `count` rows of `rowBytes` bytes each; `weights` are 16-bit, at most 32767, `sums`
 * 32-bit. Starts from zero when `isFresh`. Reads and writes up to 15 places past the end of a row.
 */
export function addRows(rows: usize, count: i32, rowBytes: i32, weights: usize, sums: usize, isFresh: bool): void {
  const step = <usize>rowBytes
  for (let x = 0; x < rowBytes; x += 16) {
    const to = sums + ((<usize>x) << 2)
    let s0 = i32x4.splat(0)
    let s1 = s0
    let s2 = s0
    let s3 = s0
    if (!isFresh) {
      s0 = v128.load(to)
      s1 = v128.load(to, 16)
      s2 = v128.load(to, 32)
      s3 = v128.load(to, 48)
    }
    let at = rows + <usize>x
    let weight = weights
    for (let left = count; left > 0; left -= 2) {
      const isPair = left > 1
      const a = v128.load(at)
      // A last row without a partner is paired with itself at weight 0.
      const b = isPair ? v128.load(at + step) : a
      const pair = isPair ? v128.load32_splat(weight) : i32x4.splat(load<u16>(weight))
      const low = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
      const high = i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(low), pair))
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(low), pair))
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(high), pair))
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(high), pair))
      at += step << 1
      weight += 4
    }
    v128.store(to, s0)
    v128.store(to, s1, 16)
    v128.store(to, s2, 32)
    v128.store(to, s3, 48)
  }
}

/** Sums of a gray picture as 64-bit floats. Works in steps of four. */
export function grayLine(sums: usize, width: i32, line: usize): void {
  for (let x = 0; x < width; x += 4) {
    const four = v128.load(sums + ((<usize>x) << 2))
    const to = line + ((<usize>x) << 3)
    v128.store(to, f64x2.convert_low_i32x4_s(four))
    v128.store(to, f64x2.convert_low_i32x4_s(i32x4.shuffle(four, four, 2, 3, 2, 3)), 16)
  }
}

/** Sums of a picture of 3 or 4 channels as luma in thousandths. */
export function colourLine(sums: usize, width: i32, channels: i32, line: usize): void {
  const step = (<usize>channels) << 2
  let at = sums
  for (let x = 0; x < width; x++, at += step) {
    const luma = 299.0 * <f64>load<i32>(at) + 587.0 * <f64>load<i32>(at, 4) + 114.0 * <f64>load<i32>(at, 8)
    store<f64>(line + ((<usize>x) << 3), luma)
  }
}

/**
 * `colourLine` of sums so small (`MAX_WHOLE_LUMA`) that luma in thousandths fits 32 bits. Works in steps of four pixels:
 * reads up to 48 bytes and writes up to 24 past the end.
 */
export function smallColourLine(sums: usize, width: i32, channels: i32, line: usize): void {
  const red = i32x4.splat(299)
  const green = i32x4.splat(587)
  const blue = i32x4.splat(114)
  const step = <usize>(channels << 4)
  let at = sums
  let to = line
  for (let x = 0; x < width; x += 4, at += step, to += 32) {
    const a = v128.load(at)
    const b = v128.load(at, 16)
    const c = v128.load(at, 32)
    let r: v128
    let g: v128
    let u: v128
    if (channels === 3) {
      r = i32x4.shuffle(i32x4.shuffle(a, b, 0, 3, 6, 6), c, 0, 1, 2, 5)
      g = i32x4.shuffle(i32x4.shuffle(a, b, 1, 4, 7, 7), c, 0, 1, 2, 6)
      u = i32x4.shuffle(i32x4.shuffle(a, b, 2, 5, 5, 5), c, 0, 1, 4, 7)
    } else {
      const d = v128.load(at, 48)
      const ab = i32x4.shuffle(a, b, 0, 4, 1, 5)
      const cd = i32x4.shuffle(c, d, 0, 4, 1, 5)
      r = i32x4.shuffle(ab, cd, 0, 1, 4, 5)
      g = i32x4.shuffle(ab, cd, 2, 3, 6, 7)
      u = i32x4.shuffle(i32x4.shuffle(a, b, 2, 6, 2, 6), i32x4.shuffle(c, d, 2, 6, 2, 6), 0, 1, 4, 5)
    }
    const luma = i32x4.add(i32x4.add(i32x4.mul(red, r), i32x4.mul(green, g)), i32x4.mul(blue, u))
    v128.store(to, f64x2.convert_low_i32x4_s(luma))
    v128.store(to, f64x2.convert_low_i32x4_s(i32x4.shuffle(luma, luma, 2, 3, 2, 3)), 16)
  }
}

/**
 * 64 weighted means of a line. `positions`: 64 x (address in the line, address of the weights, number of pairs of weights,
 * unused), 32-bit each. `totals`: what to divide by beside `rowTotal`.
 */
export function sampleLine(positions: usize, totals: usize, rowTotal: f64, out: usize): void {
  for (let k: usize = 0; k < <usize>GRID; k++) {
    const position = positions + (k << 4)
    let at = <usize>load<u32>(position)
    let weight = <usize>load<u32>(position, 4)
    let sum = f64x2.splat(0)
    for (let left = load<i32>(position, 8); left > 0; left--) {
      sum = f64x2.add(sum, f64x2.mul(v128.load(at), v128.load(weight)))
      at += 16
      weight += 16
    }
    const total = rowTotal * load<f64>(totals + (k << 3))
    store<f64>(out + (k << 3), (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)) / total)
  }
}

/**
 * 16 x 16 coefficients of 64 x 64 samples. `cosines`: row i, column j < 32. `columnCosines`: for each j < 32 the eight even
 * rows, then the eight odd ones. `scratch`: 64 x 64 + 2 x 64 floats.
 */
export function transform(samples: usize, cosines: usize, columnCosines: usize, scratch: usize, out: usize): void {
  const differences = scratch + <usize>HALF * ROW_BYTES
  const row = scratch + <usize>GRID * ROW_BYTES
  fold(samples, scratch, differences)
  for (let i = 0; i < FREQUENCIES; i += (i & 1) === 1 ? 3 : 1) {
    const folded = (i & 1) === 1 ? scratch : differences
    addFolded(folded, cosines + (<usize>i << 8), row)
    transformRow(row, columnCosines, out + (<usize>i << 7))
    transformRow(row + ROW_BYTES, columnCosines, out + (<usize>(i + 2) << 7))
  }
}

function fold(samples: usize, sums: usize, differences: usize): void {
  for (let y: usize = 0; y < <usize>HALF; y++) {
    const upper = samples + y * ROW_BYTES
    const lower = samples + (<usize>GRID - 1 - y) * ROW_BYTES
    for (let x: usize = 0; x < ROW_BYTES; x += 16) {
      const a = v128.load(upper + x)
      const b = v128.load(lower + x)
      v128.store(sums + y * ROW_BYTES + x, f64x2.add(a, b))
      v128.store(differences + y * ROW_BYTES + x, f64x2.sub(a, b))
    }
  }
}

/** Rows i and i + 2 of the half-done transform, one after the other at `row`. */
function addFolded(folded: usize, cosines: usize, row: usize): void {
  for (let x: usize = 0; x < ROW_BYTES; x += 64) {
    let a0 = f64x2.splat(0)
    let a1 = a0
    let a2 = a0
    let a3 = a0
    let b0 = a0
    let b1 = a0
    let b2 = a0
    let b3 = a0
    let at = folded + x
    for (let y: usize = 0; y < 256; y += 8) {
      const one = v128.load64_splat(cosines + y)
      const two = v128.load64_splat(cosines + y, 512)
      const v0 = v128.load(at)
      const v1 = v128.load(at, 16)
      const v2 = v128.load(at, 32)
      const v3 = v128.load(at, 48)
      a0 = f64x2.add(a0, f64x2.mul(one, v0))
      a1 = f64x2.add(a1, f64x2.mul(one, v1))
      a2 = f64x2.add(a2, f64x2.mul(one, v2))
      a3 = f64x2.add(a3, f64x2.mul(one, v3))
      b0 = f64x2.add(b0, f64x2.mul(two, v0))
      b1 = f64x2.add(b1, f64x2.mul(two, v1))
      b2 = f64x2.add(b2, f64x2.mul(two, v2))
      b3 = f64x2.add(b3, f64x2.mul(two, v3))
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
  let e0 = f64x2.splat(0)
  let e1 = e0
  let e2 = e0
  let e3 = e0
  let o0 = e0
  let o1 = e0
  let o2 = e0
  let o3 = e0
  let cosines = columnCosines
  let right = row + ROW_BYTES - 8
  for (let left = row; left < right; left += 8, right -= 8) {
    const a = v128.load64_splat(left)
    const b = v128.load64_splat(right)
    const difference = f64x2.sub(a, b)
    const sum = f64x2.add(a, b)
    e0 = f64x2.add(e0, f64x2.mul(v128.load(cosines), difference))
    e1 = f64x2.add(e1, f64x2.mul(v128.load(cosines, 16), difference))
    e2 = f64x2.add(e2, f64x2.mul(v128.load(cosines, 32), difference))
    e3 = f64x2.add(e3, f64x2.mul(v128.load(cosines, 48), difference))
    o0 = f64x2.add(o0, f64x2.mul(v128.load(cosines, 64), sum))
    o1 = f64x2.add(o1, f64x2.mul(v128.load(cosines, 80), sum))
    o2 = f64x2.add(o2, f64x2.mul(v128.load(cosines, 96), sum))
    o3 = f64x2.add(o3, f64x2.mul(v128.load(cosines, 112), sum))
    cosines += 128
  }
  storeInterleaved(out, e0, o0)
  storeInterleaved(out + 32, e1, o1)
  storeInterleaved(out + 64, e2, o2)
  storeInterleaved(out + 96, e3, o3)
}

// @ts-ignore: decorator
@inline
function storeInterleaved(out: usize, even: v128, odd: v128): void {
  v128.store(out, i64x2.shuffle(even, odd, 0, 2))
  v128.store(out, i64x2.shuffle(even, odd, 1, 3), 16)
}

/** Sum of the whole parts of the differences between neighbouring samples, in hundredths of the range. */
export function gradientSum(samples: usize): f64 {
  let sum = f64x2.splat(0)
  const end = samples + <usize>GRID * ROW_BYTES
  for (let row = samples; row < end; row += ROW_BYTES) {
    const isLast = row + ROW_BYTES === end
    for (let x: usize = 0; x < ROW_BYTES; x += 16) {
      const here = v128.load(row + x)
      if (!isLast) sum = f64x2.add(sum, gradient(here, v128.load(row + x + ROW_BYTES)))
      // The last pair of a row has one neighbour only; compared with itself, its second sample adds nothing.
      const shifted = x + 16 < ROW_BYTES ? v128.load(row + x + 8) : i64x2.shuffle(here, here, 1, 1)
      sum = f64x2.add(sum, gradient(here, shifted))
    }
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

// @ts-ignore: decorator
@inline
function gradient(a: v128, b: v128): v128 {
  const scaled = f64x2.div(f64x2.mul(f64x2.sub(a, b), f64x2.splat(100)), f64x2.splat(255))
  return f64x2.abs(f64x2.trunc(scaled))
}
