import { cases as operations, type SealedItem } from '#contract/cases.ts'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import {
  ADDED_SLOTS,
  CASE_ROLES,
  type EpochReason,
  type Reader,
  type RosterEntry,
  type SharedCase,
  sealSlots,
  shareCase,
  startEpoch,
} from '#lib/seal/index.ts'
import { CallError } from './call.ts'
import { currentKey, type OpenCase, readCase } from './cases.ts'
import { busy, countOf, draftOf, isChanged, postEntry, refuseInVain, sealedItem } from './cases-write.ts'
import { newId } from './set-up-colleague.ts'
import { type Desk, DeskError } from './staff-desk.ts'

const MAX_ROUNDS = 8
/** Filler is tried so often: the address of somebody who left long ago looks like it. */
const MAX_FILLER_ROUNDS = 3

export interface Sharing {
  /** In words: everybody in the case, the survivor too, can read it. */
  readonly why: string
  /** `current`: nothing of what was written before a new key, for somebody who helps once. */
  readonly epochs?: 'all' | 'current'
}

/**
 * Gives a case to a colleague. Her name is held against the list of whom the survivor has excluded, on this device, and against
 * the journal. Throws `SealError` CASE_EXCLUDED_RECIPIENT; `CaseError`; `DeskError` COLLEAGUE_UNKNOWN, CASE_BUSY; `CallError`:
 * see `cases.wrap`.
 */
export async function shareWith(
  desk: Desk,
  open: OpenCase,
  entryId: string,
  { why, epochs = 'all' }: Sharing,
): Promise<OpenCase> {
  const { entries } = desk.rosters[0].roster
  const entry = entries.find(({ id, role }) => id === entryId && CASE_ROLES.includes(role))
  if (entry === undefined)
    throw new DeskError('COLLEAGUE_UNKNOWN', 'Nobody of the list of people who may read cases has this id.')
  let current = open
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const keys = epochs === 'all' ? current.keys : [currentKey(current)]
    const added = { entry, exclude: excludedFrom(current), entries, why }
    const { sign } = desk.session.identity
    const shared = await shareCase(keys, added, draftOf(desk), sign, current.conversation.heads)
    refuseInVain(desk, current, {
      type: 'member.add',
      body: { entry: entry.id, entryRole: entry.role, reason: why },
    })
    const item = await sealedItem(desk, shared.message, current)
    const isThere = await sendWraps(desk, current, { shared, item, isFillerUsed: round < MAX_FILLER_ROUNDS })
    current = await readCase(desk, current.id, current)
    if (isThere) return current
  }
  throw busy()
}

/**
 * Gives the case a new key, which those get who are its members by its journal, the survivor and recovery, and nobody else: what
 * the server says about who reads the case counts for nothing. Throws `CaseError` EPOCH_UNTRUSTED for a role that may not;
 * `CallError`: see `cases.epoch`; `DeskError` CASE_UNREADABLE without the record that opens the case, CASE_BUSY.
 */
export async function startNewEpoch(desk: Desk, open: OpenCase, reason: EpochReason): Promise<OpenCase> {
  let current = open
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const previous = currentKey(current)
    refuseInVain(desk, current, {
      type: 'epoch.new',
      body: { epoch: previous.epoch + 1, epochReason: reason },
    })
    const { sign } = desk.session.identity
    const { heads } = current.conversation
    const change = { ...draftOf(desk), reason, ...readersOf(desk, current) }
    const next = await startEpoch(previous, change, { sign, heads, random: desk.random })
    const [old, fresh] = next.items.map((body) => ({ id: newId(desk.random), body: bytesToBase64(body) }))
    if (old === undefined || fresh === undefined) throw new RangeError('There are two copies of the record.')
    const isThere = await sendEpoch(desk, current, {
      epoch: next.key.epoch,
      wraps: next.slots.map(({ slot, address, wrap }) => ({ slot, address, body: bytesToBase64(wrap) })),
      items: [
        { ...old, epoch: previous.epoch },
        { ...fresh, epoch: next.key.epoch },
      ],
    })
    current = await readCase(desk, current.id, current)
    if (isThere) return current
  }
  throw busy()
}

/**
 * Shuts somebody out of a case for good: the journal says so, and the case gets a new key that she does not get. When it is cut
 * off in between, the journal says that a new key is needed, and doing it again does the rest. What she has read she has read.
 * Throws as `postEntry` and `startNewEpoch`.
 */
export async function removeFromCase(
  desk: Desk,
  open: OpenCase,
  entryId: string,
  reason: EpochReason = 'member-left',
): Promise<OpenCase> {
  const isOut = open.replay.state.excluded.has(entryId)
  const current = isOut ? open : await postEntry(desk, open, 'member.exclude', { entry: entryId })
  return startNewEpoch(desk, current, reason)
}

