import { type Selectable, sql } from 'kysely'
import { CASE_ROLES } from '#lib/seal/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { CasesTable } from '../../schema/tables.ts'
import type { Member } from '../members/index.ts'

const WRAP_FMT = 1

export type MembersCase = Pick<
  Selectable<CasesTable>,
  'id' | 'status' | 'next_due_day' | 'mailbox' | 'expires_week'
>

/** The cases of which the member has a wrap; none for a role that reads no case. */
export async function casesOf(db: Db, member: Member): Promise<MembersCase[]> {
  if (!CASE_ROLES.includes(member.entry.role)) return []
  return visible(db, member).orderBy('cases.id').execute()
}

/** The case if the member has a wrap of it. Throws NOT_FOUND, the same when there is no such case. */
export async function caseOf(db: Db, member: Member, id: string): Promise<MembersCase> {
  const found = await visible(db, member)
    .where('cases.id', '=', Buffer.from(id, 'base64url'))
    .executeTakeFirst()
  if (found === undefined || !CASE_ROLES.includes(member.entry.role)) throw new Refused('NOT_FOUND')
  return found
}

/** The same, kept from being changed by others until the transaction ends. */
export async function lockedCase(tx: Db, member: Member, id: string): Promise<MembersCase> {
  const found = await visible(tx, member)
    .where('cases.id', '=', Buffer.from(id, 'base64url'))
    .forUpdate('cases')
    .executeTakeFirst()
  if (found === undefined || !CASE_ROLES.includes(member.entry.role)) throw new Refused('NOT_FOUND')
  return found
}

function visible(db: Db, { address }: Member) {
  return (
    db
      .selectFrom('cases')
      .select(['cases.id', 'status', 'mailbox', 'expires_week'])
      // The driver would make a moment of a day, in the time zone of the machine.
      .select(sql<string | null>`to_char(next_due_day, 'YYYY-MM-DD')`.as('next_due_day'))
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('wraps')
            .select('slot')
            .whereRef('wraps.case_id', '=', 'cases.id')
            .where('wraps.address', '=', address),
        ),
      )
  )
}

export interface Slot {
  readonly epoch: number
  readonly slot: number
  readonly address: string
}

export async function slotsOf(db: Db, caseId: Buffer): Promise<Slot[]> {
  const rows = await db
    .selectFrom('wraps')
    .select(['epoch', 'slot', 'address'])
    .where('case_id', '=', caseId)
    .orderBy('epoch')
    .orderBy('slot')
    .execute()
  return rows.map((row) => ({ ...row, address: row.address.toString('base64url') }))
}

export async function putWrap(tx: Db, caseId: Buffer, wrap: Slot & { readonly body: string }): Promise<void> {
  const row = { address: Buffer.from(wrap.address, 'base64url'), body: Buffer.from(wrap.body, 'base64') }
  await tx
    .insertInto('wraps')
    .values({ case_id: caseId, epoch: wrap.epoch, slot: wrap.slot, ...row, fmt: WRAP_FMT })
    .onConflict((conflict) => conflict.columns(['case_id', 'epoch', 'slot']).doUpdateSet(row))
    .execute()
}
