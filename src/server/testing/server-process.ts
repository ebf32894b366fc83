import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('killed-server.ts', import.meta.url))
const READY = /ready: (http:\S+)/

/** A server in a process of its own, which can be killed. */
export interface ServerProcess {
  readonly child: ChildProcess
  readonly url: string
  /** Everything it has said so far, its log too when it is logged. */
  readonly said: () => string
}

export interface ServerProcessOptions {
  /** See `killed-server.ts`. */
  readonly words?: readonly ('log' | 'roomy' | 'flooded')[]
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a server on the data directory and waits until it listens. Throws with what it said when it ends before. */
export async function startServerProcess(
  directory: string,
  { words = [], env = {} }: ServerProcessOptions = {},
): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), PROGRAM, directory, ...words],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, DATABASE_URL: '', ...env } },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  while (child.exitCode === null && child.signalCode === null) {
    const url = READY.exec(said)?.[1]
    if (url !== undefined) return { child, url, said: () => said }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`The server ended before it was ready: ${said}`)
}

export async function killServer({ child }: ServerProcess): Promise<void> {
  const ended = once(child, 'exit')
  if (child.kill('SIGKILL')) await ended
}

/** Turns the clock of a server on by quarters of an hour, slowly enough that each is noticed. */
export async function turnClock({ child }: ServerProcess, quarters: number): Promise<void> {
  for (let n = 0; n < quarters; n++) {
    child.kill('SIGUSR2')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export async function endServer({ child }: ServerProcess): Promise<number | null> {
  const ended = once(child, 'exit')
  if (child.kill('SIGTERM')) await ended
  return child.exitCode
}

/** Kills PostgreSQL's first process, or one of those that serve connections; the one or the other at random. */
export function killDatabase(directory: string, random: () => number): void {
  const cluster = join(directory, 'postgresql', 'cluster')
  const first = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0])
  // One that was killed leaves its file behind, and its number may be somebody else's by now.
  if (!commandOf(first).includes(cluster)) return
  const children = childrenOf(first)
  const victims = random() < 0.5 ? [first] : children
  const victim = victims[Math.floor(random() * victims.length)]
  // Between reading and killing it may have gone, and that is as good.
  if (victim !== undefined && victim > 1) tryKill(victim)
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    return
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
        return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(parent)
      } catch {
        return false
      }
    })
    .map(Number)
}
