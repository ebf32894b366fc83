import { bytesToBase64, bytesToHex } from '#lib/bytes/index.ts'
import {
  findServed,
  initLog,
  LogStoreError,
  makeCheckpoint,
  openAppender,
  readKeyFile,
  readSettings,
  type Served,
  withStorage,
} from '#node/log-store/index.ts'
import type { Clock } from '../clock.ts'
import type { LiveDatabase } from '../database.ts'
import type { Log } from '../log.ts'
import { type Custody, WaitingCustody } from './custody.ts'

export interface CustodyLogOptions {
  /** Holds keys and settings of the log; all else is in the database. */
  readonly folder: string
  /** Name of a log that is made now; a log that is there keeps its own. */
  readonly origin: string
  readonly database: LiveDatabase
  readonly clock: Clock
  readonly log: Log
  readonly random: (bytes: number) => Uint8Array
}

const ROUND_MS = 15_000
/** So many in one transaction: it holds up nobody who hands something in meanwhile. */
const AT_A_TIME = 100

/**
 * The custody log of a server, in its database. Capabilities hand commitments in with `custody`, in their own
 * transactions; `keep` moves them on into the log and makes its checkpoints when they are due. A log that is stopped, full
 * or without witnesses so never stands in the way of a report: what was accepted waits.
 */
export class CustodyLog {
  readonly custody: Custody
  readonly #options: CustodyLogOptions
  readonly #stop = new AbortController()
  /** Commitments that this program has entered and that are not in a checkpoint yet. */
  readonly #entered = new Set<string>()
  #hasNoted = false
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> = Promise.resolve()

  /** Opens the log, and makes it when there is none. Throws `LogStoreError`, `DatabaseError`. */
  static async open(options: CustodyLogOptions): Promise<CustodyLog> {
    const { folder, origin, database, clock, random } = options
    const now = () => clock.now()
    const found = await readSettings(folder).catch(async (error: unknown) => {
      if (!(error instanceof LogStoreError) || error.code !== 'LOG_NOT_FOUND') throw error
      await initLog(folder, { origin, database: database.kysely, now, random })
      return readSettings(folder)
    })
    const receiptsKey = await readKeyFile(found.layout.receiptsKey, 'receipts')
    return new CustodyLog(options, new WaitingCustody({ ...found.settings, receiptsKey }, clock))
  }

  private constructor(options: CustodyLogOptions, custody: Custody) {
    this.#options = options
    this.custody = custody
  }

  /** What the log serves under a path, or null. */
  async read(path: string): Promise<Served | null> {
    return withStorage(this.#place, ({ storage }) => findServed(storage.read, path))
  }

  /** Goes on until `stop`. */
  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.keep()
        .catch((error: unknown) => this.#note(error))
        .finally(() => {
          if (!this.#stop.signal.aborted) this.start()
        })
    }, ROUND_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    if (this.#timer) clearTimeout(this.#timer)
    await this.#running
  }

  /** One round: enters what waits, makes the checkpoint if it is due, and notes what has got its place. */
  async keep(): Promise<void> {
    await this.#enterWaiting()
    const { clock, random } = this.#options
    const now = () => clock.now()
    const { state } = await makeCheckpoint(this.#place, { now, random, signal: this.#stop.signal })
    // What waits gets its place with a checkpoint only; a program that was killed may have published one and noted nothing.
    if (state === 'published') this.#hasNoted = false
    if (!this.#hasNoted) await this.#noteLogged()
    this.#hasNoted = true
  }

  get #place() {
    return { folder: this.#options.folder, database: this.#options.database.kysely }
  }

  async #enterWaiting(): Promise<void> {
    const { kysely } = this.#options.database
    const rows = await kysely
      .selectFrom('commitments')
      .select('commitment')
      .distinct()
      .where('state', '=', 'pending')
      .execute()
    const fresh = rows
      .map(({ commitment }) => commitment)
      .filter((one) => !this.#entered.has(bytesToBase64(one)))
    const appender = await openAppender({ ...this.#place, now: () => this.#options.clock.now() })
    for (let start = 0; start < fresh.length; start += AT_A_TIME) {
      const some = fresh.slice(start, start + AT_A_TIME)
      await kysely.transaction().execute(async (tx) => {
        for (const commitment of some) {
          // Receipts are signed by `custody`; the log itself is never asked for one and needs no digest of its own.
          await appender.append(tx, { commitment, manifestSha256: bytesToHex(commitment) })
        }
      })
      for (const commitment of some) this.#entered.add(bytesToBase64(commitment))
    }
  }

  async #noteLogged(): Promise<void> {
    const appender = await openAppender(this.#place)
    const { kysely } = this.#options.database
    for (const commitment of [...this.#entered]) {
      const answer = await appender.receipt(commitment)
      if (answer.state !== 'logged') continue
      await kysely
        .updateTable('commitments')
        .set({ state: 'logged', log_index: answer.index })
        .where('commitment', '=', Buffer.from(commitment, 'base64'))
        .where('state', '=', 'pending')
        .execute()
      this.#entered.delete(commitment)
    }
  }

  #note(error: unknown): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL'
    this.#options.log.write({ event: 'job-failed', kind: 'custody.keep', attempts: 1, code })
  }
}
