import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BankError } from './errors.ts'
import { openBankFile } from './read-bank.ts'
import { encodeHeader } from './record.ts'

export const OWNER_ONLY = 0o600
const LINE_FEED = 10
const CHUNK_BYTES = 1024 * 1024

// A bank appears or changes its version under another name and is renamed when it is whole: nobody ever sees one without
// its first line, and a kill leaves the former one. The caller holds the lock, so the other name is ours, too.
const unfinishedName = (path: string): string => `${path}.new`

/** The bank at `path`, made empty when there is none. */
export async function openOrCreate(path: string, now: Date): Promise<FileHandle> {
  try {
    return await openBankFile(path, 'r+')
  } catch (error) {
    if (!(error instanceof BankError) || error.code !== 'BANK_NOT_FOUND') throw error
  }
  await replaceBank(path, (file) => writeAll(file, encodeHeader(now.toISOString()), 0))
  return openBankFile(path, 'r+')
}

/**
 * Puts the bank that `file` is open on, up to `endOffset`, under the header of our version: one of a former version has a
 * header of the same length. Gives the new file; the former stays open.
 */
export async function raiseVersion(
  path: string,
  file: FileHandle,
  endOffset: number,
  createdAt: string,
): Promise<FileHandle> {
  const header = encodeHeader(createdAt)
  const { buffer: ending } = await file.read(Buffer.alloc(1), 0, 1, header.length - 1)
  if (ending[0] !== LINE_FEED) throw new Error('the first line has another length')
  await replaceBank(path, async (copy) => {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    for (let done = 0; done < endOffset; ) {
      const { bytesRead } = await file.read(chunk, 0, Math.min(CHUNK_BYTES, endOffset - done), done)
      if (bytesRead === 0) throw new Error('the file has become shorter')
      await writeAll(copy, chunk.subarray(0, bytesRead), done)
      done += bytesRead
    }
    await writeAll(copy, header, 0)
  })
  return openBankFile(path, 'r+')
}

/** What a killed writer may have left under the other name: it was never acknowledged. */
export async function clearUnfinished(path: string): Promise<void> {
  await rm(unfinishedName(path), { force: true })
}

/**
 * Puts a bank in the place of the one at `path`, or where there is none, in one step and on the disk. When it throws, the
 * former is there as it was, unless only the sync of the folder failed.
 */
export async function replaceBank(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  // Removed and made anew, so that a link somebody left under that name is not written through.
  await clearUnfinished(path)
  const file = await open(unfinishedName(path), 'wx', OWNER_ONLY)
  try {
    await write(file)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinishedName(path), path)
  await syncFolder(dirname(path))
}

export async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

/** Makes a new name in a folder survive a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
