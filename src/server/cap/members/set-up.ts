import { sql } from 'kysely'
import type { BankBox, NewMember, SetUpBody } from '#contract/members.ts'
import {
  CURRENT_KDF,
  checkMethods,
  checkStaffMethod,
  orgRoot,
  type Roster,
  type RosterEntry,
  rosterDigest,
  SealError,
  type StaffMethod,
} from '#lib/seal/index.ts'
import { parseNote } from '#lib/tlog/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { MembersDependencies } from './dependencies.ts'
import { checkRoster } from './roster.ts'
import { commitRecord } from './roster-record.ts'
import { insertMember } from './store.ts'

const BOX_FMT = 1
/** Who may open the matcher. */
export const BANK_ROLES: readonly string[] = ['supervisor', 'match-officer']
const MAX_KDF_MEMORY_KIB = 262_144

/**
 * Sets the organisation up in one commit. Until somebody has acknowledged that every secret is in a hand, the same link sets up
 * again, from the beginning: with an answer, or a page, that got lost nothing is lost that cannot be made anew. Once a report is
 * there nothing is made anew. Throws SETUP_TOKEN, SETUP_SHAPE, ROSTER_INVALID, ROSTER_EXPIRED, ROSTER_ROLLBACK, ROSTER_RECORD,
 * STAFF_METHOD, STAFF_METHODS_TOO_FEW.
 */
export async function setUp(dependencies: MembersDependencies, body: SetUpBody): Promise<{ done: true }> {
  const { database, clock, setUpGate } = dependencies
  if (setUpGate === null || !(await setUpGate.isOpen(body.token))) throw new Refused('SETUP_TOKEN')
  const roster = checkRoster([body.roster], rootOf(body), clock.now())
  if (roster.v !== 1) throw new Refused('ROSTER_ROLLBACK')
  const people = body.members.map((member) => personOf(member, roster))
  const bank = bankIn(body, roster, people)
  await database.kysely.transaction().execute(async (tx) => {
    if (!(await clearTheOnlyPlace(tx))) throw new Refused('SETUP_TOKEN')
    await tx
      .insertInto('organisation')
      .values({
        only_row: true,
        org: body.org,
        root_keys: body.rootKeys,
        root_files_handed: 0,
        shares_handed: 0,
        is_acknowledged: false,
      })
      .execute()
    const { text } = parseNote(body.roster)
    const record = await commitRecord(tx, dependencies, { text, roster, opening: body.rosterOpening })
    await tx
      .insertInto('rosters')
      .values({ org: body.org, version: 1, note: body.roster, proof: null, ...record })
      .execute()
    for (const person of people) await insertMember(tx, person)
    await tx.insertInto('bank_recipient').values({ recipient: bank }).execute()
    await insertBoxes(tx, body.bank.boxes)
  })
  return { done: true }
}

/** Uses the link up, once more too. Throws SETUP_TOKEN, also when another attempt has set up another roster. */
export async function acknowledge(
  { database, setUpGate }: Pick<MembersDependencies, 'database' | 'setUpGate'>,
  { token, rosterSha256 }: { readonly token: string; readonly rosterSha256: string },
): Promise<{ done: true }> {
  const isOpen = setUpGate !== null && (await setUpGate.isOpen(token))
  await database.kysely.transaction().execute(async (tx) => {
    await lockTheOnlyPlace(tx)
    const first = await tx.selectFrom('rosters').select('note').where('version', '=', 1).executeTakeFirst()
    const isThis = first !== undefined && rosterDigest(parseNote(first.note).text) === rosterSha256
    const found = await tx.selectFrom('organisation').select('is_acknowledged').executeTakeFirst()
    if (!isThis || !(isOpen || found?.is_acknowledged === true)) throw new Refused('SETUP_TOKEN')
    await tx.updateTable('organisation').set({ is_acknowledged: true }).execute()
  })
  // After the commit: a link that was used up for nothing would leave nobody who could set up.
  if (isOpen) await setUpGate.close()
  return { done: true }
}

/** Makes room for setting up. False when there is an organisation that is not to be replaced. */
async function clearTheOnlyPlace(tx: Db): Promise<boolean> {
  await lockTheOnlyPlace(tx)
  const found = await tx.selectFrom('organisation').select('is_acknowledged').executeTakeFirst()
  if (found === undefined) return true
  const report = await tx.selectFrom('cases').select('id').limit(1).executeTakeFirst()
  if (found.is_acknowledged || report !== undefined) return false
  // Of staff, sessions and ways of unlocking go with it.
  for (const table of ['staff', 'bank_boxes', 'bank_recipient', 'rosters', 'organisation'] as const) {
    await tx.deleteFrom(table).execute()
  }
  return true
}

/** Two who set up at the same time come one after the other. */
async function lockTheOnlyPlace(tx: Db): Promise<void> {
  await sql`lock table organisation in exclusive mode`.execute(tx)
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

/** The recipient of the bank, when people, addresses and boxes fit the roster. Throws SETUP_SHAPE. */
function bankIn(
  { bank: { boxes } }: SetUpBody,
  { entries, bank }: Roster,
  people: readonly (Pick<RosterEntry, 'role'> & {
    readonly handle: string
    readonly entry: string
    readonly staff: string
    readonly methods: readonly StaffMethod[]
  })[],
): string {
  const isOneEach = (values: readonly string[]) => new Set(values).size === values.length
  const entitled = entries.filter(({ role }) => BANK_ROLES.includes(role)).map(({ addr }) => addr)
  const boxed = boxes.map(({ address }) => address)
  const isWhole =
    people.some(({ role }) => role === 'supervisor') &&
    isOneEach(people.map(({ handle }) => handle.normalize('NFKC').toLowerCase())) &&
    isOneEach(people.map(({ entry }) => entry)) &&
    isOneEach(people.map(({ staff }) => staff)) &&
    isOneEach(people.flatMap(({ methods }) => methods.map(({ methodId }) => methodId))) &&
    isOneEach(boxed) &&
    boxed.length === entitled.length &&
    boxed.every((address) => entitled.includes(address))
  if (!isWhole || bank === undefined) throw new Refused('SETUP_SHAPE')
  return bank.age
}
