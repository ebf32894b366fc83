import { describe, expect, it } from 'vitest'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import { commitmentOf, formatLeaf, leafHash, parsePolicy, parseProof, verifyProof } from '#lib/tlog/index.ts'
import { makeCheckpoint, openLog, proveRecord, proveRecords, readPolicy } from './index.ts'
import { expectCode, makeLogIn, makeOpening, ORIGIN } from './testing.ts'
import { twoStorageKinds } from './testing-storage.ts'
import { flipServed } from './testing-stored.ts'

async function append(folder: string, ...openings: ReturnType<typeof makeOpening>[]): Promise<void> {
  const log = await openLog(folder)
  await Promise.all(openings.map((opening) => log.appendRecord(opening)))
  await log.close()
}

async function checkpointNow(folder: string): Promise<void> {
  expect((await makeCheckpoint(folder, { isOutOfTurn: true })).state).toBe('published')
}

describe.each(twoStorageKinds())('a log in $name', (kind) => {
  it('proves many records at once as it proves each, all of them or none', async () => {
    const folder = await makeLogIn(kind)
    const openings = Array.from({ length: 20 }, () => makeOpening())
    await append(folder, ...openings)
    expect(await proveRecords(folder, [])).toEqual([])
    await expectCode('LOG_NO_CHECKPOINT', () => proveRecords(folder, ['0'.repeat(64)]))
    await checkpointNow(folder)
    const later = makeOpening()
    await append(folder, later)
    await checkpointNow(folder)
    const asked = [
      later.record.id,
      ...openings.map((opening, i) =>
        i % 2 === 0 ? opening.record.id : bytesToBase64(commitmentOf(opening)),
      ),
      later.record.id,
    ]
    const proven = await proveRecords(folder, asked)
    expect(proven).toEqual(await Promise.all(asked.map((what) => proveRecord(folder, what))))
    const policy = parsePolicy(await readPolicy(folder), { allowNoWitness: true })
    for (const [i, opening] of [later, ...openings, later].entries()) {
      const leaf = leafHash(formatLeaf(commitmentOf(opening)))
      verifyProof(parseProof(proven[i]?.proof ?? ''), { policy, log: ORIGIN, leafHash: leaf })
    }
    for (const { proof } of await proveRecords(folder, asked, { isBare: true })) {
      expect(parseProof(proof).extra).toBeNull()
    }
    const waiting = makeOpening()
    await append(folder, waiting)
    await expectCode('LOG_RECORD_PENDING', () => proveRecords(folder, [...asked, waiting.record.id]))
    await expectCode('LOG_RECORD_UNKNOWN', () => proveRecords(folder, [...asked, '0'.repeat(64)]))
    await expectCode('LOG_OPENING_MISSING', () => proveRecords(folder, ['0'.repeat(32), ...asked]))
  })

  it('proves nothing from altered tiles', async () => {
    const folder = await makeLogIn(kind)
    const opening = makeOpening()
    await append(folder, opening)
    await checkpointNow(folder)
    for (let leaf = 0; leaf < 16; leaf++) await flipServed(kind, folder, 'tile/0/000.p/16', leaf * 32)
    await expectCode('INCLUSION_INVALID', () => proveRecord(folder, opening.record.id))
    await expectCode('INCLUSION_INVALID', () => proveRecords(folder, [opening.record.id]))
  })
})
