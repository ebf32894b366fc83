import { type Kysely, type RawBuilder, sql } from 'kysely'
import { bytesToHex } from '#lib/bytes/index.ts'
import { type Hit, MAX_RADIUS, RadiusError } from '#lib/radius/index.ts'
import { type Database, DatabaseError, withCodedErrors } from '#node/db/index.ts'
import {
  type Band,
  bandsOf,
  checkRadius,
  DEFAULT_BAND_WIDTH_BITS,
  FINGERPRINT_BYTES,
  probesOf,
  storedBits,
} from './layout.ts'
import type { AsyncRadiusIndex } from './port.ts'
import { type BandTables, bandKey, installedBandWidth, radiusPrints } from './schema.ts'

const MAX_ID = 2 ** 32 - 1
/** Rows per statement: about 150 kB of parameters. */
const INSERT_BATCH_ROWS = 2_000

export interface BandIndexOptions {
  /** Unless told, that of the bands that are installed. Another width answers the same, but looks at every row. */
  readonly bandWidthBits?: number
  /** How many queries of `queryMany` are under way at once, each on a connection of its own; 4 unless told. */
  readonly parallelQueries?: number
}

/**
 * Exact radius search in PostgreSQL over the table `radius_prints` (`createBands`). A query is one statement: the rows
 * that agree with it well enough in some band (see `probesOf`), and of these the ones within the radius.
 */
export class BandIndex implements AsyncRadiusIndex {
  readonly #database: Database<BandTables>
  readonly #bands: readonly Band[]
  readonly #parallelQueries: number

  private constructor(database: Database<BandTables>, bandWidthBits: number, parallelQueries: number) {
    this.#database = database
    this.#bands = bandsOf(bandWidthBits)
    this.#parallelQueries = parallelQueries
  }

  /** Throws `RadiusError` BAD_OPTIONS, and as the port says. */
  static async open(database: Database<BandTables>, options: BandIndexOptions = {}): Promise<BandIndex> {
    const parallelQueries = options.parallelQueries ?? 4
    if (!Number.isInteger(parallelQueries) || parallelQueries < 1) {
      throw new RadiusError('BAD_OPTIONS', 'The number of parallel queries is a whole number from 1.')
    }
    const width =
      options.bandWidthBits ??
      (await withCodedErrors(() => installedBandWidth(database.kysely))) ??
      DEFAULT_BAND_WIDTH_BITS
    return new BandIndex(database, width, parallelQueries)
  }

