import { queryWindows } from '#lib/phash/index.ts'
import type { ExactIndex } from '#lib/radius/index.ts'
import { drawScene } from '#lib/scenes/index.ts'
import { PRINT_BYTES } from './data.ts'
import { measureRate, medianRate, type Rate } from './rate.ts'

const WINDOWS = 256
const WINDOWS_PER_SCENE = 40
const BATCH = 8
const BATCH_BYTES = BATCH * PRINT_BYTES
const FIRST_SCENE = 9_000

/** Look-ups a second, eight at once: the orientations of one window, and the same prints from eight windows each. */
export interface TurnedRates {
  readonly together: Rate
  readonly mixed: Rate
}

/** Windows of drawn scenes in all orientations, looked up among the rows of `index`. */
export async function measureTurned(index: ExactIndex, rounds: number): Promise<TurnedRates> {
  const prints = new Uint8Array(WINDOWS * BATCH_BYTES)
  let window = 0
  for (let seed = FIRST_SCENE; window < WINDOWS; seed++) {
    const pixels = drawScene(seed, { width: 320, height: 240 })
    const own = await queryWindows(pixels, { look: 'first' })
    for (const { hashes } of own.slice(0, Math.min(WINDOWS_PER_SCENE, WINDOWS - window)))
      prints.set(hashes, BATCH_BYTES * window++)
  }
  const mixed = new Uint8Array(prints.length)
  for (let n = 0; n < WINDOWS * BATCH; n++) {
    const from = ((n % WINDOWS) * BATCH + Math.floor(n / WINDOWS)) * PRINT_BYTES
    mixed.set(prints.subarray(from, from + PRINT_BYTES), n * PRINT_BYTES)
  }
  const rates = { together: [] as Rate[], mixed: [] as Rate[] }
  for (let round = 0; round <= rounds; round++) {
    const together = rateOf(index, prints)
    const apart = rateOf(index, mixed)
    // The first is to warm up.
    if (round === 0) continue
    rates.together.push(together)
    rates.mixed.push(apart)
  }
  return { together: medianRate(rates.together), mixed: medianRate(rates.mixed) }
}

function rateOf(index: ExactIndex, prints: Uint8Array): Rate {
  const ask = (k: number) => index.queryMany(prints.subarray(k * BATCH_BYTES, (k + 1) * BATCH_BYTES))
  const { wall, cpu } = measureRate(WINDOWS, ask, [])
  return { wall: wall * BATCH, cpu: cpu * BATCH }
}
