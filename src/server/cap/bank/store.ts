import type { Db } from '../../database.ts'

const SET_FMT = 1

export interface PrintSet {
  readonly id: Buffer
  readonly body: Buffer
  readonly expiresWeek: string
}

/** To whom print sets are sealed, or null before the organisation is set up. */
export async function readRecipient(db: Db): Promise<string | null> {
  const found = await db.selectFrom('bank_recipient').select('recipient').executeTakeFirst()
  return found?.recipient ?? null
}

/** Keeps a set; `same` when this very one was there, `conflict` when another one with its id is. */
export async function insertSet(
  tx: Db,
  { id, body, expiresWeek }: PrintSet,
): Promise<'new' | 'same' | 'conflict'> {
  const kept = (await findSet(tx, id)) ?? (await tryInsert(tx, { id, body, expiresWeek }))
  if (kept === 'new') return 'new'
  return kept.equals(body) ? 'same' : 'conflict'
}

async function tryInsert(tx: Db, { id, body, expiresWeek }: PrintSet): Promise<'new' | Buffer> {
  const inserted = await tx
    .insertInto('bank_waiting')
    .values({ id, body, expires_week: expiresWeek, fmt: SET_FMT })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows === 1n) return 'new'
  return (await findSet(tx, id)) ?? Buffer.alloc(0)
}

async function findSet(tx: Db, id: Buffer): Promise<Buffer | null> {
  for (const table of ['bank_waiting', 'bank_sets'] as const) {
    const found = await tx.selectFrom(table).select('body').where('id', '=', id).executeTakeFirst()
    if (found !== undefined) return found.body
  }
  return null
}

export async function deleteSets(db: Db, ids: readonly Buffer[]): Promise<void> {
  for (const table of ['bank_waiting', 'bank_sets'] as const) {
    await db.deleteFrom(table).where('id', 'in', ids).execute()
  }
}

export async function renewSets(db: Db, ids: readonly Buffer[], expiresWeek: string): Promise<void> {
  for (const table of ['bank_waiting', 'bank_sets'] as const) {
    await db.updateTable(table).set({ expires_week: expiresWeek }).where('id', 'in', ids).execute()
  }
}
