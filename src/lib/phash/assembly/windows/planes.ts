// Planes of 32-bit floats: half the size, slopes, blurs. Loops run in steps of 4 floats and may write that far past the end of a
// line; every area has room for it.

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
