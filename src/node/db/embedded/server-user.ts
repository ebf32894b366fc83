import { execFileSync } from 'node:child_process'
import { userInfo } from 'node:os'
import { DatabaseError } from '../errors.ts'

/** Tried in this order. `nobody` is there on every system; a user of its own is better kept apart from other programs. */
const CANDIDATES = ['saksi', 'postgres', 'nobody']

export interface SystemUser {
  readonly uid: number
  readonly gid: number
  readonly name: string
}

/** The user this program runs as. Throws `DatabaseError` DATABASE_NO_USER, DATABASE_UNSUPPORTED_SYSTEM. */
export function ownUser(): SystemUser {
  if (process.geteuid === undefined) {
    throw new DatabaseError(
      'DATABASE_UNSUPPORTED_SYSTEM',
      'PostgreSQL is run by Saksi on Linux and macOS only. Install PostgreSQL 15 or newer and set DATABASE_URL.',
    )
  }
  try {
    const { uid, gid, username } = userInfo()
    return { uid, gid, name: username }
  } catch (cause) {
    throw new DatabaseError(
      'DATABASE_NO_USER',
      'The user this program runs as has no name on this system, and PostgreSQL needs one. Add it to /etc/passwd, or set DATABASE_URL.',
      { cause },
    )
  }
}

/**
 * The user PostgreSQL runs as: this program's own, or, because PostgreSQL refuses root, another when this program runs as
 * root. `wanted` names it; `ownerUid` is who owns the data already there. Throws `DatabaseError` DATABASE_NO_USER.
 */
export function serverUser(own: SystemUser, wanted: string | undefined, ownerUid: number | null): SystemUser {
  if (own.uid !== 0) return own
  const names = wanted !== undefined ? [wanted] : ownerUid !== null ? [String(ownerUid)] : CANDIDATES
  for (const name of names) {
    const user = lookUp(name)
    if (user !== null && user.uid !== 0) return user
  }
  throw new DatabaseError(
    'DATABASE_NO_USER',
    'PostgreSQL does not run as root, and the user it should run as does not exist. Make one: useradd --system saksi',
  )
}

/** By name or number. */
function lookUp(user: string): SystemUser | null {
  const ask = (what: string) =>
    execFileSync('id', [what, '--', user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    return { uid: Number(ask('-u')), gid: Number(ask('-g')), name: ask('-un') }
  } catch {
    return null
  }
}
