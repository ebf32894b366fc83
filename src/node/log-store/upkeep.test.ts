import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { base64ToBytes, bytesToBase64, hexToBytes } from '#lib/bytes/index.ts'
import {
  commit,
  formatItemLeaf,
  formatVkey,
  leafHash,
  parseNote,
  rootOf,
  witnessKey,
} from '#lib/tlog/index.ts'
import { addLog } from '../witness/index.ts'
import { seedOf, startWitness, stateFolder } from '../witness/testing.ts'
import { eraseOpening } from './erase.ts'
import {
  checkLog,
  enterScan,
  makeCheckpoint,
  openLog,
  proveRecord,
  readKeyFile,
  withStorage,
} from './index.ts'
import { expectCode, makeLog, makeLogIn, makeOpening, ORIGIN, testClock } from './testing.ts'
import { twoStorageKinds } from './testing-storage.ts'

const FACTS = { format: 'telegram-json', sourceSha256: 'ab'.repeat(32), sourceBytes: 12, repairs: 1, gaps: 2 }

/** The lines of the items that are kept. */
async function itemsOf(folder: string, collection: string): Promise<string[]> {
  return withStorage(folder, async ({ storage }) => {
    const lines: string[] = []
    for await (const line of storage.openings.readItems(collection)) lines.push(line)
    return lines
  })
}

/** The leaf that one of them stands for. */
function itemLeaf(line: string): Uint8Array {
  const { salt, item, leaf } = JSON.parse(line)
  if (leaf !== undefined) return base64ToBytes(leaf) ?? new Uint8Array(0)
  return formatItemLeaf(
    commit(hexToBytes(salt) ?? new Uint8Array(0), base64ToBytes(item) ?? new Uint8Array(0)),
  )
}

describe.each(twoStorageKinds())('a log in $name', (kind) => {
  it('enters a scan with a root over its items that anybody who has them can compute again', async () => {
    const folder = await makeLogIn(kind)
    const items = ['{"m":1}', '{"m":2}', '{"m":3}'].map((text) => new TextEncoder().encode(text))
    const scan = await enterScan(folder, { ...FACTS, items })
    expect(parseNote(scan.receipt).text.split('\n')[2]).toBe(scan.commitment)
    await makeCheckpoint(folder)
    const { opening } = (await proveRecord(folder, scan.record)).verified
    expect(opening?.record).toMatchObject({
      type: 'collection.sealed',
      body: { itemsPadded: 4, repairs: 1, gaps: 2 },
    })
    const leaves = (await itemsOf(folder, scan.collection)).map(itemLeaf)
    expect(new Set(leaves.map(bytesToBase64)).size).toBe(4)
    expect(bytesToBase64(rootOf(leaves.map(leafHash)))).toBe(opening?.record.body['itemsRoot'])
  })

  it('destroys the items of a collection together with its record', async () => {
    const folder = await makeLogIn(kind)
    const scan = await enterScan(folder, { ...FACTS, items: [new TextEncoder().encode('{"m":1}')] })
    expect(await itemsOf(folder, scan.collection)).toHaveLength(1)
    const log = await openLog(folder)
    expect(await eraseOpening(log, scan.record, 'erasure-request')).toEqual({ loggedAs: null })
    await log.close()
    expect(await itemsOf(folder, scan.collection)).toEqual([])
    await makeCheckpoint(folder)
    expect((await proveRecord(folder, scan.commitment)).verified.opening).toBeNull()
  })

  it('gives back the items of a collection line by line, and none once they are erased', async () => {
    const folder = await makeLogIn(kind)
    const [collection, other] = ['1b'.repeat(16), '2c'.repeat(16)]
    // Some megabytes in lines of many lengths, so that parts end anywhere in a line.
    const lines = Array.from({ length: 3_000 }, (_, i) => `${i} é ${'x'.repeat((i * 37) % 2_000)}`)
    const read = async (of: string): Promise<string[]> => {
      const found: string[] = []
      await withStorage(folder, async ({ storage }) => {
        for await (const line of storage.openings.readItems(of)) found.push(line)
      })
      return found
    }
    const log = await openLog(folder)
    await log.openings.keepItems(collection, lines)
    await log.openings.keepItems(other, ['one'])
    expect(await read(collection)).toEqual(lines)
    expect(await read('../pads/0')).toEqual([])
    expect(await read('3d'.repeat(16))).toEqual([])
    await log.openings.keepItems('4e'.repeat(16), ['x'.repeat(70_000)])
    await expectCode('LOG_DAMAGED', () => read('4e'.repeat(16)))
    expect(await log.openings.eraseItems(collection)).toBe(true)
    expect(await log.openings.eraseItems(collection)).toBe(false)
    expect(await read(collection)).toEqual([])
    expect(await read(other)).toEqual(['one'])
    await log.close()
  })

  it('refuses a scan whose facts are none, and enters nothing', async () => {
    const folder = await makeLogIn(kind)
    await expectCode('RECORD_BODY', () => enterScan(folder, { ...FACTS, sourceSha256: 'no' }))
    await expectCode('RECORD_BODY', () => enterScan(folder, { ...FACTS, format: 'Nur Aisyah' }))
    expect((await checkLog(folder)).pendingCount).toBe(1)
  })

  it('says so when what was accepted is not in the log by the time that was promised', async () => {
    const clock = testClock()
    const folder = await makeLogIn(kind, { now: clock.now })
    const log = await openLog(folder, { now: clock.now })
    await log.appendRecord(makeOpening())
    await log.close()
    expect((await checkLog(folder, clock.now())).faults).toEqual([])
    clock.passMinutes(60 * 26)
    expect((await checkLog(folder, clock.now())).faults.map(({ code }) => code)).toEqual([
      'LOG_MERGE_OVERDUE',
    ])
    await makeCheckpoint(folder, { now: clock.now })
    expect((await checkLog(folder, clock.now())).faults).toEqual([])
  })
})

