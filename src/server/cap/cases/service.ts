import type { cases, SealedItem } from '#contract/cases.ts'
import type { Input, Output } from '#contract/operation.ts'
import { ADDED_SLOTS, CASE_ROLES, type Roster, SLOTS } from '#lib/seal/index.ts'
import { addItemOut, assertFits, type QuotaSettings } from '../../case-store/index.ts'
import type { Clock } from '../../clock.ts'
import type { Db, LiveDatabase } from '../../database.ts'
import { Refused } from '../../errors.ts'
import { currentRoster, everyAddress, type Member } from '../members/index.ts'
import { caseOf, casesOf, lockedCase, type MembersCase, putWrap, type Slot, slotsOf } from './store.ts'

export interface CasesServiceDependencies {
  readonly database: LiveDatabase
  readonly clock: Clock
  readonly quota: QuotaSettings
}

const EPOCH_ROLES: readonly string[] = ['caseworker', 'supervisor']

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
  { case: id, item }: Input<typeof cases.post>,
): Promise<void> {
  await database.kysely.transaction().execute(async (tx) => {
    const found = await lockedCase(tx, member, id)
    assertTakesIn(found)
    await addOnce(tx, found, item, { clock, quota })
    if (found.status === 'open') {
      await tx.updateTable('cases').set({ expires_week: null }).where('id', '=', found.id).execute()
    }
  })
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

/** Throws NOT_FOUND, CASE_CLOSED, CASE_SLOTS, CASE_CONFLICT, QUOTA. */
export async function addWraps(
  { database, clock, quota }: CasesServiceDependencies,
  member: Member,
  { case: id, wraps, item }: Input<typeof cases.wrap>['payload'],
): Promise<void> {
  await database.kysely.transaction().execute(async (tx) => {
    const found = await lockedCase(tx, member, id)
    assertTakesIn(found)
    const roster = await rosterOf(tx)
    const there = await slotsOf(tx, found.id)
    const known = [...(await everyAddress(tx)), roster.recovery.addr, found.mailbox.toString('base64url')]
    assertSlotsFree(wraps, there, known)
    const readers = readersOf(roster)
    // A block of four has filler beside the newcomer, so some address must be of the roster, not each.
    const isAsked = wraps.some(({ address }) => readers.includes(address))
    const isForbidden = wraps.some(({ address }) => known.includes(address) && !readers.includes(address))
    if (!isAsked || isForbidden) throw new Refused('CASE_SLOTS')
    for (const wrap of wraps) await putWrap(tx, found.id, wrap)
    await addOnce(tx, found, item, { clock, quota })
  })
}

/** Throws NOT_FOUND, STAFF_ROLE, CASE_CLOSED, CASE_SLOTS, CASE_CONFLICT, QUOTA. */
export async function startEpoch(
  { database, clock, quota }: CasesServiceDependencies,
  member: Member,
  { case: id, epoch, wraps, items }: Input<typeof cases.epoch>['payload'],
): Promise<void> {
  await database.kysely.transaction().execute(async (tx) => {
    const found = await lockedCase(tx, member, id)
    if (!EPOCH_ROLES.includes(member.entry.role)) throw new Refused('STAFF_ROLE')
    assertTakesIn(found)
    const roster = await rosterOf(tx)
    const there = await slotsOf(tx, found.id)
    const mailbox = found.mailbox.toString('base64url')
    const staff = await everyAddress(tx)
    const readers = readersOf(roster)
    const given = wraps.map(({ address }) => address)
    const isWhole =
      epoch === Math.max(...there.map((slot) => slot.epoch)) + 1 &&
      given.includes(mailbox) &&
      given.includes(roster.recovery.addr) &&
      new Set(given).size === given.length &&
      (given.length - SLOTS) % ADDED_SLOTS === 0 &&
      wraps.every(({ slot }, i) => slot === i) &&
      given.every((address) => !staff.includes(address) || readers.includes(address))
    if (!isWhole) throw new Refused('CASE_SLOTS')
    const leaving = staff.filter((address) => !given.includes(address))
    if (leaving.length > 0) {
      await tx
        .deleteFrom('wraps')
        .where('case_id', '=', found.id)
        .where(
          'address',
          'in',
          leaving.map((address) => Buffer.from(address, 'base64url')),
        )
        .execute()
    }
    for (const wrap of wraps) await putWrap(tx, found.id, { ...wrap, epoch })
    for (const item of items) await addOnce(tx, found, item, { clock, quota })
  })
}

function assertTakesIn({ status }: MembersCase): void {
  if (status !== 'open' && status !== 'closing') throw new Refused('CASE_CLOSED')
}

async function addOnce(
  tx: Db,
  found: MembersCase,
  item: SealedItem,
  { clock, quota }: Pick<CasesServiceDependencies, 'clock' | 'quota'>,
): Promise<void> {
  const body = Buffer.from(item.body, 'base64')
  await assertFits(tx, found, { bytes: body.length, what: 'item' }, quota)
  const row = { caseId: found.id, id: Buffer.from(item.id, 'base64url'), epoch: item.epoch, body }
  if (!(await addItemOut(tx, row, clock.now()))) throw new Refused('CASE_CONFLICT')
}

async function rosterOf(tx: Db): Promise<Roster> {
  const roster = await currentRoster(tx)
  if (roster === null) throw new Refused('NOT_FOUND')
  return roster
}

function readersOf({ entries }: Roster): string[] {
  return entries.filter(({ role }) => CASE_ROLES.includes(role)).map(({ addr }) => addr)
}

/** Filler may be replaced; a wrap of somebody may not. New slots come in whole blocks after the last one. */
function assertSlotsFree(wraps: readonly Slot[], there: readonly Slot[], known: readonly string[]): void {
  for (const epoch of new Set(wraps.map((wrap) => wrap.epoch))) {
    const kept = there.filter((slot) => slot.epoch === epoch)
    const given = wraps.filter((wrap) => wrap.epoch === epoch)
    const numbers = new Set(given.map(({ slot }) => slot))
    const end = Math.max(-1, ...kept.map(({ slot }) => slot)) + 1
    const added = [...numbers].filter((slot) => slot >= end).sort((a, b) => a - b)
    const isFree =
      kept.length > 0 &&
      numbers.size === given.length &&
      added.length % ADDED_SLOTS === 0 &&
      added.every((slot, i) => slot === end + i) &&
      given.every((wrap) => !kept.some((slot) => slot.address === wrap.address)) &&
      kept.every(({ slot, address }) => !numbers.has(slot) || !known.includes(address))
    if (!isFree) throw new Refused('CASE_SLOTS')
  }
}
