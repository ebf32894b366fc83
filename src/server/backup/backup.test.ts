import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AgeIdentity, collectBytes, hybridIdentityOf, sealBytes, systemRandom } from '#lib/seal/index.ts'
import { type Database, openDatabase } from '#node/db/index.ts'
import { makeTemporaryFolder, removeFolder, temporaryFolder } from '#node/testing/temporary-folder.ts'
import { DirectoryStore } from '../blob-store/index.ts'
import { migrate } from '../schema/migrate.ts'
import { MIGRATIONS } from '../schema/migrations/index.ts'
import type { Tables } from '../schema/tables.ts'
import { readTables } from './catalogue.ts'
import { restoreBackup, writeBackup } from './index.ts'

const WEEK = '2026-W48'
const CASES = 40
const BLOBS = 6
const NOW = new Date('2026-11-24T10:11:12Z')
const refused = (code: string) => expect.objectContaining({ code })

let folder: string
let database: Database<Tables>
let blobs: DirectoryStore
let recovery: AgeIdentity

beforeAll(async () => {
  folder = makeTemporaryFolder()
  database = await openDatabase<Tables>({ directory: folder })
  blobs = await DirectoryStore.open(join(folder, 'blobs'))
  recovery = await hybridIdentityOf(systemRandom(32))
  await migrate(database.kysely, MIGRATIONS)
  for (let n = 0; n < CASES; n++) await addCase()
  writeFileSync(join(folder, 'secret'), 'a secret of the server')
}, 120_000)

afterAll(async () => {
  await database.close()
  removeFolder(folder)
})

async function addCase(): Promise<Buffer> {
  const { kysely } = database
  const id = randomBytes(16)
  const row = { id, mailbox: randomBytes(16), auth_pk: randomBytes(32), created_week: WEEK, fmt: 1 }
  await kysely
    .insertInto('cases')
    .values({ ...row, expires_week: null, status: 'open', next_due_day: null })
    .execute()
  const item = {
    case_id: id,
    epoch: 1,
    size_class: 0,
    release_at_quarter: null,
    direction: 'in',
    fmt: 1,
  } as const
  await kysely
    .insertInto('items')
    .values([
      { ...item, id: randomBytes(16), body: randomBytes(200_000) },
      {
        ...item,
        id: randomBytes(16),
        body: Buffer.from('\\N\t\n\\.\n\0tabs, ends of line and what COPY takes for its end'),
      },
    ])
    .execute()
  await kysely
    .insertInto('jobs')
    .values({ kind: 'test', key: null, payload: JSON.stringify({ text: 'a\tb\\' }), due: NOW })
    .execute()
  return id
}

async function addBlob(caseId: Buffer): Promise<string> {
  const id = randomBytes(16)
  const bytes = randomBytes(300_000)
  const sha256 = createHash('sha256').update(bytes).digest()
  const storage_key = await blobs.put(id, bytes, sha256)
  const { kysely } = database
  const form = {
    case_id: caseId,
    chunks: 1,
    received: Buffer.of(1),
    size_class: 1,
    state: 'finished',
  } as const
  await kysely
    .insertInto('blobs')
    .values({ id, ...form, created_week: WEEK, fmt: 1 })
    .execute()
  await kysely.insertInto('blob_chunks').values({ blob_id: id, n: 0, sha256, storage_key }).execute()
  return storage_key
}

/** Every row of every table, in an order of its own. */
async function contents(client: pg.ClientBase): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {}
  for (const { name } of await readTables(client)) {
    const { rows } = await client.query<{ text: string }>(`select t::text as text from ${name} t order by 1`)
    all[name] = rows.map(({ text }) => text)
  }
  return all
}

async function backup(withClient?: (client: pg.ClientBase) => Promise<void>): Promise<Uint8Array> {
  const client = await database.connection()
  try {
    await withClient?.(client)
    const files = [{ name: 'keys/server.secret', path: join(folder, 'secret') }]
    return await collectBytes(writeBackup({ client, blobs, files, now: NOW }, [recovery.recipient]))
  } finally {
    await client.end()
  }
}

async function restored<Result>(
  bytes: Uint8Array,
  look: (client: pg.ClientBase, store: DirectoryStore, files: string) => Promise<Result>,
  identity = recovery,
): Promise<Result> {
  const into = temporaryFolder()
  const target = await openDatabase<Tables>({ directory: into })
  const client = await target.connection()
  try {
    const store = await DirectoryStore.open(join(into, 'blobs'))
    const filesDirectory = join(into, 'files')
    await restoreBackup([bytes], identity, {
      client,
      blobs: store,
      filesDirectory,
      migrate: async (steps) =>
        void (await migrate(
          target.kysely,
          MIGRATIONS.filter(({ id }) => steps.includes(id)),
        )),
    })
    return await look(client, store, filesDirectory)
  } finally {
    await client.end()
    await target.close()
  }
}

