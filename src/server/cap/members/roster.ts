import { type OrgRoot, orgRoot, type Roster, SealError, verifyRosterChain } from '#lib/seal/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'

const DAY_MS = 24 * 60 * 60_000

/** The roster of a note that the root has signed and that is of today. Throws ROSTER_INVALID, ROSTER_EXPIRED, ROSTER_ROLLBACK. */
export function checkRoster(notes: readonly string[], root: OrgRoot, now: Date): Roster {
  const newest = chain(notes, root).at(-1)
  if (newest === undefined) throw new Refused('ROSTER_INVALID')
  const today = now.toISOString().slice(0, 10)
  // Clocks may be wrong by a day.
  const tomorrow = new Date(now.getTime() + DAY_MS).toISOString().slice(0, 10)
  if (newest.iss > tomorrow || newest.exp < today) throw new Refused('ROSTER_EXPIRED')
  return newest
}

/** The root as it was given when the organisation was set up, or null before. */
export async function readRoot(db: Db): Promise<OrgRoot | null> {
  const found = await db.selectFrom('organisation').select(['org', 'root_keys']).executeTakeFirst()
  return found === undefined ? null : orgRoot(found.org, found.root_keys)
}

/** The newest roster, read again from its signed note. Null before the organisation is set up. */
export async function currentRoster(db: Db): Promise<Roster | null> {
  const kept = await db
    .selectFrom('organisation')
    .innerJoin('rosters', 'rosters.org', 'organisation.org')
    .select(['organisation.org', 'organisation.root_keys', 'rosters.note'])
    .orderBy('rosters.version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return kept === undefined ? null : newestOf(kept.note, orgRoot(kept.org, kept.root_keys))
}

/**
 * What was read last. Every request of a member asks for the newest roster, whose keys take milliseconds to check; the same
 * note under the same root always gives the same.
 */
let last: { readonly note: string; readonly root: string; readonly roster: Roster | null } | null = null

function newestOf(note: string, root: OrgRoot): Roster | null {
  const rootText = JSON.stringify(root)
  if (last?.note !== note || last.root !== rootText)
    last = { note, root: rootText, roster: chain([note], root)[0] ?? null }
  return last.roster
}

/** Addresses of everybody who is or was in a roster: a retired key no longer says where its wraps went. */
export async function everyAddress(db: Db): Promise<string[]> {
  const root = await readRoot(db)
  const kept = await db.selectFrom('rosters').select('note').orderBy('version').execute()
  if (root === null) return []
  const rosters = chain(
    kept.map(({ note }) => note),
    root,
  )
  return [...new Set(rosters.flatMap(({ entries }) => entries.map(({ addr }) => addr)))]
}

function chain(notes: readonly string[], root: OrgRoot): Roster[] {
  try {
    return verifyRosterChain(notes, root)
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause
    throw new Refused(cause.code === 'ROSTER_ROLLBACK' ? 'ROSTER_ROLLBACK' : 'ROSTER_INVALID', { cause })
  }
}
