import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Rehearsal, RehearsalOptions } from '#contract/program.ts'
import { readSettings } from '#node/log-store/index.ts'
import { DEFAULT_QUOTA } from './case-store/index.ts'
import type { Clock } from './clock.ts'
import { readConfig } from './config.ts'
import type { LiveDatabase } from './database.ts'
import { ServerError } from './errors.ts'
import { type Overrides, type RunningServer, runServer } from './serve.ts'

/** A name that is nobody's (RFC 2606). */
const LOG_ORIGIN = 'demo.saksi.invalid/log'
const HOST = '127.0.0.1'
const STEP_MS = 1_000
const IDLE_MS = 100
const IDLE_ROUNDS = 30
/** Whoever shows something registers many people from one address, and waits for no puzzle. */
const EASY: Overrides = {
  limits: { opensPerHour: 10_000, fetchesPerHour: 100_000, opensPerMinute: 10_000 },
  puzzleBits: 4,
  quota: DEFAULT_QUOTA,
}

/** The system's clock, turned forward. */
class ForwardClock implements Clock {
  #aheadMs = 0

  now(): Date {
    return new Date(Date.now() + this.#aheadMs)
  }

  forward(ms: number): void {
    this.#aheadMs += ms
  }
}

/** See `ServerProgram.rehearse`. */
export async function rehearse({ data, signal, log }: RehearsalOptions): Promise<Rehearsal> {
  const clock = new ForwardClock()
  // Not of the environment: a rehearsal must never write into a database that is in use.
  const config = readConfig({ data, host: HOST, port: await freePort() }, { SAKSI_LOG_ORIGIN: LOG_ORIGIN })
  let setupToken: string | null = null
  const say = (line: string): void => {
    setupToken ??= /\/setup#([A-Za-z0-9_-]{43})$/.exec(line)?.[1] ?? null
  }
  // Ended from here, too, when something fails after it has started.
  const end = new AbortController()
  const until = AbortSignal.any([signal, end.signal])
  let ended: Promise<void> = Promise.resolve()
  const running = await new Promise<RunningServer>((resolve, reject) => {
    ended = runServer(config, { signal: until, say, log, clock, onReady: resolve }, EASY)
    ended.then(() => reject(notStarted()), reject)
  })
  const logFolder = join(data, 'log')
  try {
    return {
      url: running.url,
      setupToken: setupToken ?? '',
      logOrigin: (await readSettings(logFolder)).settings.origin,
      logFolder,
      now: () => clock.now(),
      forward: (ms) => forward(running, clock, ms),
      ended,
    }
  } catch (error) {
    end.abort()
    await ended
    throw error
  }
}

async function forward(running: RunningServer, clock: ForwardClock, ms: number): Promise<number> {
  await workOff(running, clock)
  clock.forward(ms)
  await running.jobs.runDue()
  await running.custodyLog.keep()
  return countHits(running.database)
}

/** Until no sighting waits, or none is taken up any more because the matcher is closed. */
async function workOff({ jobs, database }: RunningServer, clock: ForwardClock): Promise<void> {
  let left = Number.POSITIVE_INFINITY
  for (let idle = 0; idle < IDLE_ROUNDS; ) {
    // Jobs that do some of their work at a time come again a second later.
    clock.forward(STEP_MS)
    await jobs.runDue()
    const waiting = await countWaiting(database)
    if (waiting === 0) return
    // The server's own round may have taken the job and be at it.
    idle = waiting < left ? 0 : idle + 1
    if (idle > 0) await sleep(IDLE_MS)
    left = waiting
  }
}

async function countWaiting({ kysely }: LiveDatabase): Promise<number> {
  const { count } = await kysely
    .selectFrom('sightings')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function countHits({ kysely }: LiveDatabase): Promise<number> {
  const { count } = await kysely
    .selectFrom('hits_waiting')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** What is signed in a sign-in names the port, so that it has to be known before the server listens. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, HOST)
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

function notStarted(): ServerError {
  return new ServerError('SERVER_DATA', 'The server ended before it was ready.')
}
