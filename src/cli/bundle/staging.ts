import { link, lstat, mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { systemCode } from '../source/errors.ts'
import { BundleFileError } from './errors.ts'

/** Then the number of the process, so that what a killed one left is known for what it is. */
const PREFIX = '.saksi-bundle-'

/** A private folder beside the target, in which everything is made; the target appears at once or not at all. */
export interface Staging {
  folder: string
  /** Puts a finished file in the target's place. Never replaces anything: throws `BUNDLE_EXISTS`. */
  publish(finished: string): Promise<void>
  remove(): Promise<void>
}

/**
 * Opens a staging folder for `target` and clears away what killed runs left there. Throws `BundleFileError`
 * `BUNDLE_EXISTS` when the target is there already, `BUNDLE_IO` when nothing can be written there.
 */
export async function openStaging(target: string): Promise<Staging> {
  const path = resolve(target)
  const parent = dirname(path)
  await refuseExisting(path)
  try {
    await mkdir(parent, { recursive: true })
    await clearLeft(parent)
    const folder = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`))
    return {
      folder,
      publish: (finished) => publish(finished, path),
      remove: () => rm(folder, { recursive: true, force: true }),
    }
  } catch (cause) {
    throw new BundleFileError('BUNDLE_IO', `Nothing can be written to "${parent}".`, { cause })
  }
}

/** Writes a file and waits until it is on the disk. */
export async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes a private file that must not be there yet. Throws `BUNDLE_EXISTS` or `BUNDLE_IO`. */
export async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    await writeSynced(resolve(path), Buffer.from(text))
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST') throw exists(path)
    throw new BundleFileError('BUNDLE_IO', `"${path}" cannot be written.`, { cause })
  }
}

async function publish(finished: string, path: string): Promise<void> {
  const handle = await open(finished, 'r+')
  await handle.sync()
  await handle.close()
  try {
    // A link, unlike a rename, fails when somebody else has put a file there meanwhile.
    await link(finished, path)
    await rm(finished)
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw exists(path)
    await refuseExisting(path)
    await rename(finished, path)
  }
  const parent = await open(dirname(path), 'r')
  await parent.sync()
  await parent.close()
}

async function refuseExisting(path: string): Promise<void> {
  const isThere = await lstat(path).then(
    () => true,
    () => false,
  )
  if (isThere) throw exists(path)
}

/** What killed runs left; a run that is still alive keeps its folder. */
async function clearLeft(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PREFIX) || isAlive(Number.parseInt(name.slice(PREFIX.length), 10))) continue
    await rm(join(parent, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) !== 'ESRCH'
  }
}

function exists(path: string): BundleFileError {
  return new BundleFileError(
    'BUNDLE_EXISTS',
    `"${path}" is there already. A bundle is never replaced: choose another name, such as the next hand-over number.`,
  )
}
