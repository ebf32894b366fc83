import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { decodeEntries } from '#lib/tlog/index.ts'
import { enterScan, makeCheckpoint, openLog } from './index.ts'
import { makeLog, makeOpening } from './testing.ts'

const PHONES = ['+1 202-555-0142', '12025550142', '+60 12-000 0456', '60120000456']
const NAMES = ['Nur Aisyah binti Rahman', '@aisyah_r', '陈美玲', 'கவிதா']
const PICTURE = createHash('sha256').update('a synthetic picture').digest()
const PDQ = createHash('sha256').update('a synthetic print').digest()
const CASE = randomBytes(16)

/** Every form in which bytes could stand in a file or an address. */
function formsOf(secret: Buffer): Buffer[] {
  const text = secret.toString('utf8')
  return [
    secret,
    ...[secret.toString('hex'), secret.toString('hex').toUpperCase(), encodeURIComponent(text)].map((form) =>
      Buffer.from(form),
    ),
    // Base64 of the same bytes differs by where they begin; the inner part is the same for each of the three.
    ...[0, 1, 2].map((before) => {
      const encoded = Buffer.concat([Buffer.alloc(before), secret])
        .toString('base64')
        .replace(/=+$/, '')
      return Buffer.from(encoded.slice(before === 0 ? 0 : 4, -2))
    }),
  ]
}

function servedFiles(folder: string): { path: string; bytes: Buffer }[] {
  const served = join(folder, 'served')
  return readdirSync(served, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({
      path: join(entry.parentPath, entry.name),
      bytes: readFileSync(join(entry.parentPath, entry.name)),
    }))
}

it('serves nothing of what was entered: no number, no name, no digest, no id, in any notation', async () => {
  const folder = await makeLog()
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
  const log = await openLog(folder)
  await log.appendRecord(opening)
  await log.close()
  const items = [...PHONES, ...NAMES].map((text) =>
    new TextEncoder().encode(JSON.stringify({ author: text })),
  )
  const facts = { format: 'telegram-json', sourceBytes: 1, repairs: 0, gaps: 0, items }
  const scan = await enterScan(folder, { ...facts, sourceSha256: PICTURE.toString('hex') })
  await makeCheckpoint(folder, { isOutOfTurn: true })

  const secrets = [
    ...[
      ...PHONES,
      ...NAMES,
      'exhibit.preserved',
      'collection.sealed',
      '4242424242',
      opening.record.id,
      scan.record,
    ].map((text) => Buffer.from(text)),
    ...[PICTURE, PDQ, CASE, Buffer.from(opening.salt), Buffer.from(scan.collection, 'hex')],
  ]
  const files = servedFiles(folder)
  expect(files.length).toBeGreaterThan(3)
  for (const { path, bytes } of files) {
    for (const form of secrets.flatMap(formsOf))
      expect(bytes.includes(form), `${form} in ${path}`).toBe(false)
  }
  // The search itself finds what is there: the private part of the same folder has them.
  const kept = readFileSync(join(folder, 'openings', `${opening.record.id}.json`))
  expect(kept.includes(formsOf(PICTURE)[1] ?? '')).toBe(true)
  expect(
    Buffer.from(PHONES[0] ?? '')
      .toString('base64')
      .includes(formsOf(Buffer.from(PHONES[0] ?? ''))[4]?.toString() ?? 'none'),
  ).toBe(true)
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
  const text = servedFiles(folder)
    .filter(({ path }) => !path.includes('public'))
    .map(({ bytes }) => bytes.toString('latin1'))
    .join('\n')
  expect(text).not.toMatch(/20[0-9]{2}-[01][0-9]-[0-3][0-9]/)
})
