import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams'
import type { AgeIdentity, ByteSource } from '#lib/seal/index.ts'
import { type BlobStore, blobIdOf } from '../blob-store/index.ts'
import { continueNumbering, quoted, readTables } from './catalogue.ts'
import { BackupError, damaged } from './errors.ts'
import type { BackupHeader, BackupManifest } from './format.ts'
import { type BackupReader, readBackup } from './read-backup.ts'

export interface RestoreTarget {
  /** A connection of its own to a database with nothing in it. */
  readonly client: pg.ClientBase
  /** Brings the empty database to just these steps of the schema, over another connection. */
  migrate(steps: readonly string[]): Promise<void>
  /** Empty. */
  readonly blobs: BlobStore
  /** Where the small files are put; made with mode 0700. */
  readonly filesDirectory: string
}

/**
 * Puts a backup back and checks it: every member against the manifest, every sealed file against its digest, every table
 * against its number of rows. The database has all of it or nothing. When it throws, files may have been left: the caller
 * removes the folder. Throws `BackupError` RESTORE_NOT_EMPTY, BACKUP_DAMAGED, BACKUP_NEWER, and `SEAL_NOT_FOR_THIS_KEY`.
 */
export async function restoreBackup(
  source: ByteSource,
  identity: AgeIdentity,
  target: RestoreTarget,
): Promise<BackupManifest> {
  const { client } = target
  await assertEmpty(client)
  const restore = new Restore(target)
  try {
    const manifest = await readBackup(source, identity, restore)
    await restore.finish(manifest)
    await client.query('commit')
    return manifest
  } catch (error) {
    await restore.abandon()
    throw error
  }
}

async function assertEmpty(client: pg.ClientBase): Promise<void> {
  if ((await readTables(client)).length === 0) return
  throw new BackupError(
    'RESTORE_NOT_EMPTY',
    'There is something in this database already. Nothing was changed. Restore into an empty one.',
  )
}

class Restore implements BackupReader {
  readonly #target: RestoreTarget
  #tables: BackupHeader['tables'] = []
  #copying: { readonly table: string; readonly stream: CopyStreamQuery } | null = null
  readonly #rows = new Map<string, number>()
  #blobs = 0

  constructor(target: RestoreTarget) {
    this.#target = target
  }

  async header(header: BackupHeader): Promise<void> {
    await this.#target.migrate(header.migrations)
    const { client } = this.#target
    await client.query('begin')
    const known = new Map((await readTables(client)).map(({ name, columns }) => [name, columns]))
    for (const { name, columns } of header.tables) {
      const found = known.get(name)
      if (!found || columns.some((column) => !found.includes(column))) {
        throw damaged('its tables are not those of its version')
      }
    }
    this.#tables = header.tables
    // Rules about what may follow what were kept when the rows were written; here they come in another order.
    for (const { name } of header.tables)
      await client.query(`alter table ${quoted(name)} disable trigger user`)
  }

  async table(name: string, bytes: Uint8Array): Promise<void> {
    if (this.#copying?.table !== name) {
      await this.#endTable()
      const columns = this.#tables.find((table) => table.name === name)?.columns
      if (!columns || this.#rows.has(name)) throw damaged('its tables are not in order')
      const statement = `copy ${quoted(name)} (${columns.map(quoted).join(', ')}) from stdin`
      const stream = this.#target.client.query(copyFrom(statement))
      // Told where the next part is written, or the table ended.
      stream.on('error', () => undefined)
      this.#copying = { table: name, stream }
    }
    await write(this.#copying.stream, bytes)
  }

  async blob(key: string, bytes: Uint8Array): Promise<void> {
    await this.#endTable()
    const digest = /^([0-9a-f]{64})-[0-9a-f]{32}$/.exec(key)?.[1]
    if (!digest) throw damaged('it has a member that no backup has')
    await this.#target.blobs.put(blobIdOf(key), Buffer.from(bytes), Buffer.from(digest, 'hex'))
    if ((await this.#target.blobs.get(key)) === null) throw damaged('a sealed file in it is not what it was')
    this.#blobs++
  }

  async file(name: string, bytes: Uint8Array): Promise<void> {
    await this.#endTable()
    const path = join(this.#target.filesDirectory, name)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFile(path, bytes, { mode: 0o600, flag: 'wx', flush: true })
  }

  async finish(manifest: BackupManifest): Promise<void> {
    await this.#endTable()
    for (const { name } of this.#tables) {
      if ((this.#rows.get(name) ?? 0) !== (manifest.rows[name] ?? 0))
        throw damaged('rows of a table are missing')
    }
    if (this.#blobs !== manifest.blobs) throw damaged('sealed files are missing')
    for (const { name } of this.#tables) {
      await this.#target.client.query(`alter table ${quoted(name)} enable trigger user`)
    }
    await continueNumbering(this.#target.client, this.#tables)
  }

  /** A copy under way cannot be taken back, only broken off; the server then forgets the transaction. */
  async abandon(): Promise<void> {
    const { client } = this.#target
    this.#copying?.stream.destroy()
    await client.query('rollback').catch(() => undefined)
  }

  async #endTable(): Promise<void> {
    if (this.#copying === null) return
    const { table, stream } = this.#copying
    this.#copying = null
    try {
      stream.end()
      await finished(stream)
    } catch (error) {
      throw damaged('the rows of a table cannot be put back', error)
    }
    this.#rows.set(table, stream.rowCount)
  }
}

function write(stream: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => {
      if (error) reject(damaged('the rows of a table cannot be put back', error))
      else resolve()
    })
  })
}
