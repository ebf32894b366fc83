// What the quality of a print is made of, for both kernels. `Float` is f64 (`kernel.ts`) or f32 (`windows.ts`).

const GRID: i32 = 64

/** Sum of the whole parts of the differences between neighbouring samples of 64 x 64, in hundredths of the range. */
export function gradientSumOf<Float>(samples: usize): Float {
  const rowBytes = <usize>GRID * sizeof<Float>()
  let sum = v128.splat<Float>(0)
  const end = samples + <usize>GRID * rowBytes
  for (let row = samples; row < end; row += rowBytes) {
    const isLast = row + rowBytes === end
    for (let x: usize = 0; x < rowBytes; x += 16) {
      const here = v128.load(row + x)
      if (!isLast) sum = v128.add<Float>(sum, difference<Float>(here, v128.load(row + x + rowBytes)))
      // The last sample of a row has no right neighbour; compared with itself it adds nothing.
      const right = x + 16 < rowBytes ? v128.load(row + x + sizeof<Float>()) : lastShifted<Float>(here)
      sum = v128.add<Float>(sum, difference<Float>(here, right))
    }
  }
  if (sizeof<Float>() === 8) return v128.extract_lane<Float>(sum, 0) + v128.extract_lane<Float>(sum, 1)
  const pairs = v128.add<Float>(sum, i32x4.shuffle(sum, sum, 2, 3, 2, 3))
  return v128.extract_lane<Float>(pairs, 0) + v128.extract_lane<Float>(pairs, 1)
}

/** The lanes moved to the left, the last one kept. */
// @ts-ignore: decorator
@inline
function lastShifted<Float>(here: v128): v128 {
  return sizeof<Float>() === 8 ? i64x2.shuffle(here, here, 1, 1) : i32x4.shuffle(here, here, 1, 2, 3, 3)
}

// @ts-ignore: decorator
@inline
function difference<Float>(a: v128, b: v128): v128 {
  const scaled = v128.div<Float>(v128.mul<Float>(v128.sub<Float>(a, b), v128.splat<Float>(100)), v128.splat<Float>(255))
  return v128.abs<Float>(v128.trunc<Float>(scaled))
}
