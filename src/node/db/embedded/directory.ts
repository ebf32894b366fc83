import { randomBytes } from 'node:crypto'
import { chmod, chown, lstat, mkdir, mkdtemp, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseError } from '../errors.ts'
import { ownUser, type SystemUser, serverUser } from './server-user.ts'

/** The longest path of a socket that Linux and macOS both take, less the name PostgreSQL gives it. */
const MAX_SOCKET_DIRECTORY_BYTES = 103 - '/.s.PGSQL.5432'.length

export interface DataDirectory {
  readonly path: string
  /** Owned by the server's user, mode 0700: everything the server writes. */
  readonly home: string
  /** Where its socket is. `isTemporary`: below /tmp, because the path in `home` would be too long for a socket. */
  readonly socket: { readonly path: string; readonly isTemporary: boolean }
  readonly hbaFile: string
  readonly identFile: string
  readonly user: SystemUser
}

/**
 * Makes `path` ready: the folder itself belongs to this program's user, `postgresql` in it to the server's. As root these
 * are two, and nothing that root does happens in a folder where the server's user could put a link in its way.
 * Throws `DatabaseError` DATA_DIRECTORY_NOT_OURS, DATA_DIRECTORY_UNUSABLE, DATABASE_NO_USER, DATABASE_UNSUPPORTED_SYSTEM.
 */
export async function prepareDirectory(path: string, runAs: string | undefined): Promise<DataDirectory> {
  const own = ownUser()
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const found = await lstat(path)
    if (!found.isDirectory() || found.uid !== own.uid) throw notOurs()
    const home = join(path, 'postgresql')
    const user = serverUser(own, runAs, await ownerOf(home))
    await closeToOthers(path, own, user)
    await makeHome(home, own, user)
    const hbaFile = join(path, 'pg_hba.conf')
    const identFile = join(path, 'pg_ident.conf')
    await writeFor(user, own, hbaFile, HBA)
    await writeFor(user, own, identFile, identMap([own.name, user.name]))
    return { path, home, socket: await socketFolder(home, own, user), hbaFile, identFile, user }
  } catch (cause) {
    if (cause instanceof DatabaseError) throw cause
    throw new DatabaseError(
      'DATA_DIRECTORY_UNUSABLE',
      'The folder of the database cannot be made or changed. Nothing was lost. Choose a folder that this program may write to.',
      { cause },
    )
  }
}

function notOurs(): DatabaseError {
  return new DatabaseError(
    'DATA_DIRECTORY_NOT_OURS',
    'The folder of the database belongs to another user, or is no folder. Nothing was changed. Run Saksi as that user.',
  )
}

/** Mode 0700; as root the server's user may pass through, but not look around. */
async function closeToOthers(path: string, own: SystemUser, user: SystemUser): Promise<void> {
  if (own.uid === user.uid) return chmod(path, 0o700)
  await chown(path, own.uid, user.gid)
  await chmod(path, 0o710)
}

async function makeHome(home: string, own: SystemUser, user: SystemUser): Promise<void> {
  await mkdir(home, { mode: 0o700 }).catch(unlessThere)
  const found = await lstat(home)
  if (!found.isDirectory()) throw notOurs()
  // Root's only when it was killed right after making it.
  if (own.uid === 0 && found.uid === 0) await chown(home, user.uid, user.gid)
  else if (found.uid !== user.uid) throw notOurs()
}

async function ownerOf(home: string): Promise<number | null> {
  const found = await lstat(home).catch(() => null)
  return found === null || found.uid === 0 ? null : found.uid
}

/** The kernel says which user is at the other end of a socket, so there is no password that could be lost. */
const HBA = 'local all saksi,saksi_admin peer map=saksi\n'

/** The server's own user could read its files anyway; it is let in for connections between servers. */
function identMap(names: readonly string[]): string {
  return [...new Set(names)]
    .flatMap((name) => ['saksi', 'saksi_admin'].map((role) => `saksi ${quoted(name)} ${role}\n`))
    .join('')
}

function quoted(name: string): string {
  // A quotation mark cannot be written there, and a leading slash would make the name a pattern.
  if (!/^[^"/\r\n][^"\r\n]*$/.test(name)) {
    throw new DatabaseError('DATABASE_NO_USER', 'The name of the user this program runs as cannot be used.')
  }
  return `"${name}"`
}

/** Whole or not at all: another opening may be reading it. */
async function writeFor(user: SystemUser, own: SystemUser, path: string, text: string): Promise<void> {
  const partial = `${path}.${randomBytes(8).toString('hex')}`
  await writeFile(partial, text, { mode: 0o600 })
  if (own.uid !== user.uid) {
    await chown(partial, own.uid, user.gid)
    await chmod(partial, 0o640)
  }
  await rename(partial, path)
}

async function socketFolder(
  home: string,
  own: SystemUser,
  user: SystemUser,
): Promise<DataDirectory['socket']> {
  const path = join(home, 'socket')
  if (Buffer.byteLength(path) <= MAX_SOCKET_DIRECTORY_BYTES) return { path, isTemporary: false }
  const temporary = await mkdtemp('/tmp/saksi-socket-')
  if (own.uid !== user.uid) await chown(temporary, user.uid, user.gid)
  return { path: temporary, isTemporary: true }
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
}

/** Makes the names in a folder survive a loss of power. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
