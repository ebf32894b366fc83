import { sql } from 'kysely'
import type { PublishedRoster } from '#contract/members.ts'
import { CASE_ROLES, type Roster } from '#lib/seal/index.ts'
import { parseNote } from '#lib/tlog/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { MembersDependencies } from './dependencies.ts'
import { checkRoster, readRoot } from './roster.ts'
import { commitRecord } from './roster-record.ts'
import type { Member } from './sessions.ts'
import { BANK_ROLES, insertBoxes, personOf } from './set-up.ts'
import { insertMember, type KeptRoster, nameOf, newestRoster } from './store.ts'

const ROOT_FILES = 3
const SHARES = 5

/** What is still in the hand of whoever set the organisation up. */
export async function inOneHand(db: Db): Promise<('root-keys' | 'recovery-shares')[]> {
  const found = await db
    .selectFrom('organisation')
    .select(['root_files_handed', 'shares_handed'])
    .executeTakeFirst()
  return [
    ...((found?.root_files_handed ?? 0) < ROOT_FILES ? (['root-keys'] as const) : []),
    ...((found?.shares_handed ?? 0) < SHARES ? (['recovery-shares'] as const) : []),
  ]
}

/** Throws STAFF_ROLE. */
export async function handOver(
  db: Db,
  member: Member,
  { rootFiles, shares }: { readonly rootFiles: number; readonly shares: number },
): Promise<void> {
  assertRole(member, ['supervisor'])
  await db.updateTable('organisation').set({ root_files_handed: rootFiles, shares_handed: shares }).execute()
}

/** Throws NOT_FOUND before the organisation is set up. */
export async function readRoster(db: Db): Promise<KeptRoster> {
  const kept = await newestRoster(db)
  if (kept === null) throw new Refused('NOT_FOUND')
  return kept
}

/**
 * Puts the version up that follows the newest one, lets in who is new in it, and ends the sessions of whoever is not in it.
 * Throws STAFF_ROLE, ROSTER_CASES_LEFT, ROSTER_INVALID, ROSTER_EXPIRED, ROSTER_ROLLBACK, ROSTER_RECORD, SETUP_SHAPE, STAFF_METHOD,
 * STAFF_METHODS_TOO_FEW.
 */
export async function publishRoster(
  dependencies: Pick<MembersDependencies, 'database' | 'clock' | 'custody' | 'readLog'>,
  member: Member,
  { note, opening, members, boxes, leavesCases }: PublishedRoster,
): Promise<void> {
  const { database, clock } = dependencies
  assertRole(member, ['supervisor'])
  await database.kysely.transaction().execute(async (tx) => {
    await tx.selectFrom('organisation').select('org').forUpdate().execute()
    const [root, newest] = [await readRoot(tx), await newestRoster(tx)]
    if (root === null || newest === null) throw new Refused('ROSTER_INVALID')
    const roster = checkRoster([newest.note, note], root, clock.now())
    await assertSameBank(tx, roster)
    const { text } = parseNote(note)
    const record = await commitRecord(tx, dependencies, { text, roster, opening })
    await tx
      .insertInto('rosters')
      .values({ org: root.org, version: roster.v, note, proof: null, ...record })
      .execute()
    const staying = roster.entries.map(({ id }) => Buffer.from(id, 'base64url'))
    const left = await tx
      .updateTable('staff')
      .set({ state: 'left' })
      .where('roster_entry', 'not in', staying)
      .returning(['id', 'address'])
      .execute()
    if (leavesCases !== true) await assertNoCaseLeft(tx, left, roster)
    for (const { id, address } of left) {
      await tx.deleteFrom('sessions').where('staff_id', '=', id).execute()
      await tx.deleteFrom('bank_boxes').where('address', '=', address).execute()
    }
    await letIn(tx, roster, { members, boxes })
  })
}

/** A case that nobody of the staff could read any more would be answered by nobody. Throws ROSTER_CASES_LEFT. */
async function assertNoCaseLeft(
  tx: Db,
  left: readonly { readonly address: Buffer }[],
  { entries }: Roster,
): Promise<void> {
  if (left.length === 0) return
  const staying = entries
    .filter(({ role }) => CASE_ROLES.includes(role))
    .map(({ addr }) => Buffer.from(addr, 'base64url'))
  const { rows } = await sql<{ isLeft: boolean }>`
    select exists (
      select from cases c
      where c.status in ('open', 'closing')
        and exists (select from wraps w where w.case_id = c.id and w.address = any(${left.map(({ address }) => address)}))
        and not exists (
          select from wraps w
          where w.case_id = c.id and w.address = any(${staying})
            and w.epoch = (select max(epoch) from wraps where case_id = c.id)
        )
    ) as "isLeft"`.execute(tx)
  if (rows[0]?.isLeft === true) throw new Refused('ROSTER_CASES_LEFT')
}

/** What is sealed to the bank's key would be lost with another one. Throws SETUP_SHAPE. */
async function assertSameBank(tx: Db, { bank }: Roster): Promise<void> {
  const kept = await tx.selectFrom('bank_recipient').select('recipient').executeTakeFirst()
  if (kept !== undefined && bank?.age !== kept.recipient) throw new Refused('SETUP_SHAPE')
}

async function letIn(
  tx: Db,
  roster: Roster,
  { members, boxes }: Pick<PublishedRoster, 'members' | 'boxes'>,
): Promise<void> {
  for (const person of members.map((member) => personOf(member, roster))) {
    if (await isKnown(tx, person)) throw new Refused('SETUP_SHAPE')
    await insertMember(tx, person)
  }
  const entitled = roster.entries.filter(({ role }) => BANK_ROLES.includes(role)).map(({ addr }) => addr)
  const has = await tx.selectFrom('bank_boxes').select('address').execute()
  const isFit = boxes.every(
    ({ address }) =>
      entitled.includes(address) && !has.some((box) => box.address.toString('base64url') === address),
  )
  if (!isFit || new Set(boxes.map(({ address }) => address)).size !== boxes.length)
    throw new Refused('SETUP_SHAPE')
  await insertBoxes(tx, boxes)
}

/** Whether somebody has this handle, entry, id or way of unlocking. */
async function isKnown(tx: Db, person: ReturnType<typeof personOf>): Promise<boolean> {
  const bytes = (id: string) => Buffer.from(id, 'base64url')
  const methods = person.methods.map(({ methodId }) => bytes(methodId))
  const found = await tx
    .selectFrom('staff')
    .innerJoin('staff_methods', 'staff_methods.staff_id', 'staff.id')
    .select('staff.id')
    .where((eb) =>
      eb.or([
        eb('staff.id', '=', bytes(person.staff)),
        eb('staff.handle', '=', nameOf(person.handle)),
        eb('staff.roster_entry', '=', bytes(person.entry)),
        eb('staff_methods.id', 'in', methods),
      ]),
    )
    .executeTakeFirst()
  return found !== undefined || new Set(methods.map(String)).size !== methods.length
}

/** Throws STAFF_ROLE, also when no box was made for her yet. */
export async function readBankBox(db: Db, member: Member): Promise<{ body: string }> {
  assertRole(member, BANK_ROLES)
  const found = await db
    .selectFrom('bank_boxes')
    .select('body')
    .where('address', '=', member.address)
    .executeTakeFirst()
  if (found === undefined) throw new Refused('STAFF_ROLE')
  return { body: found.body.toString('base64') }
}

function assertRole({ entry }: Member, roles: readonly string[]): void {
  if (!roles.includes(entry.role)) throw new Refused('STAFF_ROLE')
}
