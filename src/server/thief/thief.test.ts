import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  hybridIdentityOf,
  openPrintSet,
  openSighting,
  parseSheet,
  sheetSecret,
  staffKeysOf,
  systemRandom,
} from '#lib/seal/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { backup } from '../backup/index.ts'
import { killServer, type ServerProcess, startServerProcess } from '../testing/server-process.ts'
import { type Dump, dumpDatabase, filesBelow } from './dump.ts'
import { needlesOf } from './needles.ts'
import {
  boxesOpenedBy,
  contextsOpenedBy,
  hitsOpenedBy,
  identitiesOf,
  isAgeFile,
  openedBy,
  seedsIn,
} from './operator.ts'
import { ORIGIN, type Played, playScenario } from './scenario.ts'
import { type Loot, Search } from './search.ts'

const data = makeTemporaryFolder()
const elsewhere = makeTemporaryFolder()
let server: ServerProcess
let played: Played
let dump: Dump
let loot: Loot[]
let search: Search

beforeAll(async () => {
  server = await startServerProcess(data, { words: ['log'], env: { SAKSI_URL: ORIGIN } })
  played = await playScenario(server)
  const out = join(elsewhere, 'backup.age')
  const recovery = await hybridIdentityOf(systemRandom(32))
  await backup({ data, out, to: recovery.recipient, signal: new AbortController().signal })
  const host = join(data, 'postgresql', 'socket')
  dump = await dumpDatabase({ host, user: 'saksi', database: 'saksi' })
  const served = await servedLog(server.url)
  await killServer(server)
  // Its database ends by itself soon after, and writes until then.
  const running = join(data, 'postgresql', 'cluster', 'postmaster.pid')
  while (existsSync(running)) await sleep(50)
  // What the server never wrote down is gone; everything else is the thief's.
  loot = [
    ...dump.cells.map(({ table, column, ctid, bytes }) => ({ name: `${table}.${column} at ${ctid}`, bytes })),
    ...dump.rows,
    ...filesBelow(data),
    { name: 'the backup', bytes: readFileSync(out) },
    ...served,
    { name: 'what the server said and logged', bytes: Buffer.from(server.said()) },
  ]
  search = new Search(played.secrets.flatMap(needlesOf))
}, 240_000)

afterAll(async () => {
  await killServer(server)
  removeFolder(data)
  removeFolder(elsewhere)
})

async function servedLog(url: string): Promise<Loot[]> {
  const found: Loot[] = []
  for (const path of ['checkpoint', 'policy', 'tile/0/000.p/8', 'tile/entries/000.p/8']) {
    const response = await fetch(`${url}/log/${path}`)
    found.push({ name: `/log/${path}`, bytes: Buffer.from(await response.arrayBuffer()) })
  }
  return found
}

