import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Batch, formatBatch } from '../batch.ts'
import { LogStoreError } from '../errors.ts'
import type { Pending } from '../pending.ts'
import type { Signed } from '../signed.ts'
import type { AcceptedEntries, LogWriter, MutableResource, Resource } from '../storage.ts'
import type { LogDatabase, Runner } from './database.ts'
import { bytesOf, forgetPending, parts, postgresEntries } from './entries.ts'
import { lockLost, withLogErrors, withWriterErrors } from './errors.ts'
import { type HeldConnection, holdConnection } from './held-connection.ts'
import { addResources, removeOldPartials } from './resources.ts'
import { type StateName, writeState } from './state.ts'

/** Advisory lock of whoever writes to the log of a database: any number that nobody else uses. */
const WRITER_LOCK = sql.lit(0x5a4b5002)
const POLL_MS = 50

/**
 * The right to write to a log in a database: an advisory lock of one connection, and the count of all writers there ever
 * were. Everything is written over that connection, in transactions that look at the count first. So a writer whose
 * connection broke, and whose lock is another's by now, cannot write, and signing needs a write before it.
 */
export class PostgresWriter implements LogWriter {
  readonly #held: HeldConnection
  readonly #epoch: string
  readonly #entries: AcceptedEntries

  private constructor(held: HeldConnection, epoch: string) {
    this.#held = held
    this.#epoch = epoch
    this.#entries = postgresEntries(held.connection)
  }

  static open(database: LogDatabase, waitMs: number): Promise<PostgresWriter> {
    return withLogErrors(() => PostgresWriter.#open(database, waitMs))
  }

  static async #open(database: LogDatabase, waitMs: number): Promise<PostgresWriter> {
    const held = await holdConnection(database)
    try {
      await takeLock(held.connection, waitMs)
      const { rows } = await sql<{ epoch: string }>`
        update custody_writer set epoch = epoch + 1 returning epoch`.execute(held.connection)
      const epoch = rows[0]?.epoch
      if (epoch === undefined) throw new LogStoreError('LOG_NOT_FOUND', 'There is no log in this database.')
      return new PostgresWriter(held, epoch)
    } catch (error) {
      await giveUp(held)
      throw error
    }
  }

  assertHeld(): Promise<void> {
    return this.#write(() => Promise.resolve())
  }

  findLogged(commitments: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return withWriterErrors(() => this.#entries.findLogged(commitments))
  }

  findPending(commitments: readonly string[]): Promise<ReadonlyMap<string, Pending>> {
    return withWriterErrors(() => this.#entries.findPending(commitments))
  }

  countPending(): Promise<number> {
    return withWriterErrors(() => this.#entries.countPending())
  }

  addPending(entries: readonly Pending[]): Promise<void> {
    return this.#write((runner) => postgresEntries(runner).addPending(entries))
  }

  forgetPending(commitments: readonly string[]): Promise<void> {
    return this.#write((runner) => forgetPending(runner, commitments))
  }

  addResources(resources: AsyncIterable<Resource>): Promise<void> {
    return this.#write((runner) => addResources(runner, resources, { isReplacing: false }))
  }

  replaceUnsigned(resources: AsyncIterable<Resource>): Promise<void> {
    return this.#write((runner) => addResources(runner, resources, { isReplacing: true }))
  }

  replace(name: MutableResource, text: string): Promise<void> {
    return this.#writeState(name, text)
  }

  addSigned({ size, root, at }: Signed, leaves: readonly string[]): Promise<void> {
    return this.#write(async (runner) => {
      let position = size - leaves.length
      for (const part of parts(leaves)) {
        await sql`insert into custody_leaf (position, commitment)
          select ${position}::int8 + place - 1, commitment
          from unnest(${part.map(bytesOf)}::bytea[]) with ordinality as leaf (commitment, place)
          order by place`.execute(runner)
        position += part.length
      }
      await sql`insert into custody_signed (size, root, signed_at)
        values (${size}, ${Buffer.from(root)}, ${at})`.execute(runner)
    })
  }

  writeBatch(batch: Batch | null): Promise<void> {
    return this.#writeState('batch', batch === null ? null : formatBatch(batch))
  }

  writeNote(note: string): Promise<void> {
    return this.#writeState('note', note)
  }

  writeRotation(since: string | null): Promise<void> {
    return this.#writeState('rotation', since)
  }

  endHalt(): Promise<void> {
    return this.#writeState('halted', null)
  }

  removeOldPartials(size: number, now: Date): Promise<void> {
    return this.#write((runner) => removeOldPartials(runner, size, now))
  }

  release(): Promise<void> {
    return giveUp(this.#held)
  }

  #writeState(name: StateName, text: string | null): Promise<void> {
    return this.#write((runner) => writeState(runner, name, text))
  }

  /** One transaction, which begins by making sure that no later writer has the log, and keeps one from taking it. */
  #write(work: (runner: Runner) => Promise<void>): Promise<void> {
    return withWriterErrors(() =>
      this.#held.connection.transaction().execute(async (transaction) => {
        const { rows } = await sql<{ epoch: string; holds: boolean }>`
          select epoch, exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
            and objid = ${WRITER_LOCK} and granted) as holds
          from custody_writer for share`.execute(transaction)
        if (rows[0]?.epoch !== this.#epoch || !rows[0].holds) throw lockLost()
        await work(transaction)
      }),
    )
  }
}

async function takeLock(connection: Runner, waitMs: number): Promise<void> {
  const deadlineMs = performance.now() + waitMs
  for (;;) {
    const { rows } = await sql<{ taken: boolean }>`
      select pg_try_advisory_lock(${WRITER_LOCK}) as taken`.execute(connection)
    if (rows[0]?.taken === true) return
    if (performance.now() >= deadlineMs) {
      throw new LogStoreError(
        'LOG_LOCKED',
        'Another program is writing to this log. Nothing was changed. Try again in a moment.',
      )
    }
    await sleep(POLL_MS)
  }
}

async function giveUp(held: HeldConnection): Promise<void> {
  // A broken connection has given the lock back by breaking.
  await sql`select pg_advisory_unlock(${WRITER_LOCK})`.execute(held.connection).catch(() => undefined)
  await held.giveBack()
}
