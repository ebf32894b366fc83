import { createHash } from 'node:crypto'
import { confirmedNonce, type Fresh } from '#contract/members.ts'
import { payloadSha256 } from '#contract/payload-digest.ts'
import type { CanonicalValue } from '#lib/bytes/index.ts'
import { type RosterEntry, SIGNATURE_LABELS, verifyRecord } from '#lib/seal/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { MembersDependencies } from './dependencies.ts'
import { spendNonce } from './nonces.ts'
import { currentRoster } from './roster.ts'

const ABSOLUTE_MS = 8 * 60 * 60_000
const IDLE_MS = 15 * 60_000
const STEP_MS = 5 * 60_000
const FRESH_MS = 2 * 60_000

/** Who is asking, as the newest roster has her. */
export interface Member {
  readonly staffId: Buffer
  readonly methodId: Buffer
  readonly entry: RosterEntry
  readonly address: Buffer
}

type Means = Pick<MembersDependencies, 'clock' | 'nonces' | 'origins'>

export async function openSession(
  db: Db,
  { clock, random }: Pick<MembersDependencies, 'clock' | 'random'>,
  { staff, methodId }: { readonly staff: string; readonly methodId: string },
): Promise<string> {
  const now = clock.now()
  const token = Buffer.from(random(32)).toString('base64url')
  await db.deleteFrom('sessions').where('expires', '<', now).execute()
  await db
    .insertInto('sessions')
    .values({
      token_hash: hashOf(token),
      staff_id: Buffer.from(staff, 'base64url'),
      method_id: Buffer.from(methodId, 'base64url'),
      expires: new Date(now.getTime() + ABSOLUTE_MS),
      last_seen: stepOf(now),
    })
    .execute()
  return token
}

export async function closeSession(db: Db, token: string): Promise<void> {
  await db.deleteFrom('sessions').where('token_hash', '=', hashOf(token)).execute()
}

/**
 * The member of a session. It ends eight hours after signing in; ten to fifteen minutes after it was last used, which is
 * kept in steps of five; and as soon as its holder is not in the roster. Throws STAFF_SESSION.
 */
export async function memberOf(db: Db, { clock }: Pick<Means, 'clock'>, token: string): Promise<Member> {
  const now = clock.now()
  const found = await db
    .selectFrom('sessions')
    .innerJoin('staff', 'staff.id', 'sessions.staff_id')
    .select(['staff.id', 'staff.address', 'staff.roster_entry', 'sessions.method_id', 'sessions.last_seen'])
    .where('sessions.token_hash', '=', hashOf(token))
    .where('sessions.expires', '>', now)
    .where('sessions.last_seen', '>', new Date(now.getTime() - IDLE_MS))
    .where('staff.state', '=', 'active')
    .executeTakeFirst()
  const entryId = found?.roster_entry.toString('base64url')
  const today = now.toISOString().slice(0, 10)
  const entry = (await currentRoster(db))?.entries.find(({ id }) => id === entryId)
  const isHere = entry !== undefined && (entry.until === undefined || entry.until >= today)
  if (found === undefined || !isHere) throw new Refused('STAFF_SESSION')
  if (found.last_seen < stepOf(now)) {
    await db
      .updateTable('sessions')
      .set({ last_seen: stepOf(now) })
      .where('token_hash', '=', hashOf(token))
      .execute()
  }
  return { staffId: found.id, methodId: found.method_id, entry, address: found.address }
}

/** The member of a session who has just signed this very request. Throws STAFF_SESSION, STAFF_FRESH. */
export async function confirmedMember(
  db: Db,
  means: Means,
  op: string,
  request: { readonly session: string; readonly fresh: Fresh; readonly payload: CanonicalValue },
): Promise<Member> {
  const member = await memberOf(db, means, request.session)
  const { auth_pk: key } = await db
    .selectFrom('staff_methods')
    .select('auth_pk')
    .where('id', '=', member.methodId)
    .executeTakeFirstOrThrow()
  const { nonce, signature } = request.fresh
  const login = {
    staff: member.staffId.toString('base64url'),
    nonce: confirmedNonce(nonce, op, payloadSha256(request.payload)),
  }
  const isSigned = means.origins.some((origin) =>
    verifyRecord(key, SIGNATURE_LABELS.login, { ...login, origin }, Buffer.from(signature, 'hex')),
  )
  if (!isSigned || !(await spendNonce(db, means, nonce, FRESH_MS))) throw new Refused('STAFF_FRESH')
  return member
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** The beginning of the five minutes that `time` is in. */
function stepOf(time: Date): Date {
  return new Date(Math.floor(time.getTime() / STEP_MS) * STEP_MS)
}
