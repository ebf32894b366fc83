import {
  chmodSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { base64ToBytes, bytesToBase64 } from '#lib/bytes/index.ts'
import {
  commitmentOf,
  parseNote,
  parsePolicy,
  parseProof,
  verifyInterimReceipt,
  verifyProof,
} from '#lib/tlog/index.ts'
import {
  checkLog,
  initLog,
  makeCheckpoint,
  openLog,
  proveRecord,
  readKeyFile,
  readPolicy,
  servedFolder,
  verifyServed,
  withStorage,
} from './index.ts'
import { createKeyFile } from './key-file.ts'
import {
  expectCode,
  makeLog,
  makeLogIn,
  makeOpening,
  ORIGIN,
  random,
  testClock,
  testFolder,
} from './testing.ts'
import { storageKinds } from './testing-storage.ts'

async function append(folder: string, ...openings: ReturnType<typeof makeOpening>[]) {
  const log = await openLog(folder)
  try {
    return await Promise.all(openings.map((opening) => log.appendRecord(opening)))
  } finally {
    await log.close()
  }
}

async function checkpointNow(folder: string): Promise<number> {
  const outcome = await makeCheckpoint(folder, { isOutOfTurn: true })
  if (outcome.state !== 'published') throw new Error(outcome.state)
  return outcome.size
}

describe.each(storageKinds())('a log in $name', (kind) => {
  it('gives an interim receipt at once and a proof after the checkpoint, for one commitment', async () => {
    const folder = await makeLogIn(kind)
    const opening = makeOpening()
    const [appended] = await append(folder, opening)
    if (appended?.state !== 'pending') throw new Error('not accepted')
    const receipts = await readKeyFile(join(folder, 'keys', 'receipts.key'), 'receipts')
    const receipt = verifyInterimReceipt(parseNote(appended.receipt), [receipts.vkey], commitmentOf(opening))
    expect(receipt.log).toBe(ORIGIN)
    await expectCode('LOG_NO_CHECKPOINT', () => proveRecord(folder, opening.record.id))

    expect(await checkpointNow(folder)).toBe(16)
    const { proof, verified } = await proveRecord(folder, opening.record.id)
    expect(verified.opening).toEqual(opening)
    const policy = parsePolicy(await readPolicy(folder), { allowNoWitness: true })
    expect(verifyProof(parseProof(proof), { policy, log: ORIGIN }).index).toBe(verified.index)
    const byCommitment = await proveRecord(folder, appended.commitment, { isBare: true })
    expect(parseProof(byCommitment.proof).extra).toBeNull()
    expect((await checkLog(folder)).faults).toEqual([])
  })

  it('answers the same for the same record, waiting or logged, and refuses another under its id', async () => {
    const folder = await makeLogIn(kind)
    const opening = makeOpening()
    const again = { ...opening, salt: random(32) }
    const [first, second] = await append(folder, opening, again)
    expect(second).toEqual(first)
    await checkpointNow(folder)
    const [third] = await append(folder, again)
    expect(third).toMatchObject({ state: 'logged', commitment: bytesToBase64(commitmentOf(opening)) })
    const other = { ...opening, record: { ...opening.record, at: '2026-01-15T10:00:01Z' } }
    await expectCode('LOG_RECORD_CONFLICT', () => append(folder, other))
    expect(await checkpointNow(folder)).toBe(32)
  })

  it('accepts nothing that is no record of this log, and writes nothing for it', async () => {
    const folder = await makeLogIn(kind)
    await expectCode('RECORD_LOG', () => append(folder, makeOpening({ log: 'log.example/other' })))
    await expectCode('RECORD_TYPE', () => append(folder, makeOpening({ type: 'case.praised' })))
    await expectCode('RECORD_BODY', () => append(folder, makeOpening({ body: { note: 'Nur Aisyah' } })))
    await expectCode('SALT_LENGTH', () => append(folder, { ...makeOpening(), salt: random(31) }))
    const { pendingCount, openingCount } = await checkLog(folder)
    expect(openingCount).toBe(1)
    expect(pendingCount).toBe(1)
  })

  it('takes commitments whose record stays with its author', async () => {
    const folder = await makeLogIn(kind)
    const opening = makeOpening()
    const commitment = commitmentOf(opening)
    const log = await openLog(folder)
    await log.appendCommitment({ commitment, manifestSha256: 'ab'.repeat(32) })
    await log.close()
    await checkpointNow(folder)
    const { proof } = await proveRecord(folder, Buffer.from(commitment).toString('hex'))
    expect(parseProof(proof).extra).toBeNull()
    await expectCode('LOG_OPENING_MISSING', () => proveRecord(folder, opening.record.id))
  })

  it('fills every batch up to 16, 64 or 256 entries of one length', async () => {
    const folder = await makeLogIn(kind)
    const sizes: number[] = [await checkpointNow(folder)]
    for (const count of [0, 16, 17, 65]) {
      await append(folder, ...Array.from({ length: count }, () => makeOpening()))
      sizes.push(await checkpointNow(folder))
    }
    expect(sizes.map((size, i) => size - (sizes[i - 1] ?? 0))).toEqual([16, 16, 16, 64, 256])
    expect((await checkLog(folder)).faults).toEqual([])
  })

  it('makes a checkpoint when one is due and not before', async () => {
    const clock = testClock()
    const folder = await makeLogIn(kind, { now: clock.now })
    const make = () => makeCheckpoint(folder, { now: clock.now })
    expect((await make()).state).toBe('published')
    clock.passMinutes(54)
    expect(await make()).toEqual({ state: 'not-due', due: new Date('2026-01-15T11:00:00Z') })
    clock.passMinutes(1)
    expect(await make()).toMatchObject({ state: 'published', size: 32 })
    // Ticks that were missed are made up for by one.
    clock.passMinutes(600)
    expect(await make()).toMatchObject({ state: 'published', size: 48 })
    expect((await make()).state).toBe('not-due')
  })

  it('erases an opening without touching a tile, a root or a proof', async () => {
    const folder = await makeLogIn(kind)
    const [kept, erased] = [makeOpening(), makeOpening()]
    await append(folder, kept, erased)
    await checkpointNow(folder)
    const { proof } = await proveRecord(folder, erased.record.id)
    const before = await withStorage(folder, ({ storage }) => storage.read('tile/0/000.p/16'))
    const log = await openLog(folder)
    expect(await log.openings.erase(erased.record.id)).toBe(true)
    expect(await log.openings.erase(erased.record.id)).toBe(false)
    await log.close()
    expect(await withStorage(folder, ({ storage }) => storage.read('tile/0/000.p/16'))).toEqual(before)
    expect((await checkLog(folder)).faults).toEqual([])
    await expectCode('LOG_OPENING_MISSING', () => proveRecord(folder, erased.record.id))
    expect((await proveRecord(folder, kept.record.id)).verified.opening).toEqual(kept)
    const policy = parsePolicy(await readPolicy(folder), { allowNoWitness: true })
    expect(verifyProof(parseProof(proof), { policy }).opening).toEqual(erased)
    const secrets = [erased.record.id, Buffer.from(erased.salt).toString('hex')]
    for (const path of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!path.isFile()) continue
      const text = readFileSync(join(path.parentPath, path.name), 'latin1')
      for (const secret of secrets) expect(text.includes(secret), path.name).toBe(false)
    }
  })

  it('refuses keys that others may read, that are missing, or that are used twice', async () => {
    const folder = await makeLogIn(kind)
    const logKey = join(folder, 'keys', 'log.key')
    expect(statSync(logKey).mode & 0o777).toBe(0o600)
    chmodSync(logKey, 0o640)
    await expectCode('KEY_EXPOSED', () => checkpointNow(folder))
    chmodSync(logKey, 0o600)
    const receiptsKey = join(folder, 'keys', 'receipts.key')
    const text = readFileSync(receiptsKey, 'utf8')
    rmSync(receiptsKey)
    await expectCode('KEY_MISSING', () => append(folder, makeOpening()))
    writeFileSync(receiptsKey, text.replace('receipts+', 'receiptz+'), { mode: 0o600 })
    await expectCode('KEY_MALFORMED', () => append(folder, makeOpening()))
    await expectCode('KEY_MALFORMED', () => readKeyFile(logKey, 'witness'))
    rmSync(receiptsKey)
    const { seed } = await readKeyFile(logKey, 'log')
    await createKeyFile(receiptsKey, 'receipts', 'log.example/receipts', seed)
    await expectCode('KEY_REUSED', () => checkpointNow(folder))
    writeFileSync(receiptsKey, text, { mode: 0o600 })
    expect(await checkpointNow(folder)).toBe(16)
  })

  it('takes one writer at a time', async () => {
    const folder = await makeLogIn(kind)
    const log = await openLog(folder)
    await expectCode('LOG_LOCKED', () => openLog(folder, { lockWaitMs: 30 }))
    await log.close()
    await expectCode('LOG_CLOSED', () => log.appendRecord(makeOpening()))
  })

  it('keeps commitments in the order of chance, not of arrival', async () => {
    const folder = await makeLogIn(kind)
    const openings = Array.from({ length: 40 }, () => makeOpening())
    const appended = await append(folder, ...openings)
    await checkpointNow(folder)
    const indexes = await Promise.all(
      appended.map(async ({ commitment }) => (await proveRecord(folder, commitment)).verified.index),
    )
    expect([...indexes].sort((a, b) => a - b)).not.toEqual(indexes)
    expect(base64ToBytes(appended[0]?.commitment ?? '')).toHaveLength(32)
  })
})

