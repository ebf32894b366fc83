// The page of bench/browser.bench.ts: registers drawn scenes and says how long it took.
import { fingerprint, registerWindows } from '#lib/phash/index.ts'
import { drawScene } from '#lib/scenes/index.ts'

interface Registration {
  readonly wholeMs: number
  readonly windowsMs: number
  readonly rows: number
}

/** Times one registration for each seed, on the thread of the page. */
async function register(seeds: readonly number[], width: number, height: number): Promise<Registration[]> {
  const registrations: Registration[] = []
  for (const seed of seeds) {
    const { data } = drawScene(seed, { width, height })
    const pixels = { data, width, height, format: 'rgb8' as const }
    const startedMs = performance.now()
    fingerprint(pixels)
    const wholeMs = performance.now() - startedMs
    const rows = await registerWindows(pixels, { set: 'full' })
    registrations.push({ wholeMs, windowsMs: performance.now() - startedMs - wholeMs, rows: rows.length })
  }
  return registrations
}

Object.assign(globalThis, { register })
