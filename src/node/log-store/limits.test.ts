import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import { checkLog, makeCheckpoint, openLog, proveRecord } from './index.ts'
import { writePending } from './pending.ts'
import { expectCode, makeLog, makeOpening, ORIGIN, random } from './testing.ts'

async function append(folder: string, ...openings: ReturnType<typeof makeOpening>[]) {
  const log = await openLog(folder)
  try {
    return await Promise.all(openings.map((opening) => log.appendRecord(opening)))
  } finally {
    await log.close()
  }
}

it('refuses more than it can take until the next checkpoint, and loses none of it', async () => {
  const folder = await makeLog()
  const path = join(folder, 'state', 'pending.jsonl')
  const waiting = Array.from({ length: 100_000 }, () => ({
    commitment: bytesToBase64(random(32)),
    manifestSha256: 'ab'.repeat(32),
    receivedOn: '2026-01-15',
    mergeBy: '2026-01-16T11:00:00Z',
    publicRecord: null,
  }))
  await writePending(path, ORIGIN, waiting)
  const opening = makeOpening()
  await expectCode('LOG_BUSY', () => append(folder, opening))
  // What waits is still answered for.
  const commitment = new Uint8Array(Buffer.from(waiting[7]?.commitment ?? '', 'base64'))
  const log = await openLog(folder)
  expect(await log.appendCommitment({ commitment, manifestSha256: 'cd'.repeat(32) })).toMatchObject({
    state: 'pending',
  })
  await log.close()
})

it('takes a folder that came back without its empty ones, and says so where it needs one', async () => {
  const folder = await makeLog()
  const opening = makeOpening()
  await append(folder, opening)
  await makeCheckpoint(folder)
  const pads = join(folder, 'openings', 'pads')
  rmSync(pads, { recursive: true })
  expect((await checkLog(folder)).faults).toEqual([])
  await expectCode('LOG_WRITE_FAILED', () => makeCheckpoint(folder, { isOutOfTurn: true }))
  mkdirSync(pads)
  rmSync(join(folder, 'openings', 'items'), { recursive: true })
  expect((await makeCheckpoint(folder, { isOutOfTurn: true })).state).toBe('published')
  rmSync(join(folder, 'openings'), { recursive: true })
  expect((await checkLog(folder)).openingCount).toBe(0)
  await expectCode('LOG_WRITE_FAILED', () => append(folder, makeOpening()))
  await expectCode('LOG_OPENING_MISSING', () => proveRecord(folder, opening.record.id))
})

it('says that the disk failed, accepts nothing it cannot keep, and goes on when the disk is right', async () => {
  const folder = await makeLog()
  const blocked = (name: string): string => join(folder, `${name}.new`)
  const opening = makeOpening()
  const name = join('openings', `${opening.record.id}.json`)
  mkdirSync(blocked(name))
  await expectCode('LOG_WRITE_FAILED', () => append(folder, opening))
  expect((await checkLog(folder)).pendingCount).toBe(1)
  rmSync(blocked(name), { recursive: true })
  await append(folder, opening)
  for (const step of [
    'state/batch.json',
    'served/tile/0/000.p/16',
    'keys/signed-size.json',
    'state/newest-note',
    'served/checkpoint',
  ]) {
    mkdirSync(blocked(step), { recursive: true })
    await expectCode('LOG_WRITE_FAILED', () => makeCheckpoint(folder, { isOutOfTurn: true }))
    rmSync(blocked(step), { recursive: true })
    expect((await checkLog(folder)).faults).toEqual([])
  }
  await makeCheckpoint(folder)
  expect((await proveRecord(folder, opening.record.id)).verified.opening).toEqual(opening)
})
