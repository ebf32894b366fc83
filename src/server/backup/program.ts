import { createReadStream } from 'node:fs'
import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { BackupOptions, BackupOutcome, RestoreOptions } from '#contract/program.ts'
import { parseIdentity } from '#lib/seal/index.ts'
import { type Database, openDatabase } from '#node/db/index.ts'
import { isMissing } from '#node/is-missing.ts'
import { createLogTables } from '#node/log-store/index.ts'
import {
  type BlobSettings,
  type BlobStore,
  type OpenedBlobStore,
  openBlobStore,
} from '../blob-store/index.ts'
import { readConfig, type ServerConfig } from '../config.ts'
import { migrate } from '../schema/migrate.ts'
import { MIGRATIONS } from '../schema/migrations/index.ts'
import type { Tables } from '../schema/tables.ts'
import { BackupError } from './errors.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

/**
 * Writes everything a server keeps to a new file, sealed to the recovery recipient, whether or not the server runs. The file
 * is there whole and durable, or not at all. Throws `BackupError` BACKUP_TARGET, `DatabaseError`, `SealError`.
 */
export async function backup(options: BackupOptions): Promise<BackupOutcome> {
  const config = readConfig(options)
  await assertThere(config.dataDirectory)
  const blobs = await openBlobStore(config)
  const database = await openDatabase<Tables>(shared(config)).catch((error: unknown) => {
    blobs.close()
    throw error
  })
  const aside = `${options.out}.partial`
  try {
    const client = await database.connection()
    const file = await open(aside, 'wx', 0o600).catch((cause: unknown) => {
      throw new BackupError(
        'BACKUP_TARGET',
        `${aside} is there already, or cannot be made. Nothing was changed.`,
        { cause },
      )
    })
    let bytes = 0
    try {
      const source = {
        client,
        blobs: blobs.store,
        files: await smallFiles(config.dataDirectory),
        now: new Date(),
      }
      const told = ({ blobsDone, blobsTotal }: { blobsDone: number; blobsTotal: number }) =>
        options.onProgress?.(blobsDone, blobsTotal)
      for await (const piece of writeBackup(source, [options.to], told)) {
        options.signal.throwIfAborted()
        await file.write(piece)
        bytes += piece.length
      }
      await file.sync()
    } finally {
      await file.close()
      await client.end()
    }
    await putInPlace(aside, options.out)
    return { bytes }
  } catch (error) {
    if (!(error instanceof BackupError && error.code === 'BACKUP_TARGET')) await rm(aside, { force: true })
    throw error
  } finally {
    await database.close()
    blobs.close()
  }
}

/**
 * Puts a backup back into a data directory that is not there yet or empty, and checks all of it. The folder gets its name
 * when everything is in it. Throws `BackupError` RESTORE_NOT_EMPTY, BACKUP_DAMAGED, BACKUP_NEWER, `SealError`.
 */
export async function restore(options: RestoreOptions): Promise<BackupOutcome> {
  const config = readConfig(options)
  const { dataDirectory } = config
  await assertEmpty(dataDirectory)
  const identity = await parseIdentity(
    (await readFile(options.identityFile, 'utf8')).trim().split('\n').at(-1) ?? '',
  )
  const partial = `${dataDirectory}.restoring`
  await assertEmpty(partial)
  await mkdir(partial, { recursive: true, mode: 0o700 })
  const blobs = await emptyStore({ ...config, dataDirectory: partial }).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true })
    throw error
  })
  try {
    const target = 'url' in config.database ? config.database : { directory: partial }
    const database = await openDatabase<Tables>(target)
    let bytes = 0
    try {
      await putBack(
        database,
        partial,
        async function* () {
          for await (const piece of createReadStream(options.file)) {
            options.signal.throwIfAborted()
            bytes += piece.length
            options.onProgress?.(bytes, options.fileBytes)
            yield piece
          }
        },
        identity,
        blobs.store,
      )
    } finally {
      await database.close()
    }
    await rm(dataDirectory, { recursive: true, force: true })
    await rename(partial, dataDirectory)
    return { bytes }
  } catch (error) {
    await blobs
      .clear()
      .then(blobs.disown)
      .catch(() => undefined)
    await rm(partial, { recursive: true, force: true })
    throw error
  } finally {
    blobs.close()
  }
}

/** Sealed files of two organisations, or of two times, must not lie in one bucket. */
async function emptyStore(settings: BlobSettings): Promise<OpenedBlobStore> {
  const blobs = await openBlobStore(settings)
  if (await blobs.isEmpty()) return blobs
  await blobs.disown()
  blobs.close()
  throw new BackupError(
    'RESTORE_NOT_EMPTY',
    'There are sealed files in this bucket already. Nothing was changed. Name an empty one.',
  )
}

async function putBack(
  database: Database<Tables>,
  directory: string,
  source: () => AsyncIterable<Uint8Array>,
  identity: Awaited<ReturnType<typeof parseIdentity>>,
  blobs: BlobStore,
): Promise<void> {
  const client = await database.connection()
  try {
    await restoreBackup(source(), identity, {
      client,
      migrate: async (steps) => {
        const known = MIGRATIONS.filter(({ id }) => steps.includes(id))
        if (known.length < steps.length) {
          throw new BackupError(
            'BACKUP_NEWER',
            'This backup was made by a newer Saksi. Nothing was put back. Install that Saksi and try again.',
          )
        }
        await migrate(database.kysely, known)
        await database.kysely.transaction().execute((tx) => createLogTables(tx))
      },
      blobs,
      filesDirectory: directory,
    })
  } finally {
    await client.end()
  }
  await migrate(database.kysely, MIGRATIONS)
}

function shared({ database }: ServerConfig): Parameters<typeof openDatabase>[0] {
  return 'url' in database ? database : { ...database, isShared: true }
}

async function smallFiles(directory: string): Promise<{ name: string; path: string }[]> {
  const found: { name: string; path: string }[] = []
  for (const top of ['keys', 'log', 'setup.json']) {
    for (const path of await filesBelow(join(directory, top)))
      found.push({ name: relative(directory, path), path })
  }
  return found.filter(({ name }) => !name.endsWith('lock'))
}

async function filesBelow(path: string): Promise<string[]> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return []
  if (found.isFile()) return [path]
  if (!found.isDirectory()) return []
  const names = await readdir(path)
  return (await Promise.all(names.sort().map((name) => filesBelow(join(path, name))))).flat()
}

async function assertThere(path: string): Promise<void> {
  if ((await lstat(path).catch(() => null))?.isDirectory()) return
  throw new BackupError('BACKUP_TARGET', `There is no data directory at ${path}. Name it with --data.`)
}

async function assertEmpty(path: string): Promise<void> {
  const names = await readdir(path).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  if (names.length === 0) return
  throw new BackupError(
    'RESTORE_NOT_EMPTY',
    `There is something in ${path} already. Nothing was changed. Name another folder with --data.`,
  )
}

async function putInPlace(aside: string, path: string): Promise<void> {
  await rename(aside, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
