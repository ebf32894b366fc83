// From 16 x 16 coefficients of 32-bit floats to the bits of a print, in eight orientations.

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
