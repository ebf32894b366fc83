import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { decodeEntries } from '#lib/tlog/index.ts'
import { enterScan, makeCheckpoint, openLog } from './index.ts'
import { openOwnDatabase } from './postgres/index.ts'
import { makeLog, makeLogIn, makeOpening } from './testing.ts'
import { storageKinds } from './testing-storage.ts'

const PHONES = ['+1 202-555-0142', '12025550142', '+60 12-000 0456', '60120000456']
const NAMES = ['Nur Aisyah binti Rahman', '@aisyah_r', '陈美玲', 'கவிதா']
const PICTURE = createHash('sha256').update('a synthetic picture').digest()
const PDQ = createHash('sha256').update('a synthetic print').digest()
const CASE = randomBytes(16)

/** Every form in which bytes could stand in a file, a row or an address. */
function formsOf(secret: Buffer): Buffer[] {
  const text = secret.toString('utf8')
  const encoded = [0, 1, 2].map((before) => base64Within(secret, before))
  return [
    secret,
    ...[
      secret.toString('hex'),
      secret.toString('hex').toUpperCase(),
      encodeURIComponent(text),
      JSON.stringify(text).slice(1, -1),
      ...encoded,
      ...encoded.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
    ].map((form) => Buffer.from(form)),
  ]
}

/** Base64 of the same bytes differs by where they begin; this is what it is with so many bytes before, whatever they are. */
function base64Within(secret: Buffer, before: number): string {
  const encoded = Buffer.concat([Buffer.alloc(before), secret])
    .toString('base64')
    .replace(/=+$/, '')
  return encoded.slice(before === 0 ? 0 : 4, -2)
}

interface Stored {
  readonly where: string
  readonly bytes: Buffer
}

/** Every file of the log's folder, and every value of every row of its database. */
async function everythingStored(folder: string): Promise<Stored[]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ where: relative(folder, path), bytes: readFileSync(path) }))
  const address = files.find(({ where }) => where === join('keys', 'database'))
  return address === undefined ? files : [...files, ...(await everyRow(address.bytes.toString()))]
}

async function everyRow(address: string): Promise<Stored[]> {
  const { kysely, close } = await openOwnDatabase(address)
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public'`.execute(kysely)
  const stored: Stored[] = []
  for (const { name } of tables) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(kysely)
    for (const row of rows) {
      // Openings are told apart by their kind, as files are by their folder.
      const where = [name, row['kind'], row['path'] ?? row['name']].filter((part) => part !== undefined)
      for (const value of Object.values(row)) {
        const bytes = Buffer.isBuffer(value) ? value : Buffer.from(String(value))
        stored.push({ where: where.join('/'), bytes })
      }
    }
  }
  await close()
  return stored
}

const isItems = (where: string): boolean => /^(openings\/items|custody_opening\/items)\//.test(where)
const isOpening = (where: string): boolean =>
  isItems(where) || /^(openings\/[0-9a-f]{32}\.json|custody_opening\/record\/)/.test(where)

function expectNone(stored: readonly Stored[], secrets: readonly Buffer[]): void {
  const forms = secrets.flatMap(formsOf)
  for (const { where, bytes } of stored) {
    for (const form of forms) expect(bytes.includes(form), `${form} in ${where}`).toBe(false)
  }
}

