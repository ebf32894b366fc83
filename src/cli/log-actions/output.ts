import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { OWNER_ONLY, syncFolder } from '#node/log-store/durable-file.ts'
import { LogStoreError, writeFailed } from '#node/log-store/errors.ts'

/** Writes a new file that only its owner may read. Throws `LOG_OUTPUT_EXISTS` rather than replace one. */
export async function writeOutput(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', OWNER_ONLY)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await syncFolder(dirname(path))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      throw new LogStoreError(
        'LOG_OUTPUT_EXISTS',
        `${path} is there already and was left as it is. Choose another name.`,
        {
          cause,
        },
      )
    }
    throw writeFailed(cause)
  }
}