  async size(): Promise<number> {
    const { rows } = await withCodedErrors(() =>
      sql<{ count: string }>`select count(*) as count from ${radiusPrints}`.execute(this.#database.kysely),
    )
    return Number(rows[0]?.count)
  }

  add(id: number, fingerprint: Uint8Array): Promise<void> {
    return this.addMany([id], fingerprint)
  }

  /** 32 bytes per id, all or none. Errors as `add`. */
  async addMany(ids: readonly number[], fingerprints: Uint8Array): Promise<void> {
    if (fingerprints.length !== ids.length * FINGERPRINT_BYTES) throw badLength()
    for (const id of ids) checkId(id)
    if (new Set(ids).size !== ids.length) throw duplicate()
    await withCodedErrors(() =>
      this.#database.kysely.transaction().execute(async (transaction) => {
        for (let from = 0; from < ids.length; from += INSERT_BATCH_ROWS) {
          const batch = ids.slice(from, from + INSERT_BATCH_ROWS)
          await insert(transaction, batch, fingerprints.subarray(from * FINGERPRINT_BYTES))
        }
      }),
    )
  }

  async remove(id: number): Promise<boolean> {
    checkId(id)
    const { rows } = await withCodedErrors(() =>
      sql`delete from ${radiusPrints} where id = ${id} returning 1`.execute(this.#database.kysely),
    )
    return rows.length > 0
  }

  async query(fingerprint: Uint8Array, radius: number = MAX_RADIUS, signal?: AbortSignal): Promise<Hit[]> {
    if (fingerprint.length !== FINGERPRINT_BYTES) throw badLength()
    checkRadius(radius)
    const statement = this.#statement(storedBits(fingerprint), radius)
    const { kysely } = this.#database
    return withCodedErrors(async () => {
      if (signal !== undefined) return this.#cancellable(statement, signal)
      return (await statement.execute(kysely)).rows
    })
  }

  async queryMany(
    fingerprints: Uint8Array,
    radius: number = MAX_RADIUS,
    signal?: AbortSignal,
  ): Promise<Hit[][]> {
    if (fingerprints.length % FINGERPRINT_BYTES !== 0) throw badLength()
    checkRadius(radius)
    const count = fingerprints.length / FINGERPRINT_BYTES
    const answers: Hit[][] = new Array(count)
    let next = 0
    const worker = async () => {
      for (let n = next++; n < count; n = next++) {
        const from = n * FINGERPRINT_BYTES
        try {
          answers[n] = await this.query(fingerprints.subarray(from, from + FINGERPRINT_BYTES), radius, signal)
        } catch (error) {
          // The answer is lost as a whole: the other workers need not go on.
          next = count
          throw error
        }
      }
    }
    const workers = Array.from({ length: Math.min(this.#parallelQueries, count) }, worker)
    await Promise.allSettled(workers)
    await Promise.all(workers)
    return answers
  }

  #statement(stored: Uint8Array, radius: number): RawBuilder<Hit> {
    const conditions = probesOf(stored, this.#bands, radius).map(
      ({ band, keys }) => sql`${bandKey(band)} = any(${keys}::int4[])`,
    )
    const distance = sql`bit_count(bits # ${bitLiteral(stored)}::bit(256))`
    return sql<Hit>`select id::float8 as id, ${distance}::int4 as distance
      from ${radiusPrints}
      where (${sql.join(conditions, sql` or `)}) and ${distance} <= ${radius}
      order by distance, id`
  }

  /** Runs it on a connection of its own whose server process is known. */
  #cancellable(statement: RawBuilder<Hit>, signal: AbortSignal): Promise<Hit[]> {
    return this.#database.kysely.connection().execute(async (connection) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(connection)
      const pid = rows[0]?.pid
      if (signal.aborted || pid === undefined) throw cancelled()
      let cancelling: Promise<void> | undefined
      const cancel = () => {
        cancelling = this.#database.cancel(pid)
        // Fails when the database is out of reach, and then the statement does too.
        cancelling.catch(() => undefined)
      }
      signal.addEventListener('abort', cancel, { once: true })
      try {
        const answer = await statement.execute(connection)
        if (signal.aborted) throw cancelled()
        return answer.rows
      } catch (error) {
        if (signal.aborted) throw cancelled(error)
        throw error
      } finally {
        signal.removeEventListener('abort', cancel)
        // Before the connection is another's: the cancellation must not hit what that one runs.
        await cancelling?.catch(() => undefined)
      }
    })
  }
}

async function insert(
  transaction: Kysely<BandTables>,
  ids: readonly number[],
  fingerprints: Uint8Array,
): Promise<void> {
  const bits = ids.map((_, n) =>
    bitLiteral(storedBits(fingerprints.subarray(n * FINGERPRINT_BYTES, (n + 1) * FINGERPRINT_BYTES))),
  )
  const { rows } = await sql`insert into ${radiusPrints} (id, bits)
    select * from unnest(${ids}::int8[], ${bits}::bit(256)[])
    on conflict do nothing returning 1`.execute(transaction)
  if (rows.length < ids.length) throw duplicate()
}

/** As PostgreSQL reads bits from hexadecimal digits. */
function bitLiteral(stored: Uint8Array): string {
  return `x${bytesToHex(stored)}`
}

function checkId(id: number): void {
  if (!Number.isInteger(id) || id < 0 || id > MAX_ID) {
    throw new RadiusError('BAD_ID', 'An id is a whole number 0 to 4294967295.')
  }
}

function badLength(): RadiusError {
  return new RadiusError('BAD_LENGTH', 'A fingerprint is 32 bytes. Nothing was changed.')
}

function duplicate(): RadiusError {
  return new RadiusError('DUPLICATE_ID', 'A fingerprint with this id is there already. Nothing was changed.')
}

function cancelled(cause?: unknown): DatabaseError {
  return new DatabaseError('DATABASE_CANCELLED', 'The search was cancelled. Nothing was changed.', { cause })
}
