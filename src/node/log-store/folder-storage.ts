import { stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseBatch } from './batch.ts'
import { OWNER_ONLY, readIfThere, replaceFile } from './durable-file.ts'
import { FolderWriter } from './folder-writer.ts'
import { formatHalt } from './halt.ts'
import type { LogLayout } from './layout.ts'
import { Openings } from './openings.ts'
import { readPending } from './pending.ts'
import { servedFolder } from './served-folder.ts'
import { readSigned } from './signed.ts'
import type { LogStorage, StorageFault } from './storage.ts'
import { findCommitments } from './tile-files.ts'

const READ_BY_OTHERS = 0o077

/** A log in a folder. Nothing of it is open while nobody holds its lock. */
export function folderStorage(layout: LogLayout, origin: string): LogStorage {
  const { read, listPublic } = servedFolder(layout.served)
  const readText = async (path: string): Promise<string | null> =>
    (await readIfThere(path))?.toString('utf8') ?? null
  return {
    read,
    listPublic,
    openings: new Openings(layout.openings),
    find: (commitments, size) => findCommitments(read, size, commitments),
    readSigned: async () => (await readSigned(layout.signed, origin)).lines,
    readPending: async () => (await readPending(layout.pending, origin)).lines,
    readBatch: async () => {
      const bytes = await readIfThere(layout.batch)
      return bytes === null ? null : parseBatch(bytes)
    },
    readNote: () => readText(layout.note),
    readRotation: () => readText(layout.rotation),
    readHalt: async () => {
      const text = await readText(layout.halted)
      return text === null ? null : { text, where: `delete ${layout.halted}` }
    },
    halt: (halt) => replaceFile(layout.halted, formatHalt(halt), OWNER_ONLY),
    check: () => exposedOpenings(layout),
    lock: (waitMs) => FolderWriter.open(layout, origin, waitMs),
    close: () => Promise.resolve(),
  }
}

async function exposedOpenings(layout: LogLayout): Promise<StorageFault[]> {
  const faults: StorageFault[] = []
  for (const id of await new Openings(layout.openings).list()) {
    const path = join(layout.openings, `${id}.json`)
    if (((await stat(path)).mode & READ_BY_OTHERS) === 0) continue
    const where = relative(layout.folder, path)
    faults.push({ code: 'KEY_EXPOSED', where, what: 'others on this machine may read it' })
  }
  return faults
}
