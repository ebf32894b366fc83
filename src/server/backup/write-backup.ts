import { createHash, type Hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { type Pack, pack } from 'tar-stream'
import { sealStream } from '#lib/seal/index.ts'
import type { BlobStore } from '../blob-store/index.ts'
import { quoted, readTables } from './catalogue.ts'
import {
  type BackupHeader,
  type BackupManifest,
  HEADER_NAME,
  MANIFEST_NAME,
  PART_BYTES,
  tablePartName,
} from './format.ts'

export interface BackupSource {
  /** A connection of its own, not used for anything else meanwhile. */
  readonly client: pg.ClientBase
  readonly blobs: BlobStore
  /** Small files beside the database, keys above all. */
  readonly files: readonly { readonly name: string; readonly path: string }[]
  readonly now: Date
}

export interface BackupProgress {
  readonly blobsDone: number
  readonly blobsTotal: number
}

/**
 * Everything the server keeps, as one age file for `recipients`, while the server goes on: the tables are those of one
 * moment. Sealed files that are erased meanwhile are left out and counted. Never holds more than a few MiB.
 */
export async function* writeBackup(
  source: BackupSource,
  recipients: readonly string[],
  onProgress: (progress: BackupProgress) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const archive = pack()
  const writing = new Writing(archive)
  const written = fill(source, writing, onProgress).then(
    () => archive.finalize(),
    (error: Error) => archive.destroy(error),
  )
  try {
    yield* sealStream(archive as AsyncIterable<Uint8Array>, recipients)
  } finally {
    // A reader that leaves early must not leave the snapshot open.
    archive.destroy()
    await written
  }
}

/** The archive so far. */
class Writing {
  readonly #archive: Pack
  readonly #digests: Hash = createHash('sha256')
  members = 0

  constructor(archive: Pack) {
    this.#archive = archive
  }

  /** Resolves when whoever reads has taken it. */
  async add(name: string, bytes: Uint8Array): Promise<void> {
    this.members++
    this.#digests.update(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`)
    await this.addUncounted(name, bytes)
  }

  addUncounted(name: string, bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error('The reader of the backup has gone.'))
      this.#archive.once('close', fail)
      this.#archive.entry({ name, mtime: new Date(0), mode: 0o600 }, Buffer.from(bytes), (error) => {
        this.#archive.off('close', fail)
        if (error) reject(error)
        else resolve()
      })
    })
  }

  digest(): string {
    return this.#digests.digest('hex')
  }
}

async function fill(
  source: BackupSource,
  writing: Writing,
  onProgress: (progress: BackupProgress) => void,
): Promise<void> {
  const { client } = source
  await client.query('begin transaction isolation level repeatable read, read only')
  try {
    const header = await makeHeader(source)
    await writing.add(HEADER_NAME, json(header))
    const rows: Record<string, number> = {}
    for (const table of header.tables) rows[table.name] = await addTable(client, writing, table)
    const blobs = await addBlobs(source, writing, onProgress)
    for (const { name, path } of source.files) await writing.add(`files/${name}`, await readFile(path))
    const manifest: BackupManifest = { members: writing.members, sha256: writing.digest(), rows, ...blobs }
    await writing.addUncounted(MANIFEST_NAME, json(manifest))
  } finally {
    await client.query('rollback')
  }
}

async function makeHeader({ client, now }: BackupSource): Promise<BackupHeader> {
  const { rows } = await client.query<{ id: string }>('select id from migrations order by id')
  const tables = (await readTables(client)).filter(({ name }) => name !== 'migrations')
  return {
    format: 'saksi-backup/1',
    day: now.toISOString().slice(0, 10),
    migrations: rows.map(({ id }) => id),
    tables,
  }
}

async function addTable(
  client: pg.ClientBase,
  writing: Writing,
  { name, columns }: BackupHeader['tables'][number],
): Promise<number> {
  const statement = `copy ${quoted(name)} (${columns.map(quoted).join(', ')}) to stdout`
  const rows = client.query(copyTo(statement))
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let part = 0
  const flush = async () => {
    if (waitingBytes === 0) return
    await writing.add(tablePartName(name, part++), Buffer.concat(waiting))
    waiting = []
    waitingBytes = 0
  }
  for await (const chunk of rows as AsyncIterable<Uint8Array>) {
    waiting.push(chunk)
    waitingBytes += chunk.length
    if (waitingBytes >= PART_BYTES) await flush()
  }
  await flush()
  return rows.rowCount
}

async function addBlobs(
  { client, blobs }: BackupSource,
  writing: Writing,
  onProgress: (progress: BackupProgress) => void,
): Promise<{ blobs: number; blobsGone: number }> {
  const { rows } = await client.query<{ key: string }>(
    'select storage_key as key from blob_chunks order by storage_key',
  )
  let blobsGone = 0
  for (const [index, { key }] of rows.entries()) {
    const bytes = await blobs.get(key)
    if (bytes === null) blobsGone++
    else await writing.add(`blobs/${key}`, bytes)
    onProgress({ blobsDone: index + 1, blobsTotal: rows.length })
  }
  return { blobs: rows.length - blobsGone, blobsGone }
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`)