it('puts everything back into an empty database: rows, sealed files, small files, numbering', async () => {
  const caseId = await addCase()
  const keys: string[] = []
  for (let n = 0; n < BLOBS; n++) keys.push(await addBlob(caseId))
  const client = await database.connection()
  const before = await contents(client)
  await client.end()
  expect(before['items']).toHaveLength(2 * (CASES + 1))
  const bytes = await backup()
  await restored(bytes, async (other, store, files) => {
    expect(await contents(other)).toEqual(before)
    for (const key of keys) expect(await store.get(key)).toEqual(await blobs.get(key))
    expect(readFileSync(join(files, 'keys', 'server.secret'), 'utf8')).toBe('a secret of the server')
    expect(statSync(join(files, 'keys', 'server.secret')).mode & 0o077).toBe(0)
    const { rows } = await other.query(
      "insert into jobs (kind, payload, due) values ('after', '{}', now()) returning id::int",
    )
    expect(rows[0].id).toBe(before['jobs']?.length === undefined ? -1 : before['jobs'].length + 1)
  })
}, 120_000)

it('is of one moment, and counts sealed files that were erased meanwhile', async () => {
  const key = await addBlob(await addCase())
  const client = await database.connection()
  const before = await contents(client)
  await client.end()
  const writer = await database.connection()
  const pieces: Uint8Array[] = []
  let isChanged = false
  const stream = writeBackup({ client: writer, blobs, files: [], now: NOW }, [recovery.recipient])
  for await (const piece of stream) {
    pieces.push(piece)
    if (isChanged || pieces.length < 10) continue
    isChanged = true
    await addCase()
    await blobs.remove(key)
  }
  await writer.end()
  expect(isChanged).toBe(true)
  await restored(await collectBytes(pieces), async (other, store) => {
    expect(await contents(other)).toEqual(before)
    expect(await store.get(key)).toBeNull()
  })
}, 120_000)

it('is for the recovery key alone, and says nothing in the clear', async () => {
  const bytes = await backup()
  const stranger = await hybridIdentityOf(systemRandom(32))
  await expect(restored(bytes, async () => null, stranger)).rejects.toEqual(refused('SEAL_NOT_FOR_THIS_KEY'))
  const text = Buffer.from(bytes).toString('latin1')
  for (const word of ['saksi-backup', 'cases', WEEK, 'secret of the server']) expect(text).not.toContain(word)
}, 120_000)

it('refuses what was changed, cut or made of something else, and leaves the database empty', async () => {
  const bytes = await backup()
  const changed = bytes.slice()
  changed[bytes.length >> 1] = (changed[bytes.length >> 1] ?? 0) ^ 1
  const other = await sealBytes(Buffer.from('not an archive, but long enough to be looked at '.repeat(40)), [
    recovery.recipient,
  ])
  for (const broken of [changed, bytes.subarray(0, bytes.length - 70_000), other, new Uint8Array(3)]) {
    const into = temporaryFolder()
    const target = await openDatabase<Tables>({ directory: into })
    const client = await target.connection()
    const filesDirectory = join(into, 'files')
    const store = await DirectoryStore.open(join(into, 'blobs'))
    const all = async () => void (await migrate(target.kysely, MIGRATIONS))
    await expect(
      restoreBackup([broken], recovery, { client, blobs: store, filesDirectory, migrate: all }),
    ).rejects.toEqual(
      expect.objectContaining({ code: expect.stringMatching(/^(BACKUP_DAMAGED|SEAL_BROKEN)$/) }),
    )
    const reader = await target.connection()
    const found = await contents(reader)
    await reader.end()
    for (const [table, rows] of Object.entries(found))
      if (table !== 'migrations') expect(rows, table).toEqual([])
    expect(existsSync(filesDirectory)).toBe(false)
    await client.end()
    await target.close()
  }
}, 120_000)

it('refuses a database that has something in it', async () => {
  const bytes = await backup()
  const client = await database.connection()
  const target = { client, blobs, filesDirectory: join(folder, 'no'), migrate: async () => undefined }
  await expect(restoreBackup([bytes], recovery, target)).rejects.toEqual(refused('RESTORE_NOT_EMPTY'))
  await client.end()
}, 120_000)
