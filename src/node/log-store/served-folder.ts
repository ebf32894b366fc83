import { join } from 'node:path'
import { namesIn, readIfThere } from './durable-file.ts'
import type { ServedLog } from './verify-log.ts'

/** What lies in a folder that is laid out as a log is served: that of a log, or a copy of it. */
export function servedFolder(folder: string): ServedLog {
  return {
    read: (path) => readIfThere(join(folder, path)),
    listPublic: () => namesIn(join(folder, 'public')),
  }
}