it('drops partial tiles a week after their full one is there, and the openings of fill after 90 days', async () => {
  const clock = testClock(new Date().toISOString())
  const folder = await makeLog({ now: clock.now })
  const options = { isOutOfTurn: true, now: clock.now }
  for (let i = 0; i < 16; i++) await makeCheckpoint(folder, options)
  const partials = join(folder, 'served', 'tile', '0', '000.p')
  const pads = join(folder, 'openings', 'pads')
  clock.passMinutes(60 * 24 * 6)
  await makeCheckpoint(folder, options)
  expect(readdirSync(partials)).toHaveLength(15)
  clock.passMinutes(60 * 24 * 2)
  await makeCheckpoint(folder, options)
  expect(existsSync(partials)).toBe(false)
  expect(readdirSync(join(folder, 'served', 'tile', '0', '001.p'))).toEqual(['16', '32'])
  expect(readdirSync(pads)).toHaveLength(18)
  clock.passMinutes(60 * 24 * 84)
  await makeCheckpoint(folder, options)
  expect(readdirSync(pads).length).toBeLessThan(3)
  expect((await checkLog(folder)).faults).toEqual([])
}, 120_000)

it('adds the signature of a witness that comes late, to the same checkpoint', async () => {
  const clock = testClock()
  const keys = [1, 2].map((n) => witnessKey(`w${n}.example`, seedOf(n)))
  const states = keys.map(() => stateFolder())
  const running = await Promise.all(
    keys.map((key, i) => startWitness({ key, state: states[i] ?? '', now: clock.now })),
  )
  const witnesses = keys.map(({ vkey }, i) => `${formatVkey(vkey)}@${running[i]?.url}`)
  const folder = await makeLog({ witnesses, quorum: 1, now: clock.now })
  const { vkey } = await readKeyFile(join(folder, 'keys', 'log.key'), 'log')
  await addLog(states[0] ?? '', vkey, ORIGIN)
  const first = await makeCheckpoint(folder, { patienceMs: 500, now: clock.now })
  expect(first).toMatchObject({ state: 'published', size: 16, witnesses: [{ name: 'w1.example' }] })
  await addLog(states[1] ?? '', vkey, ORIGIN)
  const second = await makeCheckpoint(folder, { patienceMs: 500, now: clock.now })
  expect(second).toMatchObject({
    state: 'published',
    size: 16,
    witnesses: [{ name: 'w1.example' }, { name: 'w2.example' }],
  })
  expect(readFileSync(join(folder, 'served', 'checkpoint'), 'utf8').match(/^— /gm)).toHaveLength(3)
  expect((await makeCheckpoint(folder, { patienceMs: 500, now: clock.now })).state).toBe('not-due')
})
