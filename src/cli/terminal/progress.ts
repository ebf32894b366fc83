export interface Progress {
  /** `done` of `total` in the unit given at the start; `detail` is one short phrase. */
  update(done: number, total: number, detail?: string): void
  /** Removes the bar, or writes the last plain line. */
  end(): void
}

interface ProgressTarget {
  write(text: string): void
  isTerminal: boolean
  columns(): number
  nowMs(): number
}

const BAR_INTERVAL_MS = 100
const LINE_INTERVAL_MS = 5_000
const BAR_WIDTH = 24

/**
 * Progress of long work on standard error: a bar that redraws itself on a terminal, a plain line every five seconds in a
 * pipe. Work that ends within the first interval says nothing in a pipe.
 */
export function startProgress(label: string, target: ProgressTarget): Progress {
  const startedMs = target.nowMs()
  let lastMs = startedMs - (target.isTerminal ? BAR_INTERVAL_MS : 0)
  let hasWritten = false
  return {
    update(done, total, detail = '') {
      const now = target.nowMs()
      if (now - lastMs < (target.isTerminal ? BAR_INTERVAL_MS : LINE_INTERVAL_MS)) return
      lastMs = now
      hasWritten = true
      const share = total > 0 ? Math.min(1, done / total) : 0
      const words = [`${Math.floor(share * 100)} %`, detail, remaining(share, now - startedMs)]
        .filter(Boolean)
        .join(' · ')
      if (!target.isTerminal) return target.write(`${label}: ${words}\n`)
      const filled = Math.round(share * BAR_WIDTH)
      const text = `${label} ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${words}`
      target.write(`\r\u001b[2K${text.slice(0, Math.max(20, target.columns() - 1))}`)
    },
    end() {
      if (target.isTerminal && hasWritten) target.write('\r\u001b[2K')
    },
  }
}

function remaining(share: number, elapsedMs: number): string {
  if (share < 0.02 || share >= 1 || elapsedMs < 2_000) return ''
  const seconds = Math.ceil((elapsedMs * (1 - share)) / share / 1000)
  if (seconds < 60) return `about ${seconds} s left`
  return seconds < 5_400
    ? `about ${Math.round(seconds / 60)} min left`
    : `about ${Math.round(seconds / 3_600)} h left`
}
