// The discrete cosine transform of both kernels. `Float` is f64 (`kernel.ts`) or f32 (`windows.ts`); the order of additions is
// that of the TypeScript kernels.

const GRID: i32 = 64
const HALF: i32 = 32
const FREQUENCIES: i32 = 16

/**
 * 16 x 16 coefficients of 64 x 64 samples. `cosines`: row i, column j < 32. `columnCosines`: for each j < 32 the eight even
 * rows, then the eight odd ones. `scratch`: 64 x 64 + 2 x 64 floats.
 */
export function transformOf<Float>(
  samples: usize,
  cosines: usize,
  columnCosines: usize,
  scratch: usize,
  out: usize,
): void {
  const rowBytes = <usize>GRID * sizeof<Float>()
  const differences = scratch + <usize>HALF * rowBytes
  const row = scratch + <usize>GRID * rowBytes
  fold<Float>(samples, scratch, differences)
  for (let i = 0; i < FREQUENCIES; i += (i & 1) === 1 ? 3 : 1) {
    const folded = (i & 1) === 1 ? scratch : differences
    addFolded<Float>(folded, cosines + <usize>(i * HALF) * sizeof<Float>(), row)
    transformRow<Float>(row, columnCosines, out + <usize>(i * FREQUENCIES) * sizeof<Float>())
    transformRow<Float>(row + rowBytes, columnCosines, out + <usize>((i + 2) * FREQUENCIES) * sizeof<Float>())
  }
}

function fold<Float>(samples: usize, sums: usize, differences: usize): void {
  const rowBytes = <usize>GRID * sizeof<Float>()
  for (let y: usize = 0; y < <usize>HALF; y++) {
    const upper = samples + y * rowBytes
    const lower = samples + (<usize>GRID - 1 - y) * rowBytes
    for (let x: usize = 0; x < rowBytes; x += 16) {
      const a = v128.load(upper + x)
      const b = v128.load(lower + x)
      v128.store(sums + y * rowBytes + x, v128.add<Float>(a, b))
      v128.store(differences + y * rowBytes + x, v128.sub<Float>(a, b))
    }
  }
}

/** Rows i and i + 2 of the half-done transform, one after the other at `row`. */
function addFolded<Float>(folded: usize, cosines: usize, row: usize): void {
  const rowBytes = <usize>GRID * sizeof<Float>()
  for (let x: usize = 0; x < rowBytes; x += 64) {
    let a0 = v128.splat<Float>(0)
    let a1 = a0
    let a2 = a0
    let a3 = a0
    let b0 = a0
    let b1 = a0
    let b2 = a0
    let b3 = a0
    let at = folded + x
    for (let y: usize = 0; y < <usize>HALF * sizeof<Float>(); y += sizeof<Float>()) {
      const one = v128.load_splat<Float>(cosines + y)
      const two = v128.load_splat<Float>(cosines + y + 2 * <usize>HALF * sizeof<Float>())
      const v0 = v128.load(at)
      const v1 = v128.load(at, 16)
      const v2 = v128.load(at, 32)
      const v3 = v128.load(at, 48)
      a0 = v128.add<Float>(a0, v128.mul<Float>(one, v0))
      a1 = v128.add<Float>(a1, v128.mul<Float>(one, v1))
      a2 = v128.add<Float>(a2, v128.mul<Float>(one, v2))
      a3 = v128.add<Float>(a3, v128.mul<Float>(one, v3))
      b0 = v128.add<Float>(b0, v128.mul<Float>(two, v0))
      b1 = v128.add<Float>(b1, v128.mul<Float>(two, v1))
      b2 = v128.add<Float>(b2, v128.mul<Float>(two, v2))
      b3 = v128.add<Float>(b3, v128.mul<Float>(two, v3))
      at += rowBytes
    }
    const to = row + x
    v128.store(to, a0)
    v128.store(to, a1, 16)
    v128.store(to, a2, 32)
    v128.store(to, a3, 48)
    v128.store(to + rowBytes, b0)
    v128.store(to + rowBytes, b1, 16)
    v128.store(to + rowBytes, b2, 32)
    v128.store(to + rowBytes, b3, 48)
  }
}

// @ts-ignore: decorator
@inline
function transformRow<Float>(row: usize, columnCosines: usize, out: usize): void {
  if (sizeof<Float>() === 8) transformRowWide(row, columnCosines, out)
  else transformRowNarrow(row, columnCosines, out)
}

/** One row of coefficients of 64-bit floats: even places from differences, odd ones from sums of the two halves. */
function transformRowWide(row: usize, columnCosines: usize, out: usize): void {
  let e0 = f64x2.splat(0)
  let e1 = e0
  let e2 = e0
  let e3 = e0
  let o0 = e0
  let o1 = e0
  let o2 = e0
  let o3 = e0
  let cosines = columnCosines
  let right = row + 64 * 8 - 8
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

/** The same of 32-bit floats: even places from differences, odd ones from sums of the two halves. */
function transformRowNarrow(row: usize, columnCosines: usize, out: usize): void {
  let e0 = f32x4.splat(0)
  let e1 = e0
  let o0 = e0
  let o1 = e0
  let cosines = columnCosines
  let right = row + 64 * 4 - 4
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
