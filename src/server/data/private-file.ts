import { randomBytes } from 'node:crypto'
import { open, readFile, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isMissing } from '#node/is-missing.ts'
import { ServerError } from '../errors.ts'

const OTHERS = 0o077

/** Writes a file that only this user may read: whole and durable, or as it was before. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomBytes(8).toString('hex')}`
  const file = await open(aside, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(aside, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** The text of such a file, or null when there is none. Throws `SERVER_DATA` when others may read it too. */
export async function readPrivate(path: string): Promise<string | null> {
  try {
    const { mode } = await stat(path)
    if ((mode & OTHERS) !== 0) {
      throw new ServerError(
        'SERVER_DATA',
        `${path} can be read by others, so it may not be secret any more. Close it (chmod 600) and find out who read it.`,
      )
    }
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return null
    if (error instanceof ServerError) throw error
    throw new ServerError('SERVER_DATA', `${path} cannot be read.`, { cause: error })
  }
}
