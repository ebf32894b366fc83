import { acquireLock, type Lock, LockError } from '#node/lock/index.ts'
import { BankError } from './errors.ts'

/** Takes the lock of the bank at `path`, waiting up to `waitMs`. Throws `BankError` BANK_LOCKED, BANK_WRITE_FAILED. */
export async function lockBank(path: string, waitMs: number): Promise<Lock> {
  const lockPath = `${path}.lock`
  try {
    return await acquireLock(lockPath, waitMs)
  } catch (cause) {
    if (!(cause instanceof LockError)) throw cause
    if (cause.code === 'LOCK_TAKEN') {
      throw new BankError(
        'BANK_LOCKED',
        `Another program is writing to this bank. Nothing was changed. Try again in a moment. If none is running on any machine that shares this folder, delete ${lockPath}.`,
        { cause },
      )
    }
    throw new BankError(
      'BANK_WRITE_FAILED',
      'The folder of the bank cannot be written to. Nothing was changed.',
      { cause },
    )
  }
}
