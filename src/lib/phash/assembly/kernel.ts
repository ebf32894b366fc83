// The arithmetic of the WASM kernel, in AssemblyScript; built by `node scripts/build-wasm.mjs`. Nothing here allocates or
// keeps state: `src/lib/phash/wasm-kernel.ts` owns the memory and passes addresses. Orders of additions are those of the
// TypeScript kernel, which is what makes the two agree bit for bit.

import { gradientSumOf } from './gradient-sum'
import { transformOf } from './transform'

const GRID: i32 = 64

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

/** See `transformOf`. */
export function transform(samples: usize, cosines: usize, columnCosines: usize, scratch: usize, out: usize): void {
  transformOf<f64>(samples, cosines, columnCosines, scratch, out)
}

/** See `gradientSumOf`. */
export function gradientSum(samples: usize): f64 {
  return gradientSumOf<f64>(samples)
}
