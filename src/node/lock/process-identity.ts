import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Which process holds something. A process number alone is used again after a while; with its start it is unique. */
export interface ProcessIdentity {
  readonly pid: number
  /** Boot and start time of the process where the system tells them, otherwise null. */
  readonly start: string | null
  readonly host: string
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, start: readStart(process.pid)?.start ?? null, host: hostname() }
}

/** False only if the process is certainly gone. One on another machine counts as alive: nobody can tell from here. */
export function mayBeAlive(holder: ProcessIdentity): boolean {
  if (holder.host !== hostname()) return true
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    // EPERM: it is there but belongs to another user.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
  }
  const now = readStart(holder.pid)
  if (now === null || holder.start === null) return true
  return now.start === holder.start && !now.isZombie
}

/** From Linux's /proc; null elsewhere. */
function readStart(pid: number): { start: string; isZombie: boolean } | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    // The program's name, in brackets, may hold anything; state is the field after it and start time the 20th from there.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { start: `${boot}:${fields[19] ?? ''}`, isZombie: fields[0] === 'Z' }
  } catch {
    return null
  }
}
