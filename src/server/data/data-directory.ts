import { lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { acquireLock, type Lock, LockError } from '#node/lock/index.ts'
import { ServerError } from '../errors.ts'
import { readPrivate, writePrivate } from './private-file.ts'

const LOCK_WAIT_MS = 1_500

/** The folder of a server: what is in it, and the lock that keeps a second server out. */
export interface DataDirectory {
  readonly path: string
  readonly blobs: string
  /** 32 bytes from which the server knows its own nonces, puzzles and uploads again. */
  readonly secret: Uint8Array
  /** Keys and settings of the custody log. */
  readonly log: string
  release(): Promise<void>
}

/**
 * Opens the data directory of a server and takes its lock. What is missing is made, so that a first start that was cut
 * short anywhere is simply done again. Throws `ServerError` SERVER_ALREADY_RUNNING, SERVER_DATA.
 */
export async function openDataDirectory(
  path: string,
  random: (bytes: number) => Uint8Array,
): Promise<DataDirectory> {
  await makeFolders(path)
  const lock = await lockDirectory(path)
  try {
    return {
      path,
      blobs: join(path, 'blobs'),
      log: join(path, 'log'),
      secret: await secretIn(join(path, 'keys', 'server.secret'), random),
      release: () => lock.release(),
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const found = await lstat(path)
    if (!found.isDirectory() || found.uid !== process.geteuid?.()) {
      throw new ServerError('SERVER_DATA', `${path} is no folder of this user. Nothing was changed.`)
    }
    await mkdir(join(path, 'keys'), { recursive: true, mode: 0o700 })
  } catch (cause) {
    if (cause instanceof ServerError) throw cause
    throw new ServerError(
      'SERVER_DATA',
      `${path} cannot be made or written to. Choose another with --data.`,
      {
        cause,
      },
    )
  }
}

async function lockDirectory(path: string): Promise<Lock> {
  try {
    return await acquireLock(join(path, 'server.lock'), LOCK_WAIT_MS)
  } catch (cause) {
    if (!(cause instanceof LockError)) throw cause
    if (cause.code === 'LOCK_TAKEN') {
      throw new ServerError(
        'SERVER_ALREADY_RUNNING',
        `Another server is running on ${path}. Nothing was changed. Stop it first, or use another data directory.`,
        { cause },
      )
    }
    throw new ServerError('SERVER_DATA', `${path} cannot be written to.`, { cause })
  }
}

/** 32 bytes that are made once. */
async function secretIn(path: string, random: (bytes: number) => Uint8Array): Promise<Uint8Array> {
  const text = await readPrivate(path)
  if (text === null) {
    const made = random(32)
    await writePrivate(path, `${Buffer.from(made).toString('hex')}\n`)
    return made
  }
  const secret = Buffer.from(text.trim(), 'hex')
  if (secret.length !== 32) {
    throw new ServerError('SERVER_DATA', `${path} is damaged. Put it back from a backup of the keys.`)
  }
  return new Uint8Array(secret)
}
