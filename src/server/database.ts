import type { Kysely, Transaction } from 'kysely'
import type pg from 'pg'
import { type Database, DatabaseError, type DatabaseTarget, openDatabase } from '#node/db/index.ts'
import type { Log } from './log.ts'
import type { Tables } from './schema/tables.ts'

/** What a service works on: the database, or a transaction of whoever called it. */
export type Db = Kysely<Tables> | Transaction<Tables>

const LOOK_EVERY_MS = 1_000
const MAX_CONNECTIONS = 16
/** A PostgreSQL whose program was killed ends within a second, unless it has much to write or the machine is busy. */
const LEFT_BEHIND_MS = 30_000

/**
 * The database of a running server. A PostgreSQL of our own that dies is started again in its folder; until it answers,
 * operations are refused with UNAVAILABLE. Whoever holds this must take `kysely` anew for each piece of work.
 */
export class LiveDatabase {
  readonly #target: DatabaseTarget
  readonly #log: Log
  #database: Database<Tables>
  #isLost = false
  #closing = false
  #watching: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | null = null

  /**
   * Opens the database. For one of our own the caller holds the lock of its folder: a PostgreSQL that is still there was
   * left by a server that was killed, or is being looked at, and is waited for. Throws `DatabaseError`.
   */
  static async open(target: DatabaseTarget, log: Log): Promise<LiveDatabase> {
    const deadlineMs = performance.now() + LEFT_BEHIND_MS
    for (;;) {
      try {
        return new LiveDatabase(target, log, await openTarget(target))
      } catch (error) {
        const isInUse = error instanceof DatabaseError && error.code === 'DATA_DIRECTORY_IN_USE'
        if (!isInUse || performance.now() > deadlineMs) throw error
      }
    }
  }

  private constructor(target: DatabaseTarget, log: Log, database: Database<Tables>) {
    this.#target = target
    this.#log = log
    this.#database = database
    this.#lookLater()
  }

  get kysely(): Kysely<Tables> {
    return this.#database.kysely
  }

  /** A connection of its own, for what streams. The caller ends it. */
  connection(): Promise<pg.Client> {
    return this.#database.connection()
  }

  async close(): Promise<void> {
    this.#closing = true
    if (this.#timer) clearTimeout(this.#timer)
    await this.#watching
    await this.#database.close()
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => {
      this.#watching = this.#look().finally(() => {
        if (!this.#closing) this.#lookLater()
      })
    }, LOOK_EVERY_MS)
    this.#timer.unref()
  }

  async #look(): Promise<void> {
    try {
      await this.#database.kysely.selectNoFrom((eb) => eb.val(1).as('one')).execute()
      if (this.#isLost) this.#log.write({ event: 'server', state: 'database-back' })
      this.#isLost = false
    } catch {
      if (this.#closing) return
      if (!this.#isLost) this.#log.write({ event: 'server', state: 'database-lost' })
      this.#isLost = true
      if ('directory' in this.#target) await this.#restart()
    }
  }

  /** Only a server that is gone is started again: one that still holds its folder answers DATA_DIRECTORY_IN_USE. */
  async #restart(): Promise<void> {
    const former = this.#database
    await former.close().catch(() => undefined)
    const opened = await openTarget(this.#target).catch(() => null)
    if (opened === null) return
    this.#database = opened
    this.#isLost = false
    this.#log.write({ event: 'server', state: 'database-back' })
  }
}

function openTarget(target: DatabaseTarget): Promise<Database<Tables>> {
  return openDatabase<Tables>(target, { maxConnections: MAX_CONNECTIONS })
}
