import { readFile } from 'node:fs/promises'
import { acquireLock, LockError } from '../lock/index.ts'
import { LogStoreError } from './errors.ts'

/** The right to write to a log. */
export interface LogLock {
  /** Throws `LOG_LOCK_LOST` unless the lock is still the one that was taken. To be asked right before signing. */
  assertHeld(): Promise<void>
  release(): Promise<void>
}

/** Takes the lock at `path`, waiting up to `waitMs` for another writer. Throws `LOG_LOCKED`, `LOG_WRITE_FAILED`. */
export async function lockLog(path: string, waitMs: number): Promise<LogLock> {
  const lock = await acquire(path, waitMs)
  const mine = await readFile(path, 'latin1')
  return {
    assertHeld: async () => {
      const current = await readFile(path, 'latin1').catch(() => null)
      if (current === mine) return
      throw new LogStoreError(
        'LOG_LOCK_LOST',
        'The lock of this log was taken away while it was being written to. Nothing was signed. Find out which other program writes to it; only one may.',
      )
    },
    release: () => lock.release(),
  }
}

async function acquire(path: string, waitMs: number): Promise<{ release(): Promise<void> }> {
  try {
    return await acquireLock(path, waitMs)
  } catch (cause) {
    if (cause instanceof LockError && cause.code === 'LOCK_TAKEN') {
      throw new LogStoreError(
        'LOG_LOCKED',
        `Another program is writing to this log. Nothing was changed. Try again in a moment. If none is running on any machine that shares this folder, delete ${path}.`,
        { cause },
      )
    }
    throw new LogStoreError(
      'LOG_WRITE_FAILED',
      'The folder of the log cannot be written to. Nothing was changed.',
      { cause },
    )
  }
}