it('plays everything that leaves something at the server', () => {
  expect([played.matches, played.replies]).toEqual([2, 3])
  const tables = new Set(dump.cells.map(({ table }) => table))
  for (const table of [
    'cases',
    'wraps',
    'items',
    'blobs',
    'blob_chunks',
    'bank_waiting',
    'sightings',
    'hit_lists',
  ])
    expect(tables, table).toContain(table)
  const names = loot.map(({ name }) => name)
  expect(names.some((name) => /pg_wal\/[0-9A-F]{24}$/.test(name))).toBe(true)
  expect(names.some((name) => name.startsWith('blobs/'))).toBe(true)
  expect(server.said()).toContain('"route":"/api/intake/open","status":200')
  expect(loot.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeGreaterThan(20_000_000)
})

it('keeps no word, name, number, file name, code, print, digest or key, in no form and no place', () => {
  expect(played.secrets.length).toBeGreaterThan(100)
  expect(loot.flatMap((one) => search.in(one))).toEqual([])
}, 240_000)

it('finds each secret that is there, in each form, in the middle of anything', () => {
  const noise = Buffer.from(systemRandom(9_000))
  const within = (bytes: Buffer) => Buffer.concat([noise.subarray(0, 8_191), bytes, noise])
  // One of each kind: there are some thousand prints, all found alike.
  const some = [...new Map(played.secrets.map((one) => [one.name.replace(/\d+/, ''), one])).values()]
  for (const secret of some) {
    for (const { bytes, what } of needlesOf(secret)) {
      const sentence = Buffer.concat([Buffer.from('{"said":"'), bytes, Buffer.from('"}'.repeat(40))])
      const packed = [
        bytes,
        gzipSync(sentence),
        deflateSync(sentence),
        Buffer.from(gzipSync(sentence).toString('base64')),
        Buffer.from(gzipSync(sentence).toString('hex')),
      ]
      for (const form of packed) {
        const finds = search.in({ name: 'planted', bytes: within(form) })
        expect(finds.map((find) => find.what)).toContain(what)
      }
    }
  }
}, 240_000)

const smallFiles = () =>
  loot.filter(
    ({ name, bytes }) => bytes.length < 65_536 && /^(keys|log)\/|^(setup\.json|blob-owner)$/.test(name),
  )
const columnsOf = (length: number) => [
  ...new Map(
    dump.cells
      .filter(({ bytes }) => bytes.length === length)
      .map(({ bytes }) => [bytes.toString('hex'), bytes]),
  ).values(),
]
const namedCells = (names: readonly string[]) =>
  dump.cells
    .filter(({ table, column }) => names.includes(`${table}.${column}`))
    .map(({ table, column, ctid, bytes }) => ({ name: `${table}.${column} at ${ctid}`, bytes }))

/** Everything that is sealed with age: rows, files, the backup. */
function sealedFiles(): Loot[] {
  const rows = namedCells([
    'wraps.body',
    'items.body',
    'bank_waiting.body',
    'bank_sets.body',
    'sightings.body',
    'bank_boxes.body',
  ])
  const files = loot.filter((one) => /^blobs\//.test(one.name) && isAgeFile(one))
  const whole = loot.find(({ name }) => name === 'the backup')?.bytes ?? Buffer.alloc(0)
  return [...rows, ...files, { name: 'the backup', bytes: whole.subarray(0, 200_000) }]
}

it('opens nothing for an operator who has everything on disk and no member’s key', async () => {
  const files = smallFiles()
  expect(files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['keys/server.secret', 'log/keys/log.key']),
  )
  const onDisk = seedsIn(files)
  expect(onDisk.length).toBeGreaterThanOrEqual(3)
  const sealed = sealedFiles()
  expect(sealed.length).toBeGreaterThan(45)
  expect(sealed.every(isAgeFile)).toBe(true)
  expect(await openedBy(await identitiesOf(onDisk, files), sealed)).toEqual([])
  // What lies in the database could be a key too; one of each kind of ciphertext says as much as all.
  const inDatabase = columnsOf(32)
  const kinds = [...new Map(sealed.map((one) => [one.name.split(/ at |\//)[0], one])).values()]
  expect(await openedBy(await identitiesOf(inDatabase, []), kinds)).toEqual([])
  const keys = [...onDisk, ...inDatabase]
  expect(contextsOpenedBy(keys, dump.cells)).toEqual([])
  expect(await boxesOpenedBy(keys, dump.cells, played.organisation.org)).toEqual([])
  expect(hitsOpenedBy(columnsOf(16), dump.cells)).toBe(0)
}, 240_000)

it('opens, by the very same attempts, what is sealed to whoever has a key', async () => {
  const sealed = sealedFiles()
  const { people, bank } = played.organisation
  const devi = people.find(({ handle }) => handle === 'devi') ?? expect.fail('devi')
  const written = [
    {
      name: 'a key of hers in digits',
      bytes: Buffer.from(`seed: ${Buffer.from(devi.identity.age.seed).toString('hex')}\n`),
    },
    { name: 'the key of the bank as text', bytes: Buffer.from(`# ${bank.secret}\n`) },
  ]
  const opened = await openedBy(await identitiesOf(seedsIn(written), written), sealed)
  const kinds = new Set(opened.map((name) => name.split(' at ')[0]))
  expect(kinds).toEqual(new Set(['wraps.body', 'bank_waiting.body', 'sightings.body']))
  const rowIds: Buffer[] = []
  for (const { bytes } of namedCells(['bank_waiting.body'])) {
    const prints = await openPrintSet(new Uint8Array(bytes), bank)
    // Some of all are enough, and a hit is of the first one, which is of the whole picture.
    rowIds.push(...prints.slice(0, 12).map(({ id }) => Buffer.from(id)))
  }
  expect(hitsOpenedBy(rowIds, dump.cells)).toBeGreaterThan(0)
  const contextKeys: Buffer[] = []
  for (const { bytes } of namedCells(['sightings.body']))
    contextKeys.push(Buffer.from((await openSighting(new Uint8Array(bytes), bank)).contextKey))
  expect(contextsOpenedBy(contextKeys, dump.cells)).toHaveLength(2)
  const boxKey = Buffer.from(staffKeysOf(sheetSecret(parseSheet(devi.sheet))).box.boxKey)
  expect(await boxesOpenedBy([boxKey], dump.cells, played.organisation.org)).toHaveLength(1)
}, 240_000)