describe.each(storageKinds())('a log in $name', (kind) => {
  it('holds no number, name, digest or id of what was entered, in any notation, but in openings', async () => {
    const folder = await makeLogIn(kind)
    const opening = makeOpening({
      type: 'exhibit.preserved',
      body: {
        exhibit: CASE.toString('hex'),
        plainSha256: PICTURE.toString('hex'),
        plainBytes: 4_242_424_242,
        cipherSha256: PDQ.toString('hex'),
        mime: 'image/jpeg',
      },
    })
    const items = [...PHONES, ...NAMES].map((text) =>
      new TextEncoder().encode(JSON.stringify({ author: text })),
    )
    const facts = { format: 'telegram-json', sourceBytes: 1, repairs: 0, gaps: 0, items }
    const log = await openLog(folder)
    await log.appendRecord(opening)
    await log.close()
    const scan = await enterScan(folder, { ...facts, sourceSha256: PICTURE.toString('hex') })

    const people = [...PHONES, ...NAMES].map((text) => Buffer.from(text))
    const ids = ['exhibit.preserved', 'collection.sealed', '4242424242', opening.record.id, scan.record]
    const secrets = [
      ...people,
      ...ids.map((text) => Buffer.from(text)),
      ...[PICTURE, PDQ, CASE, Buffer.from(opening.salt), Buffer.from(scan.collection, 'hex')],
    ]
    // While it waits, when it was cut off in the middle of a batch, and when it is published.
    const stages = [await everythingStored(folder)]
    const cutOff = makeCheckpoint(folder, {
      isOutOfTurn: true,
      onStep: (step) => {
        if (step === 'signed') throw new Error('cut off')
      },
    })
    await expect(cutOff).rejects.toThrow('cut off')
    stages.push(await everythingStored(folder))
    await makeCheckpoint(folder)
    stages.push(await everythingStored(folder))
    for (const stored of stages) {
      const others = stored.filter(({ where }) => !isOpening(where))
      expect(others.length).toBeGreaterThan(5)
      expectNone(others, secrets)
      expectNone(
        others.map(({ where }) => ({ where, bytes: Buffer.from(where) })),
        secrets,
      )
      // Records are digests, counts and codes: no person is named in one, and nobody's item is in the fill.
      expectNone(
        stored.filter(({ where }) => !isItems(where)),
        people,
      )
    }
    // The search finds what is there: openings have it, and are not looked into above.
    const openings = Buffer.concat(
      stages.flatMap((stored) => stored.filter(({ where }) => isOpening(where)).map(({ bytes }) => bytes)),
    )
    const finds = (secret: Buffer): boolean => formsOf(secret).some((form) => openings.includes(form))
    for (const secret of [...people, PICTURE, PDQ, CASE, Buffer.from(opening.salt)]) {
      expect(finds(secret), secret.toString('latin1')).toBe(true)
    }
  })
})

it('knows its secrets again in every notation', () => {
  for (const text of [...PHONES, ...NAMES]) {
    const secret = Buffer.from(text)
    const forms = formsOf(secret)
    const found = (bytes: Buffer): boolean => forms.some((form) => bytes.includes(form))
    for (const before of ['', 'x', 'xy', 'xyz']) {
      const bytes = Buffer.from(`${before}${text}z`)
      for (const notation of ['hex', 'base64', 'base64url', 'utf8'] as const) {
        expect(found(Buffer.from(bytes.toString(notation))), `${notation} of ${before}${text}`).toBe(true)
      }
      expect(found(Buffer.from(JSON.stringify({ text }))), text).toBe(true)
    }
    expect(found(randomBytes(10_000))).toBe(false)
  }
})

it('has entries of one length and alphabet, whatever they stand for, and no time for any of them', async () => {
  const folder = await makeLog()
  const log = await openLog(folder)
  for (let i = 0; i < 5; i++) await log.appendRecord(makeOpening())
  await log.close()
  await makeCheckpoint(folder, { isOutOfTurn: true })
  const bundle = readFileSync(join(folder, 'served', 'tile', 'entries', '000.p', '16'))
  const entries = decodeEntries(bundle, 16, { entryBytes: 59 }).map((entry) => Buffer.from(entry).toString())
  for (const entry of entries) expect(entry).toMatch(/^saksi-leaf\/v1 [A-Za-z0-9+/]{43}=\n$/)
  expect(new Set(entries).size).toBe(16)
  const text = (await everythingStored(folder))
    .filter(({ where }) => where.startsWith('served') && !where.includes('public'))
    .map(({ bytes }) => bytes.toString('latin1'))
    .join('\n')
  expect(text).not.toMatch(/20[0-9]{2}-[01][0-9]-[0-3][0-9]/)
})
