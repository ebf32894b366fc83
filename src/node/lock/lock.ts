import { randomBytes } from 'node:crypto'
import { open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod/mini'
import { isMissing } from '../is-missing.ts'
import { LockError } from './errors.ts'
import { mayBeAlive, thisProcess } from './process-identity.ts'

const POLL_MS = 20
// Between making a lock file and writing into it lies a moment in which its maker may be killed.
const EMPTY_LOCK_STALE_MS = 3_000

const RIGHT_SUFFIX = /^(\.([0-9a-f]{16}|empty-\d+-\d+))+$/

const holderSchema = z.object({
  pid: z.int().check(z.gte(1)),
  start: z.nullable(z.string()),
  host: z.string(),
  nonce: z.string().check(z.regex(/^[0-9a-f]{16}$/)),
})

/** A lock file found: `name` is different for every time it was ever taken. */
interface Holder {
  readonly name: string
  readonly isStale: boolean
}

export interface Lock {
  /** Gives the lock back. */
  release(): Promise<void>
}

/**
 * Takes the lock `path`: a file that exists while somebody holds it, made exclusively. Waits up to `waitMs` for another
 * holder; the lock of a process that is gone is taken over. Throws `LockError` LOCK_TAKEN, LOCK_WRITE_FAILED.
 */
export async function acquireLock(path: string, waitMs: number): Promise<Lock> {
  const deadlineMs = performance.now() + waitMs
  for (;;) {
    const nonce = await tryCreate(path)
    if (nonce !== null) {
      await removeDeadRights(path)
      return { release: () => removeIf(path, nonce) }
    }
    const holder = await readHolder(path)
    if (holder?.isStale) await removeStale(path, holder)
    else if (performance.now() >= deadlineMs) {
      throw new LockError('LOCK_TAKEN', `Another program holds ${path}.`)
    } else if (holder) await sleep(POLL_MS)
  }
}

/**
 * Removes the lock of a dead holder. Two processes may find it at the same time, and the slower must not remove the lock
 * that the faster has made meanwhile. So the right to remove this very lock, known by its nonce, is itself a lock that
 * only one can take; whoever has it looks again before removing. If its owner dies too, its right is removed alike.
 */
export async function removeStale(path: string, holder: Holder): Promise<void> {
  const right = `${path}.${holder.name}`
  const nonce = await tryCreate(right)
  if (nonce === null) {
    const other = await readHolder(right)
    if (other?.isStale) await removeStale(right, other)
    else if (other) await sleep(POLL_MS)
    return
  }
  try {
    await removeIf(path, holder.name)
  } finally {
    await removeIf(right, nonce)
  }
}

/**
 * Clears away rights whose owners died after they had used them. The locks they were for are gone for good (the lock is
 * ours, and nonces do not come back), so that nobody can do harm with them any more.
 */
async function removeDeadRights(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(basename(path)) || !RIGHT_SUFFIX.test(name.slice(basename(path).length))) continue
    const right = join(dirname(path), name)
    const owner = await readHolder(right)
    if (owner?.isStale) await removeIf(right, owner.name)
  }
}

/** Makes the lock file and returns its nonce, or null when it exists. */
async function tryCreate(path: string): Promise<string | null> {
  const nonce = randomBytes(8).toString('hex')
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(JSON.stringify({ ...thisProcess(), nonce }))
    } finally {
      await file.close()
    }
    return nonce
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null
    throw new LockError('LOCK_WRITE_FAILED', `${path} cannot be made.`, { cause: error })
  }
}

async function removeIf(path: string, name: string): Promise<void> {
  if ((await readHolder(path))?.name === name) await rm(path, { force: true })
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    const parsed = holderSchema.safeParse(parseJson(await readFile(path, 'utf8')))
    if (parsed.success) return { name: parsed.data.nonce, isStale: !mayBeAlive(parsed.data) }
    const { ino, mtimeMs } = await stat(path)
    return {
      name: `empty-${ino}-${Math.round(mtimeMs)}`,
      isStale: Date.now() - mtimeMs > EMPTY_LOCK_STALE_MS,
    }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
