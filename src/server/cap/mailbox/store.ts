import { sql } from 'kysely'
import type { Db } from '../../database.ts'

/** More items than this never begin on one page. */
const HEADS = 16

export interface ItemHead {
  readonly id: Buffer
  readonly epoch: number
  readonly direction: 'in' | 'out'
  readonly sizeBytes: number
}

export interface Piece extends ItemHead {
  readonly offset: number
  readonly length: number
}

/** The survivor's wraps from an epoch and slot on. */
export async function wrapsFrom(
  db: Db,
  from: { caseId: Buffer; mailbox: Buffer; epoch: number; slot: number; limit: number },
): Promise<{ epoch: number; slot: number; body: Buffer }[]> {
  return db
    .selectFrom('wraps')
    .select(['epoch', 'slot', 'body'])
    .where('case_id', '=', from.caseId)
    .where('address', '=', from.mailbox)
    .where((eb) => eb(eb.refTuple('epoch', 'slot'), '>=', eb.tuple(from.epoch, from.slot)))
    .orderBy('epoch')
    .orderBy('slot')
    .limit(from.limit)
    .execute()
}

/** Items from an id on that are visible by now, without their bodies. */
export async function itemHeads(
  db: Db,
  from: { caseId: Buffer; from: Buffer; now: Date },
): Promise<ItemHead[]> {
  return db
    .selectFrom('items')
    .select(['id', 'epoch', 'direction', sql<number>`octet_length(body)`.as('sizeBytes')])
    .where('case_id', '=', from.caseId)
    .where('id', '>=', from.from)
    .where((eb) => eb.or([eb('release_at_quarter', 'is', null), eb('release_at_quarter', '<=', from.now)]))
    .orderBy('id')
    .limit(HEADS)
    .execute()
}

/** Pieces of bodies, by the id in hexadecimal digits. */
export async function itemBodies(
  db: Db,
  caseId: Buffer,
  pieces: readonly Piece[],
): Promise<ReadonlyMap<string, Buffer>> {
  if (pieces.length === 0) return new Map()
  const { rows } = await sql<{ id: Buffer; piece: Buffer }>`
    select items.id, substring(items.body from wanted.start for wanted.length) as piece
    from unnest(
      ${pieces.map(({ id }) => id)}::bytea[],
      ${pieces.map(({ offset }) => offset + 1)}::int[],
      ${pieces.map(({ length }) => length)}::int[]
    ) as wanted (id, start, length)
    join items on items.case_id = ${caseId} and items.id = wanted.id
  `.execute(db)
  return new Map(rows.map(({ id, piece }) => [id.toString('hex'), piece]))
}

/** Where in the log the first commitment of the case is, or null while it waits. */
export async function logIndexOf(db: Db, caseId: Buffer): Promise<number | null> {
  const logged = await db
    .selectFrom('commitments')
    .select('log_index')
    .where('case_id', '=', caseId)
    .where('log_index', 'is not', null)
    .orderBy('log_index')
    .limit(1)
    .executeTakeFirst()
  return logged?.log_index === null || logged === undefined ? null : Number(logged.log_index)
}

/** Puts a wrap for the new mailbox in the place of the one for the old. False when that epoch has none. */
export async function replaceWrap(
  tx: Db,
  wrap: { caseId: Buffer; epoch: number; from: Buffer; to: Buffer; body: Buffer },
): Promise<boolean> {
  const replaced = await tx
    .updateTable('wraps')
    .set({ address: wrap.to, body: wrap.body })
    .where('case_id', '=', wrap.caseId)
    .where('epoch', '=', wrap.epoch)
    .where('address', '=', wrap.from)
    .executeTakeFirst()
  return replaced.numUpdatedRows === 1n
}

/** How many wraps of the case are still for this mailbox. */
export async function countWraps(tx: Db, caseId: Buffer, mailbox: Buffer): Promise<number> {
  const { count } = await tx
    .selectFrom('wraps')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('case_id', '=', caseId)
    .where('address', '=', mailbox)
    .executeTakeFirstOrThrow()
  return Number(count)
}
