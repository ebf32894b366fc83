import type { BankBox, NewMember, SetUpBody } from '#contract/members.ts'
import {
  CURRENT_KDF,
  checkHybridRecipient,
  checkMethods,
  checkStaffMethod,
  orgRoot,
  type Roster,
  type RosterEntry,
  SealError,
  type StaffMethod,
} from '#lib/seal/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { MembersDependencies } from './dependencies.ts'
import { checkRoster } from './roster.ts'
import { insertMember } from './store.ts'

const BOX_FMT = 1
/** Who may open the matcher. */
export const BANK_ROLES: readonly string[] = ['supervisor', 'match-officer']
const MAX_KDF_MEMORY_KIB = 262_144

/**
 * Sets the organisation up in one commit, once. The link is used up by it, and not by an attempt that is refused. Throws
 * SETUP_TOKEN, SETUP_SHAPE, ROSTER_INVALID, ROSTER_EXPIRED, ROSTER_ROLLBACK, STAFF_METHOD, STAFF_METHODS_TOO_FEW.
 */
export async function setUp(
  { database, clock, setUpGate }: MembersDependencies,
  body: SetUpBody,
): Promise<{ done: true }> {
  if (setUpGate === null || !(await setUpGate.isOpen(body.token))) throw new Refused('SETUP_TOKEN')
  const roster = checkRoster([body.roster], rootOf(body), clock.now())
  if (roster.v !== 1) throw new Refused('ROSTER_ROLLBACK')
  const people = body.members.map((member) => personOf(member, roster))
  assertFit(body, roster, people)
  await database.kysely.transaction().execute(async (tx) => {
    if (!(await takeTheOnlyPlace(tx, body))) throw new Refused('SETUP_TOKEN')
    await tx
      .insertInto('rosters')
      .values({ org: body.org, version: 1, note: body.roster, proof: null })
      .execute()
    await commitRoster(tx, body.rosterCommitment)
    for (const person of people) await insertMember(tx, person)
    await tx.insertInto('bank_recipient').values({ recipient: body.bank.recipient }).execute()
    await insertBoxes(tx, body.bank.boxes)
  })
  // After the commit: a link that was used up for nothing would leave nobody who could set up.
  await setUpGate.close()
  return { done: true }
}

/** Lets the public record of a roster wait for its place in the log. It is of no case. */
export async function commitRoster(tx: Db, commitment: string): Promise<void> {
  await tx
    .insertInto('commitments')
    .values({ case_id: null, commitment: Buffer.from(commitment, 'hex'), state: 'pending', log_index: null })
    .execute()
}

export async function insertBoxes(tx: Db, boxes: readonly BankBox[]): Promise<void> {
  if (boxes.length === 0) return
  await tx
    .insertInto('bank_boxes')
    .values(
      boxes.map((box) => ({
        address: Buffer.from(box.address, 'base64url'),
        body: Buffer.from(box.body, 'base64'),
        fmt: BOX_FMT,
      })),
    )
    .execute()
}

async function takeTheOnlyPlace(tx: Db, { org, rootKeys }: SetUpBody): Promise<boolean> {
  const taken = await tx
    .insertInto('organisation')
    .values({ only_row: true, org, root_keys: rootKeys, root_files_handed: 0, shares_handed: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return taken.numInsertedOrUpdatedRows === 1n
}

function rootOf({ org, rootKeys }: SetUpBody) {
  try {
    return orgRoot(org, rootKeys)
  } catch (cause) {
    throw new Refused('ROSTER_INVALID', { cause })
  }
}

/** Somebody as she is kept. Throws SETUP_SHAPE unless the roster has her, STAFF_METHOD, STAFF_METHODS_TOO_FEW. */
export function personOf(member: NewMember, { entries }: Roster) {
  const { handle, entry } = member
  const found = entries.find(({ id }) => id === entry)
  if (found === undefined) throw new Refused('SETUP_SHAPE')
  const methods = methodsOf(member)
  // `checkMethods` has seen that there are some, all of one person.
  const staff = methods[0]?.staff ?? ''
  return { handle, entry, staff, address: found.addr, role: found.role, methods }
}

function methodsOf({ methods }: NewMember): StaffMethod[] {
  try {
    const checked = methods.map(checkStaffMethod)
    if (!checked.every(isStrong)) throw new Refused('STAFF_METHOD')
    checkMethods(checked)
    return checked
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause
    throw new Refused(cause.code, { cause })
  }
}

/** What a browser would refuse to use must not get in. */
function isStrong({ kind, kdf }: StaffMethod): boolean {
  if (kind !== 'passphrase') return kind === 'sheet'
  if (kdf === undefined) return false
  return kdf.t >= CURRENT_KDF.t && kdf.m >= CURRENT_KDF.m && kdf.m <= MAX_KDF_MEMORY_KIB && kdf.p === 1
}

function assertFit(
  { bank }: SetUpBody,
  { entries, recovery }: Roster,
  people: readonly (Pick<RosterEntry, 'role'> & {
    readonly handle: string
    readonly entry: string
    readonly staff: string
    readonly methods: readonly StaffMethod[]
  })[],
): void {
  const isOneEach = (values: readonly string[]) => new Set(values).size === values.length
  const entitled = entries.filter(({ role }) => BANK_ROLES.includes(role)).map(({ addr }) => addr)
  const boxed = bank.boxes.map(({ address }) => address)
  const isWhole =
    people.some(({ role }) => role === 'supervisor') &&
    isOneEach(people.map(({ handle }) => handle.normalize('NFKC').toLowerCase())) &&
    isOneEach(people.map(({ entry }) => entry)) &&
    isOneEach(people.map(({ staff }) => staff)) &&
    isOneEach(people.flatMap(({ methods }) => methods.map(({ methodId }) => methodId))) &&
    isOneEach(boxed) &&
    boxed.length === entitled.length &&
    boxed.every((address) => entitled.includes(address)) &&
    // The bank's key is nobody's own, and not the one that opens every case.
    ![...entries, recovery].some(({ age }) => age === bank.recipient)
  if (!isWhole) throw new Refused('SETUP_SHAPE')
  try {
    checkHybridRecipient(bank.recipient)
  } catch (cause) {
    throw new Refused('SETUP_SHAPE', { cause })
  }
}
