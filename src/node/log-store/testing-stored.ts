import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withStorage } from './open-storage.ts'
import { testFolder } from './testing.ts'
import type { StorageKind, TestServer } from './testing-storage.ts'

// What whoever has the disk, or administers the database, can do to a log behind its back.

const addressFile = (folder: string): string => join(folder, 'keys', 'database')

async function databaseOf(
  kind: StorageKind,
  folder: string,
): Promise<{ server: TestServer; address: string } | null> {
  const server = await kind.server()
  return server === null ? null : { server, address: readFileSync(addressFile(folder), 'utf8').trim() }
}

/** A tile, bundle or opening as it is served. */
export async function readServed(folder: string, path: string): Promise<Buffer> {
  const bytes = await withStorage(folder, ({ storage }) => storage.read(path))
  if (bytes === null) throw new Error(`${path} is not there`)
  return Buffer.from(bytes)
}

/** Puts other bytes in its place; null takes it away. */
export async function alterServed(
  kind: StorageKind,
  folder: string,
  path: string,
  bytes: Buffer | null,
): Promise<void> {
  const database = await databaseOf(kind, folder)
  if (database === null) {
    const file = join(folder, 'served', path)
    if (bytes === null) rmSync(file)
    else writeFileSync(file, bytes)
    return
  }
  const insert =
    bytes === null ? '' : `insert into custody_resource values ('${path}', '\\x${bytes.toString('hex')}');`
  await database.server.asAdmin(
    database.address,
    `alter table custody_resource disable trigger all; delete from custody_resource where path = '${path}'; ${insert}
     alter table custody_resource enable trigger all`,
  )
}

/** Turns one bit. */
export async function flipServed(kind: StorageKind, folder: string, path: string, at: number): Promise<void> {
  const bytes = await readServed(folder, path)
  bytes.writeUInt8((bytes[at] ?? 0) ^ 1, at)
  await alterServed(kind, folder, path, bytes)
}

/** Paths of everything that is served but the checkpoint and the policy, which are replaced. */
export async function servedPaths(kind: StorageKind, folder: string): Promise<string[]> {
  const database = await databaseOf(kind, folder)
  if (database === null) {
    const served = join(folder, 'served')
    return readdirSync(served, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(served.length + 1))
      .filter((path) => path !== 'checkpoint' && path !== 'policy')
  }
  const rows = await database.server.asAdmin(database.address, 'select path from custody_resource')
  return rows.map((row) => String(Object(row)['path']))
}

/** A copy of all that is served now, as files in a new folder. */
export async function mirrorOf(kind: StorageKind, folder: string): Promise<string> {
  const mirror = join(testFolder(), 'mirror')
  for (const path of ['checkpoint', 'policy', ...(await servedPaths(kind, folder))]) {
    mkdirSync(dirname(join(mirror, path)), { recursive: true })
    writeFileSync(join(mirror, path), await readServed(folder, path))
  }
  return mirror
}

/** A copy of a whole log, keys and all, in a new folder, and in a new database. */
export async function copyOf(kind: StorageKind, folder: string): Promise<string> {
  const copy = join(testFolder(), 'copy')
  cpSync(folder, copy, { recursive: true })
  const database = await databaseOf(kind, folder)
  if (database !== null) {
    writeFileSync(addressFile(copy), await database.server.copyDatabase(database.address))
  }
  return copy
}

/** Puts a copy in the place of the log. */
export function putBack(copy: string, folder: string): void {
  if (existsSync(folder)) rmSync(folder, { recursive: true })
  cpSync(copy, folder, { recursive: true })
}
