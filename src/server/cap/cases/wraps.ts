import type { cases } from '#contract/cases.ts'
import type { Input } from '#contract/operation.ts'
import { ADDED_SLOTS, CASE_ROLES, type Roster, SLOTS } from '#lib/seal/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import { currentRoster, everyAddress, type Member } from '../members/index.ts'
import { addOnce, assertTakesIn, assertUnchanged, isThere } from './add-once.ts'
import type { CasesServiceDependencies } from './dependencies.ts'
import { lockedCase, putWrap, type Slot, slotsOf } from './store.ts'

const EPOCH_ROLES: readonly string[] = ['caseworker', 'supervisor']

/** Throws NOT_FOUND, CASE_CLOSED, CASE_SLOTS, CASE_CONFLICT, CASE_CHANGED, QUOTA. */
export async function addWraps(
  { database, clock, quota }: CasesServiceDependencies,
  member: Member,
  { case: id, wraps, item, count }: Input<typeof cases.wrap>['payload'],
): Promise<void> {
  await database.kysely.transaction().execute(async (tx) => {
    const found = await lockedCase(tx, member, id)
    assertTakesIn(found)
    if (await isThere(tx, found, [item])) return
    await assertUnchanged(tx, found, [item], count)
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

/** Throws NOT_FOUND, STAFF_ROLE, CASE_CLOSED, CASE_SLOTS, CASE_CONFLICT, CASE_CHANGED, QUOTA. */
export async function startEpoch(
  { database, clock, quota }: CasesServiceDependencies,
  member: Member,
  { case: id, epoch, wraps, items, count }: Input<typeof cases.epoch>['payload'],
): Promise<void> {
  await database.kysely.transaction().execute(async (tx) => {
    const found = await lockedCase(tx, member, id)
    if (!EPOCH_ROLES.includes(member.entry.role)) throw new Refused('STAFF_ROLE')
    assertTakesIn(found)
    if (await isThere(tx, found, items)) return
    await assertUnchanged(tx, found, items, count)
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
