import { DatabaseError, translateError } from '#node/db/index.ts'
import type { Custody } from '../../custody/index.ts'
import type { LiveDatabase } from '../../database.ts'
import { insertReports, type Report, type SpentPuzzle, spendSolutions } from './store.ts'

/** What became of a report. Only `kept` means that anything of it was stored. */
export type Outcome = 'kept' | 'puzzle-used' | 'mailbox-taken'

export interface ReportQueueOptions {
  readonly database: LiveDatabase
  readonly custody: Custody
  readonly random: (bytes: number) => Uint8Array
}

interface Waiting {
  readonly report: Report
  readonly puzzle: SpentPuzzle
  readonly sizeBytes: number
  readonly settle: (outcome: Outcome) => void
  readonly fail: (error: unknown) => void
}

const REPORTS_AT_A_TIME = 32
const BYTES_AT_A_TIME = 4 * 1024 * 1024
/** While one is being written to the disk, the next one is brought to the database. */
const BATCHES_AT_A_TIME = 2

/**
 * Puts reports into the database, those together in one transaction that come while others are under way: most of what a
 * report costs is what a transaction costs. Each is kept or refused on its own all the same. Bounded by whoever fills it.
 */
export class ReportQueue {
  readonly #options: ReportQueueOptions
  #waiting: Waiting[] = []
  #underWay = 0

  constructor(options: ReportQueueOptions) {
    this.#options = options
  }

  /**
   * Keeps a report, its place in the custody log and the used puzzle in one commit; durable before this resolves. A puzzle is
   * used up also by a report whose mailbox is taken. Throws what the database throws; nothing was kept then.
   */
  keep(report: Report, puzzle: SpentPuzzle): Promise<Outcome> {
    const sizeBytes = [...report.wraps.map(({ body }) => body), ...report.items].reduce(
      (sum, { length }) => sum + length,
      0,
    )
    return new Promise((settle, fail) => {
      this.#waiting.push({ report, puzzle, sizeBytes, settle, fail })
      this.#fill()
    })
  }

  #fill(): void {
    while (this.#underWay < BATCHES_AT_A_TIME && this.#waiting.length > 0) {
      this.#underWay++
      void this.#carryOut(this.#take()).finally(() => {
        this.#underWay--
        this.#fill()
      })
    }
  }

  /** The next ones, in turn; none of them twice and no puzzle twice, so that each insert speaks of one report. */
  #take(): Waiting[] {
    const taken: Waiting[] = []
    const left: Waiting[] = []
    const keys = new Set<string>()
    let sizeBytes = 0
    for (const one of this.#waiting) {
      const own = [`mailbox ${one.report.mailbox.toString('hex')}`, `puzzle ${one.puzzle.nonce}`]
      const isFit =
        taken.length < REPORTS_AT_A_TIME &&
        (taken.length === 0 || sizeBytes + one.sizeBytes <= BYTES_AT_A_TIME) &&
        !own.some((key) => keys.has(key))
      if (!isFit) {
        left.push(one)
        continue
      }
      taken.push(one)
      sizeBytes += one.sizeBytes
      for (const key of own) keys.add(key)
    }
    this.#waiting = left
    return taken
  }

  async #carryOut(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#write(batch)
      for (const [n, { settle }] of batch.entries()) settle(outcomes[n] ?? 'mailbox-taken')
    } catch (error) {
      const translated = translateError(error)
      const isOfOne = translated instanceof DatabaseError && translated.code === 'DATABASE_FAILED'
      // What the database refuses in one report must not be the fault of those that came with it.
      if (isOfOne && batch.length > 1) for (const one of batch) await this.#carryOut([one])
      else for (const { fail } of batch) fail(error)
    }
  }

  #write(batch: readonly Waiting[]): Promise<Outcome[]> {
    const { database, custody, random } = this.#options
    return database.kysely.transaction().execute(async (tx) => {
      const fresh = await spendSolutions(
        tx,
        batch.map(({ puzzle }) => puzzle),
      )
      const reports = batch.filter((_, n) => fresh[n] === true).map(({ report }) => report)
      const opened = await insertReports(tx, reports, () => Buffer.from(random(16)))
      const kept = reports.filter((_, n) => opened[n] === true)
      if (kept.length > 0) await custody.append(tx, kept)
      return batch.map(({ report }, n) => {
        if (fresh[n] !== true) return 'puzzle-used'
        return kept.includes(report) ? 'kept' : 'mailbox-taken'
      })
    })
  }
}
