import { type Kysely, sql, type Transaction } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Db, LiveDatabase } from '../database.ts'
import type { Log } from '../log.ts'
import type { Tables } from '../schema/tables.ts'

export type JobPayload = Readonly<Record<string, unknown>>

/**
 * Carries out one kind of job. It may be carried out again after a crash, so it must come to the same end twice. What it
 * does in `tx` is committed together with the end of the job.
 */
export type JobHandler = (tx: Transaction<Tables>, payload: JobPayload, now: Date) => Promise<void>

export interface NewJob {
  readonly kind: string
  readonly payload: JobPayload
  readonly due: Date
  /** There is at most one job with a key; a second one changes nothing. */
  readonly key?: string
}

/** A job that comes again: `everyMs` after it was done. */
export interface Recurring {
  readonly everyMs: number
}

export interface JobKind {
  readonly handle: JobHandler
  readonly recurring?: Recurring
}

const POLL_MS = 1_000
const FIRST_RETRY_MS = 10_000
const LONGEST_RETRY_MS = 60 * 60_000

/** Adds a job in the caller's transaction: it is there exactly if what it belongs to is. */
export async function addJob(tx: Db, { kind, payload, due, key }: NewJob): Promise<void> {
  await tx
    .insertInto('jobs')
    .values({ kind, payload: JSON.stringify(payload), due, key: key ?? null })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
}

/**
 * Durable jobs on a table. Several servers may run them: each takes what no other has taken (SKIP LOCKED). A job that
 * fails stays and is tried again, later each time; it never holds up the others.
 */
export class Jobs {
  readonly #kinds: ReadonlyMap<string, JobKind>
  readonly #database: LiveDatabase
  readonly #clock: Clock
  readonly #log: Log
  #timer: NodeJS.Timeout | null = null
  #running: Promise<unknown> = Promise.resolve()
  #isStopped = false

  constructor(
    kinds: Readonly<Record<string, JobKind>>,
    { database, clock, log }: { database: LiveDatabase; clock: Clock; log: Log },
  ) {
    this.#kinds = new Map(Object.entries(kinds))
    this.#database = database
    this.#clock = clock
    this.#log = log
  }

  /** Makes sure that the recurring ones are there. */
  async plan(): Promise<void> {
    for (const [kind, { recurring }] of this.#kinds) {
      if (recurring === undefined) continue
      await addJob(this.#database.kysely, { kind, payload: {}, due: this.#clock.now(), key: kind })
    }
  }

  /** Looks every second for what is due, until `stop`. */
  start(): void {
    this.#lookLater()
  }

  /** Waits for the job that is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    if (this.#timer) clearTimeout(this.#timer)
    await this.#running
  }

  /** Carries out everything that is due and says how much that was. */
  async runDue(): Promise<number> {
    let done = 0
    while (!this.#isStopped && (await this.#runOne(this.#database.kysely))) done++
    return done
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => {
      // A database that is away is told by whoever watches it; the next look finds the jobs where they were.
      this.#running = this.runDue()
        .catch(() => 0)
        .finally(() => {
          if (!this.#isStopped) this.#lookLater()
        })
    }, POLL_MS)
    this.#timer.unref()
  }

  /** False when nothing is due. */
  async #runOne(kysely: Kysely<Tables>): Promise<boolean> {
    const now = this.#clock.now()
    return kysely.transaction().execute(async (tx) => {
      const job = await tx
        .selectFrom('jobs')
        .selectAll()
        .where('due', '<=', now)
        .where('kind', 'in', [...this.#kinds.keys()])
        .orderBy('due')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst()
      if (job === undefined) return false
      await sql`savepoint job`.execute(tx)
      try {
        await this.#kinds.get(job.kind)?.handle(tx, job.payload, now)
      } catch (error) {
        await sql`rollback to savepoint job`.execute(tx)
        await this.#putOff(tx, job, now, error)
        return true
      }
      await this.#end(tx, job, now)
      return true
    })
  }

  async #end(tx: Transaction<Tables>, job: { id: string; kind: string }, now: Date): Promise<void> {
    const recurring = this.#kinds.get(job.kind)?.recurring
    if (recurring === undefined) await tx.deleteFrom('jobs').where('id', '=', job.id).execute()
    else {
      const due = new Date(now.getTime() + recurring.everyMs)
      await tx.updateTable('jobs').set({ due, attempts: 0 }).where('id', '=', job.id).execute()
    }
  }

  async #putOff(
    tx: Transaction<Tables>,
    job: { id: string; kind: string; attempts: number },
    now: Date,
    error: unknown,
  ): Promise<void> {
    const attempts = job.attempts + 1
    const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 20))
    const due = new Date(now.getTime() + waitMs)
    await tx.updateTable('jobs').set({ due, attempts }).where('id', '=', job.id).execute()
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL'
    this.#log.write({ event: 'job-failed', kind: job.kind, attempts, code })
  }
}
