import { type FileHandle, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isMissing } from '#node/is-missing.ts'
import { Bank } from './bank.ts'
import { lockBank } from './bank-lock.ts'
import { eraseWithdrawn, isStillAt } from './erase.ts'
import { BankError, damaged, writeFailed } from './errors.ts'
import { clearUnfinished, OWNER_ONLY, openOrCreate } from './new-file.ts'
import { openBankFile } from './read-bank.ts'
import { type ReadForWriting, readForWriting } from './read-for-writing.ts'

const DEFAULT_LOCK_WAIT_MS = 5_000

export interface OpenOptions {
  /** Make the bank when there is none. */
  readonly create?: boolean
  /** Open it although lines are damaged, so that an entry can still be withdrawn. */
  readonly allowDamaged?: boolean
  /** How long to wait for another writer. 5 seconds unless told. */
  readonly lockWaitMs?: number
  readonly now?: () => Date
}

/**
 * Opens a bank for writing and holds its lock until `close`. Throws `BankError`: BANK_NOT_FOUND, BANK_LOCKED,
 * BANK_DAMAGED, BANK_NOT_A_BANK, BANK_TOO_NEW, BANK_UNREADABLE, BANK_WRITE_FAILED.
 */
export async function openBank(path: string, options: OpenOptions = {}): Promise<Bank> {
  const realPath = await resolveLinks(path)
  const lock = await lockBank(realPath, options.lockWaitMs ?? DEFAULT_LOCK_WAIT_MS)
  let file: FileHandle | undefined
  try {
    const now = options.now ?? (() => new Date())
    await clearUnfinished(realPath)
    file = options.create === true ? await openOrCreate(realPath, now()) : await openBankFile(realPath, 'r+')
    await file.chmod(OWNER_ONLY)
    let read = await readForWriting(file)
    if (read.scan.faults.length > 0 && options.allowDamaged !== true) throw damaged(read.scan.faults)
    if (read.isErasureDue) {
      // A writer was killed after a withdrawal, or it had no room. Where there is none still, the bank opens all the same.
      const former: FileHandle = file
      const erased = await erase(realPath, former, read).catch(async (error: unknown) => {
        if (await isStillAt(realPath, former)) return null
        throw error
      })
      if (erased) {
        file = erased
        await former.close()
        read = await readForWriting(file)
      }
    }
    return new Bank({ path: realPath, file, lock, ...read, now })
  } catch (error) {
    await file?.close()
    await lock.release()
    throw error instanceof BankError ? error : writeFailed(error)
  }
}

/** The bank without what was withdrawn, open for writing. The former file stays open. */
async function erase(path: string, file: FileHandle, { scan, entries }: ReadForWriting): Promise<FileHandle> {
  if (scan.createdAt === null) throw new Error('the first line is damaged')
  await eraseWithdrawn(path, file, scan.createdAt, (entry) => entries.get(entry) === 'withdrawn')
  return openBankFile(path, 'r+')
}

/** One bank, one lock, whichever link leads to it. */
async function resolveLinks(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (!isMissing(error))
      throw new BankError('BANK_UNREADABLE', 'The bank file cannot be opened.', { cause: error })
  }
  try {
    return join(await realpath(dirname(path)), basename(path))
  } catch (error) {
    throw new BankError('BANK_NOT_FOUND', 'The folder of the bank file does not exist.', { cause: error })
  }
}
