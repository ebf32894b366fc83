import type { Kysely } from 'kysely'
import type { invites } from '#contract/invites.ts'
import type { Input, Output } from '#contract/operation.ts'
import { bytesToHex, hexToBytes } from '#lib/bytes/index.ts'
import { inviteHash, issuePasses, PassError } from '#lib/passes/index.ts'
import { CASE_ROLES } from '#lib/seal/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { Tables } from '../../schema/tables.ts'
import { isoWeekOf, weekAfter } from '../../time.ts'
import type { Member } from '../members/index.ts'
import type { PassDependencies } from './passes.ts'

const INVITE_FMT = 1
const LONGEST_WEEKS = 26

type Creation = Input<typeof invites.create>['payload']

/** Throws STAFF_ROLE, INVITE_WEEK, INVITE_CONFLICT. */
export async function createInvite(
  db: Db,
  now: Date,
  member: Member,
  { hash, pictures, until }: Creation,
): Promise<void> {
  assertMayInvite(member)
  if (until < isoWeekOf(now) || until > weekAfter(now, LONGEST_WEEKS)) throw new Refused('INVITE_WEEK')
  const kept = await db
    .insertInto('invites')
    .values({ hash: Buffer.from(hash, 'hex'), remaining: pictures, expires_week: until, fmt: INVITE_FMT })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (kept.numInsertedOrUpdatedRows !== 1n) throw new Refused('INVITE_CONFLICT')
}

/** Throws STAFF_ROLE. */
export async function endInvite(db: Db, member: Member, hash: string): Promise<void> {
  assertMayInvite(member)
  await db.deleteFrom('invites').where('hash', '=', Buffer.from(hash, 'hex')).execute()
}

/**
 * Takes pictures off an invite and issues passes for them, without seeing one. Throws INVITE_UNKNOWN, INVITE_SPENT,
 * INVITE_EXPIRED, PASS_FORM; nothing is used up then.
 */
export async function exchange(
  kysely: Kysely<Tables>,
  { clock, passes }: PassDependencies,
  { code, blinded }: Input<typeof invites.exchange>,
): Promise<Output<typeof invites.exchange>> {
  const hash = Buffer.from(inviteHash({ digits: code }), 'hex')
  const now = clock.now()
  const week = isoWeekOf(now)
  return kysely.transaction().execute(async (tx) => {
    const found = await tx
      .selectFrom('invites')
      .select(['remaining', 'expires_week'])
      .where('hash', '=', hash)
      .forUpdate()
      .executeTakeFirst()
    if (found === undefined) throw new Refused('INVITE_UNKNOWN')
    if (found.expires_week < week) throw new Refused('INVITE_EXPIRED')
    if (found.remaining === 0) throw new Refused('INVITE_SPENT')
    const asked = blinded.slice(0, found.remaining)
    const keys = passes.keysOf(week)
    const { evaluated, proof } = issue(keys, asked)
    await tx
      .updateTable('invites')
      .set({ remaining: found.remaining - asked.length })
      .where('hash', '=', hash)
      .execute()
    return {
      week,
      publicKey: bytesToHex(keys.publicKey),
      evaluated: evaluated.map(bytesToHex),
      proof: bytesToHex(proof),
    }
  })
}

function issue(keys: Parameters<typeof issuePasses>[0], asked: readonly string[]) {
  try {
    return issuePasses(
      keys,
      asked.map((text) => hexToBytes(text) ?? new Uint8Array(0)),
    )
  } catch (cause) {
    if (!(cause instanceof PassError)) throw cause
    throw new Refused('PASS_FORM', { cause })
  }
}

/** Whoever reads cases talks to witnesses. */
function assertMayInvite({ entry }: Member): void {
  if (!CASE_ROLES.includes(entry.role)) throw new Refused('STAFF_ROLE')
}
