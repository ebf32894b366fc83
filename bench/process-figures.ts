import { readFileSync } from 'node:fs'

/** Linux counts processor time of a process in hundredths of a second. */
const TICK_MS = 10

/** Milliseconds of processor time of a running process so far. */
export function cpuMs(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** Megabytes (of 2^20) of a running process that are in memory now. */
export function residentMb(pid: number | undefined): number {
  return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024
}