it('publishes the openings of public records only', async () => {
  const folder = await makeLog()
  await append(folder, makeOpening())
  await checkpointNow(folder)
  const [name = '', ...rest] = readdirSync(join(folder, 'served', 'public'))
  expect(rest).toEqual([])
  expect(JSON.parse(readFileSync(join(folder, 'served', 'public', name), 'utf8'))).toMatchObject({
    record: { type: 'log.genesis' },
  })
})

it('can be checked from a plain copy of what it serves', async () => {
  const folder = await makeLog()
  for (let i = 0; i < 18; i++) await checkpointNow(folder)
  const copy = join(testFolder(), 'mirror')
  cpSync(join(folder, 'served'), copy, { recursive: true })
  const policy = parsePolicy(readFileSync(join(folder, 'served', 'policy')), { allowNoWitness: true })
  const { published, faults } = await verifyServed(servedFolder(copy), policy)
  expect(faults).toEqual([])
  expect(published?.checkpoint.size).toBe(288)
})

it('is made whole or not at all, and never over something', async () => {
  const folder = join(testFolder(), 'log')
  const init = (changes: object) =>
    initLog(folder, { origin: ORIGIN, random, now: testClock().now, ...changes })
  for (const origin of [
    'nopath',
    'https://log.example/x',
    'log example/x',
    'a+b/x',
    'log.example/receipts',
    'log.example/',
  ]) {
    await expectCode('LOG_SETTINGS', () => init({ origin }))
  }
  await expectCode('LOG_SETTINGS', () => init({ intervalMinutes: 7 }))
  await expectCode('LOG_SETTINGS', () => init({ witnesses: ['no key'] }))
  await expectCode('VKEY_MALFORMED', () => init({ witnesses: ['a+b+c@https://w.example'] }))
  expect(readdirSync(join(folder, '..'))).toEqual([])
  await init({})
  await expectCode('LOG_EXISTS', () => init({}))
  await expectCode('LOG_NOT_FOUND', () => openLog(join(folder, 'no')))
})

it('gives back what a torn line had not acknowledged, and keeps the rest', async () => {
  const folder = await makeLog()
  const [first, second] = [makeOpening(), makeOpening()]
  await append(folder, first)
  const path = join(folder, 'state', 'pending.jsonl')
  const whole = statSync(path).size
  await append(folder, second)
  for (const size of [whole + 1, statSync(path).size - 1]) {
    truncateSync(path, size)
    expect((await checkLog(folder)).pendingCount).toBe(2)
  }
  const [again] = await append(folder, second)
  expect(again?.state).toBe('pending')
  await checkpointNow(folder)
  for (const { record } of [first, second])
    expect((await proveRecord(folder, record.id)).verified.index).toBeLessThan(16)
})
