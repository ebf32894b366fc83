import type { Selectable } from 'kysely'
import type { Db } from '../database.ts'
import type { CasesTable } from '../schema/tables.ts'

export type CaseRow = Pick<Selectable<CasesTable>, 'id' | 'status' | 'expires_week'>

/** The case of a mailbox with this key, or null: a mailbox with another key is none. */
export async function findCase(db: Db, mailbox: Buffer, authPk: Buffer): Promise<CaseRow | null> {
  const found = await caseOf(db, mailbox, authPk).executeTakeFirst()
  return found ?? null
}

/** The same, kept from being changed or erased by others until the transaction ends. */
export async function lockCase(tx: Db, mailbox: Buffer, authPk: Buffer): Promise<CaseRow | null> {
  const found = await caseOf(tx, mailbox, authPk).forUpdate().executeTakeFirst()
  return found ?? null
}

function caseOf(db: Db, mailbox: Buffer, authPk: Buffer) {
  return db
    .selectFrom('cases')
    .select(['id', 'status', 'expires_week'])
    .where('mailbox', '=', mailbox)
    .where('auth_pk', '=', authPk)
}
