import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from '../is-missing.ts'
import { readIfThere } from './durable-file.ts'
import { LogStoreError } from './errors.ts'
import type { ServedLog } from './verify-log.ts'

/** What lies in a folder that is laid out as a log is served: that of a log, or a copy of it. */
export function servedFolder(folder: string): ServedLog {
  return {
    read: (path) => readIfThere(join(folder, path)),
    listPublic: () => namesIn(join(folder, 'public')),
  }
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (isMissing(error)) return []
    throw new LogStoreError('LOG_UNREADABLE', `${path} cannot be read.`, { cause: error })
  }
}
