import { readIfThere } from './durable-file.ts'
import { damaged } from './errors.ts'
import { folderStorage } from './folder-storage.ts'
import type { LogLayout } from './layout.ts'
import { type LogDatabase, openOwnDatabase, postgresStorage } from './postgres/index.ts'
import { type LogSettings, readSettings } from './settings.ts'
import type { LogStorage } from './storage.ts'

/**
 * Where a log is: its folder. For one that lies in a database the folder has the keys and the settings, and the address,
 * unless the caller brings the open database along.
 */
export type LogPlace = string | { readonly folder: string; readonly database?: LogDatabase }

export interface OpenedStorage {
  readonly settings: LogSettings
  readonly layout: LogLayout
  readonly storage: LogStorage
}

/** Opens what a log keeps, for reading; `close` the storage afterwards. Throws `LOG_NOT_FOUND`, `LOG_DAMAGED`, `DATABASE_*`. */
export async function openStorage(place: LogPlace): Promise<OpenedStorage> {
  const { folder, database } = typeof place === 'string' ? { folder: place, database: undefined } : place
  const { settings, layout } = await readSettings(folder)
  if (settings.storage !== 'database') {
    return { settings, layout, storage: folderStorage(layout, settings.origin) }
  }
  if (database !== undefined) {
    const storage = await postgresStorage(database, settings.origin, () => Promise.resolve())
    return { settings, layout, storage }
  }
  const own = await openOwnDatabase(await addressOf(layout))
  try {
    return { settings, layout, storage: await postgresStorage(own.kysely, settings.origin, own.close) }
  } catch (error) {
    await own.close()
    throw error
  }
}

/** Opens the storage for as long as `work` takes. */
export async function withStorage<Value>(
  place: LogPlace,
  work: (opened: OpenedStorage) => Promise<Value>,
): Promise<Value> {
  const opened = await openStorage(place)
  try {
    return await work(opened)
  } finally {
    await opened.storage.close()
  }
}

/** Throws `LOG_DAMAGED` when the log's policy is gone. */
export async function readPolicy(place: LogPlace): Promise<string> {
  return withStorage(place, ({ storage }) => policyOf(storage))
}

/** The same for a storage that is open. */
export async function policyOf({ read }: Pick<LogStorage, 'read'>): Promise<string> {
  const bytes = await read('policy')
  if (bytes === null) throw damaged('policy', 'it is missing')
  return Buffer.from(bytes).toString('utf8')
}

async function addressOf(layout: LogLayout): Promise<string> {
  const bytes = await readIfThere(layout.databaseAddress)
  if (bytes === null) throw damaged('database', 'the address of its database is missing')
  return bytes.toString('utf8').trim()
}