/** Those of the cases of which somebody who leaves still has the key in use: none may be left when she leaves the roster. */
export function casesStillHers(
  { rosters }: Desk,
  cases: readonly OpenCase[],
  entryId: string,
): readonly OpenCase[] {
  const address = rosters[0].roster.entries.find(({ id }) => id === entryId)?.addr
  return cases.filter((open) => {
    const { epoch } = currentKey(open)
    const isDelivered = open.slots.some((slot) => slot.epoch === epoch && slot.address === address)
    return open.replay.state.members.has(entryId) || isDelivered
  })
}

/** Ids of entries that must never read the case, by the record that opens it and by its journal. */
function excludedFrom({ opening, replay }: OpenCase): string[] {
  return [...new Set([...(opening?.exclude ?? []), ...replay.state.excluded])]
}

function readersOf(
  { rosters }: Desk,
  open: OpenCase,
): { readonly survivor: Reader; readonly recovery: Reader; readonly members: readonly Reader[] } {
  const { entries, recovery } = rosters[0].roster
  if (open.opening === null)
    throw new DeskError('CASE_UNREADABLE', 'The record that opens the case is needed for a new key.')
  const out = excludedFrom(open)
  const isOut = (entry: RosterEntry) =>
    entries.some(
      ({ id, age, sign, addr }) =>
        out.includes(id) && (age === entry.age || sign === entry.sign || addr === entry.addr),
    )
  const members = entries.filter(
    (entry) => open.replay.state.members.has(entry.id) && CASE_ROLES.includes(entry.role) && !isOut(entry),
  )
  return {
    survivor: { address: open.mailbox, recipient: open.opening.age },
    recovery: { address: recovery.addr, recipient: recovery.age },
    members: members.map(({ addr, age }) => ({ address: addr, recipient: age })),
  }
}

async function sendWraps(
  desk: Desk,
  open: OpenCase,
  {
    shared,
    item,
    isFillerUsed,
  }: { readonly shared: SharedCase; readonly item: SealedItem; readonly isFillerUsed: boolean },
): Promise<boolean> {
  const { client, session, persist } = desk
  const wraps: { epoch: number; slot: number; address: string; body: string }[] = []
  for (const one of shared.wraps) wraps.push(...(await placed(desk, open, one, isFillerUsed)))
  const payload = { case: open.id, wraps, item, count: countOf(open) }
  try {
    await persist(async () => client.cases.wrap(await session.confirm(operations.wrap, payload)))
    return true
  } catch (error) {
    const isTaken = error instanceof CallError && error.code === 'CASE_SLOTS' && isFillerUsed
    if (isTaken || isChanged(error)) return false
    throw error
  }
}

/** A wrap in the place of filler, or in a new block with three more of filler. */
async function placed(
  { rosters, random }: Desk,
  { slots, mailbox, keys }: OpenCase,
  { epoch, address, wrap }: SharedCase['wraps'][number],
  isFillerUsed: boolean,
) {
  const { entries, recovery } = rosters[0].roster
  const known = [...entries.map(({ addr }) => addr), recovery.addr, mailbox]
  const there = slots.filter((slot) => slot.epoch === epoch)
  const filler = there.filter((slot) => !known.includes(slot.address))
  const [dice = 0] = random(1)
  const free = isFillerUsed ? filler[dice % Math.max(1, filler.length)] : undefined
  if (free !== undefined) return [{ epoch, slot: free.slot, address, body: bytesToBase64(wrap) }]
  const key = keys.find((one) => one.epoch === epoch) ?? keys[0]
  const firstSlot = Math.max(-1, ...there.map(({ slot }) => slot)) + 1
  const block = await sealSlots(key, [], random, { slots: ADDED_SLOTS, firstSlot })
  const own = dice % ADDED_SLOTS
  return block.map((slot, n) => ({
    epoch,
    slot: slot.slot,
    address: n === own ? address : slot.address,
    body: bytesToBase64(n === own ? wrap : slot.wrap),
  }))
}

async function sendEpoch(
  { client, session, persist }: Desk,
  open: OpenCase,
  made: {
    readonly epoch: number
    readonly wraps: { slot: number; address: string; body: string }[]
    readonly items: SealedItem[]
  },
): Promise<boolean> {
  const payload = { case: open.id, ...made, count: countOf(open) }
  try {
    await persist(async () => client.cases.epoch(await session.confirm(operations.epoch, payload)))
    return true
  } catch (error) {
    if (isChanged(error)) return false
    throw error
  }
}
