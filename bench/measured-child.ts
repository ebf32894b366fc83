import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface ChildFigures {
  wallMs: number
  /** User and system time. */
  cpuMs: number
  peakRssMb: number
  stdout: string
}

const SAMPLE_MS = 20
/** Linux counts processor time of a process in hundredths of a second. */
const TICK_MS = 10

/** Whether children can be bound to one core here. */
export const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0

/**
 * Runs a Node child and measures it from outside through /proc (Linux): the last sample before its end counts, so up to
 * 20 ms are missed. Elsewhere processor time and memory are NaN. Rejects when the child fails.
 */
export function measureChild(args: readonly string[], isPinned = false): Promise<ChildFigures> {
  const [command, all] = isPinned
    ? ['taskset', ['-c', '0', process.execPath, ...args]]
    : [process.execPath, args]
  const startedMs = performance.now()
  const child = spawn(command, all, { stdio: ['ignore', 'pipe', 'inherit'] })
  let cpuMs = Number.NaN
  let peakRssMb = Number.NaN
  let stdout = ''
  const sample = (): void => {
    try {
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      const peakKb = Number(/VmHWM:\s*(\d+)/.exec(status)?.[1])
      if (peakKb > 0) peakRssMb = peakKb / 1024
      cpuMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS
    } catch {
      // It has just ended, or this system has no /proc.
    }
  }
  const timer = setInterval(sample, SAMPLE_MS)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearInterval(timer)
      if (code === 0) resolve({ wallMs: performance.now() - startedMs, cpuMs, peakRssMb, stdout })
      else reject(new Error(`${args.slice(0, 3).join(' ')} ended with ${code}`))
    })
  })
}
