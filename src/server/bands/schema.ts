import { type Kysely, type RawBuilder, sql } from 'kysely'
import { type Band, bandsOf, DEFAULT_BAND_WIDTH_BITS } from './layout.ts'

const TABLE = 'radius_prints'
const INDEX_NAME = /^radius_prints_(\d+)_(\d+)$/

/** One findable fingerprint: its bits in the order of `storedBits`. Which entry it belongs to is kept elsewhere. */
export interface RadiusPrintsTable {
  id: string
  bits: string
}

export interface BandTables {
  radius_prints: RadiusPrintsTable
}

export const radiusPrints = sql.table(TABLE)

/**
 * A band's key, computed from the bits and so never at odds with them. The numbers are literals, not parameters: only then
 * is it the same expression as the index's.
 */
export function bandKey(band: Band): RawBuilder<number> {
  return sql<number>`substring(bits, ${sql.lit(band.start + 1)}, ${sql.lit(band.widthBits)})::int4`
}

/**
 * Makes the table and its bands; for an empty database, within a migration's transaction. Keeps to what Citus asks: the
 * one unique key is the column by which rows are distributed, and there are neither triggers nor foreign keys.
 */
export async function createBands<Tables>(
  kysely: Kysely<Tables>,
  widthBits: number = DEFAULT_BAND_WIDTH_BITS,
): Promise<void> {
  const bands = bandsOf(widthBits)
  await createPrintsTable(kysely)
  for (const band of bands) await createIndex(kysely, widthBits, band, sql``)
}

/** The table alone. Rows are found in it by looking at each; to fill it first and index it then is faster. */
export async function createPrintsTable<Tables>(kysely: Kysely<Tables>): Promise<void> {
  await sql`create table ${radiusPrints} (
    id int8 primary key check (id between 0 and 4294967295),
    bits bit(256) not null
  )`.execute(kysely)
}

/**
 * Gives a table that is in use bands of another width, and takes the old ones away, while rows are found, added and
 * removed: answers are exact all along. Who has the index open looks at every row from the moment the old bands are gone
 * until `BandIndex.open` is called again. Not within a transaction, and one at a time. After a failure, call it again.
 */
export async function setBandWidth<Tables>(kysely: Kysely<Tables>, widthBits: number): Promise<void> {
  const bands = bandsOf(widthBits)
  const found = await bandIndexes(kysely)
  const isKept = (index: BandIndexFound) => index.widthBits === widthBits && index.isValid
  for (const index of found) {
    // Left behind by a build that was cut short: kept up to date, but never searched.
    if (index.widthBits === widthBits && !index.isValid) await dropIndex(kysely, index)
  }
  for (const band of bands) {
    if (found.some((index) => isKept(index) && index.band === band.number)) continue
    await createIndex(kysely, widthBits, band, sql`concurrently`)
  }
  // Without figures about the keys the planner would look at every row.
  await sql`analyze ${radiusPrints}`.execute(kysely)
  for (const index of found) if (index.widthBits !== widthBits) await dropIndex(kysely, index)
}

/** The width of the bands that are complete, the widest if there are several; null when there are none. */
export async function installedBandWidth<Tables>(kysely: Kysely<Tables>): Promise<number | null> {
  const found = (await bandIndexes(kysely)).filter((index) => index.isValid)
  const widths = [...new Set(found.map((index) => index.widthBits))].sort((a, b) => b - a)
  const isComplete = (width: number) =>
    found.filter((index) => index.widthBits === width).length === bandsOf(width).length
  return widths.find(isComplete) ?? null
}

/**
 * On a Citus coordinator, after `createBands`: spreads the rows over the workers by id. Elsewhere DATABASE_FAILED.
 */
export async function distributeBands<Tables>(kysely: Kysely<Tables>): Promise<void> {
  await sql`select create_distributed_table(${TABLE}, 'id')`.execute(kysely)
}

interface BandIndexFound {
  readonly name: string
  readonly widthBits: number
  readonly band: number
  readonly isValid: boolean
}

async function bandIndexes<Tables>(kysely: Kysely<Tables>): Promise<BandIndexFound[]> {
  const { rows } = await sql<{ name: string; isValid: boolean }>`
    select c.relname as name, i.indisvalid as "isValid"
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = to_regclass(${TABLE})`.execute(kysely)
  return rows.flatMap(({ name, isValid }) => {
    const parts = INDEX_NAME.exec(name)
    return parts === null ? [] : [{ name, widthBits: Number(parts[1]), band: Number(parts[2]), isValid }]
  })
}

async function createIndex<Tables>(
  kysely: Kysely<Tables>,
  widthBits: number,
  band: Band,
  how: RawBuilder<unknown>,
): Promise<void> {
  const name = sql.id(`${TABLE}_${widthBits}_${band.number}`)
  await sql`create index ${how} ${name} on ${radiusPrints} ((${bandKey(band)}))`.execute(kysely)
}

async function dropIndex<Tables>(kysely: Kysely<Tables>, index: BandIndexFound): Promise<void> {
  await sql`drop index concurrently if exists ${sql.id(index.name)}`.execute(kysely)
}
