import type { cases } from '#contract/cases.ts'
import type { Input, Output } from '#contract/operation.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import { weekAfter } from '../../time.ts'
import type { Member } from '../members/index.ts'
import { addOnce, assertTakesIn, assertUnchanged } from './add-once.ts'
import type { CasesServiceDependencies } from './dependencies.ts'
import { caseOf, casesOf, lockedCase, slotsOf } from './store.ts'

export async function listCases(db: Db, member: Member): Promise<Output<typeof cases.list>> {
  const found = await casesOf(db, member)
  return {
    cases: found.map(({ id, status, next_due_day: nextDueDay }) => ({
      id: id.toString('base64url'),
      status,
      nextDueDay,
    })),
  }
}

/** Throws NOT_FOUND. */
export async function getCase(db: Db, member: Member, id: string): Promise<Output<typeof cases.get>> {
  const found = await caseOf(db, member, id)
  const wraps = await db
    .selectFrom('wraps')
    .select(['epoch', 'slot', 'body'])
    .where('case_id', '=', found.id)
    .where('address', '=', member.address)
    .orderBy('epoch')
    .orderBy('slot')
    .execute()
  const items = await db
    .selectFrom('items')
    .select(['id', 'epoch', 'direction'])
    .where('case_id', '=', found.id)
    .orderBy('id')
    .execute()
  return {
    status: found.status,
    nextDueDay: found.next_due_day,
    mailbox: found.mailbox.toString('base64url'),
    wraps: wraps.map((wrap) => ({ ...wrap, body: wrap.body.toString('base64') })),
    slots: await slotsOf(db, found.id),
    items: items.map((item) => ({ ...item, id: item.id.toString('base64url') })),
  }
}

/** Throws NOT_FOUND, also for an item of another case. */
export async function getItem(
  db: Db,
  member: Member,
  { case: id, item }: Input<typeof cases.item>,
): Promise<Output<typeof cases.item>> {
  const { id: caseId } = await caseOf(db, member, id)
  const found = await db
    .selectFrom('items')
    .select('body')
    .where('case_id', '=', caseId)
    .where('id', '=', Buffer.from(item, 'base64url'))
    .executeTakeFirst()
  if (found === undefined) throw new Refused('NOT_FOUND')
  return { body: found.body.toString('base64') }
}

/** Keeps an item once. The case is somebody's from then on, and no longer erased unopened. */
export async function postItem(
  { database, clock, quota }: CasesServiceDependencies,
  member: Member,
  { case: id, item, count }: Input<typeof cases.post>,
): Promise<void> {
  await database.kysely.transaction().execute(async (tx) => {
    const found = await lockedCase(tx, member, id)
    assertTakesIn(found)
    await assertUnchanged(tx, found, [item], count)
    await addOnce(tx, found, item, { clock, quota })
    if (found.status === 'open') {
      await tx.updateTable('cases').set({ expires_week: null }).where('id', '=', found.id).execute()
    }
  })
}

const CLOSING_ROLES: readonly string[] = ['supervisor']

/**
 * Sets how far the case is. Who may decide it is in the journal, which the server cannot read; that closing leads to erasing is
 * why a supervisor alone may do it here. Throws NOT_FOUND, STAFF_ROLE, CASE_CLOSED for a case that the survivor has withdrawn.
 */
export async function moveCase(
  { database, clock }: CasesServiceDependencies,
  member: Member,
  { case: id, status, keptWeeks }: Input<typeof cases.move>['payload'],
): Promise<void> {
  await database.kysely.transaction().execute(async (tx) => {
    const found = await lockedCase(tx, member, id)
    if (status === 'closed' && !CLOSING_ROLES.includes(member.entry.role)) throw new Refused('STAFF_ROLE')
    if (found.status === 'withdrawn') throw new Refused('CASE_CLOSED')
    await tx
      .updateTable('cases')
      .set({ status, expires_week: status === 'closed' ? weekAfter(clock.now(), keptWeeks) : null })
      .where('id', '=', found.id)
      .execute()
  })
}

/** A part of a finished file. Throws NOT_FOUND, also for a file of another case. */
export async function getPart(
  { database, blobStore }: Pick<CasesServiceDependencies, 'database' | 'blobStore'>,
  member: Member,
  { case: id, blob, part }: Input<typeof cases.part>,
): Promise<Uint8Array> {
  const found = await caseOf(database.kysely, member, id)
  const chunk = await database.kysely
    .selectFrom('blob_chunks')
    .innerJoin('blobs', 'blobs.id', 'blob_chunks.blob_id')
    .select('blob_chunks.storage_key')
    .where('blobs.case_id', '=', found.id)
    .where('blobs.id', '=', Buffer.from(blob, 'base64url'))
    .where('blobs.state', '=', 'finished')
    .where('blob_chunks.n', '=', part)
    .executeTakeFirst()
  if (chunk === undefined) throw new Refused('NOT_FOUND')
  const bytes = await blobStore.get(chunk.storage_key)
  // The disk has lost or altered what it was given: a fault, and never a part of other content.
  if (bytes === null) throw new Error('A stored part is missing or altered.')
  return bytes
}

/** Throws NOT_FOUND. */
export async function setDue(
  db: Db,
  member: Member,
  { case: id, day }: Input<typeof cases.due>,
): Promise<void> {
  const found = await caseOf(db, member, id)
  await db.updateTable('cases').set({ next_due_day: day }).where('id', '=', found.id).execute()
}
