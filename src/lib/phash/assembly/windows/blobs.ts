// Places that stand out of a plane.

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
