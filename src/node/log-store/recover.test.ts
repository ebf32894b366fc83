import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatVkey, parsePolicy, witnessKey } from '#lib/tlog/index.ts'
import { addLog } from '../witness/index.ts'
import { seedOf, startWitness, stateFolder } from '../witness/testing.ts'
import {
  changeWitnesses,
  checkLog,
  makeCheckpoint,
  openLog,
  proveRecord,
  readKeyFile,
  readPolicy,
  recoverLog,
  withStorage,
} from './index.ts'
import { expectCode, makeLogIn, makeOpening, ORIGIN, testFolder } from './testing.ts'
import { twoStorageKinds } from './testing-storage.ts'
import { copyOf, mirrorOf, putBack } from './testing-stored.ts'

const NOW = { isOutOfTurn: true, patienceMs: 1_000 }
const KEYS = [1, 2].map((n) => witnessKey(`w${n}.example`, seedOf(n)))

async function append(folder: string): Promise<string> {
  const opening = makeOpening()
  const log = await openLog(folder)
  await log.appendRecord(opening)
  await log.close()
  return opening.record.id
}

/** A witness that knows the log of this folder. */
async function witnessOf(number: number) {
  const key = KEYS[number] ?? witnessKey('none', seedOf(9))
  const state = stateFolder()
  const { url } = await startWitness({ key, state })
  const know = async (folder: string): Promise<void> =>
    addLog(state, (await readKeyFile(join(folder, 'keys', 'log.key'), 'log')).vkey, ORIGIN)
  return { text: `${formatVkey(key.vkey)}@${url}`, know }
}

describe.each(twoStorageKinds())('a log in $name', (kind) => {
  it('brings an old copy up to date from a mirror, and signs on without a second history', async () => {
    const witness = await witnessOf(0)
    const folder = await makeLogIn(kind, { witnesses: [witness.text] })
    await witness.know(folder)
    const early = await append(folder)
    await makeCheckpoint(folder, NOW)
    // A copy with something waiting, and later history that only the mirror has.
    const waiting = await append(folder)
    const copy = await copyOf(kind, folder)
    const late = await append(folder)
    await makeCheckpoint(folder, NOW)
    await makeCheckpoint(folder, NOW)
    const mirror = await mirrorOf(kind, folder)
    putBack(copy, folder)
    await expectCode('LOG_BEHIND_WITNESS', () => makeCheckpoint(folder, NOW))

    expect(await recoverLog(folder, mirror, new Date())).toBe(48)
    expect((await checkLog(folder)).faults).toEqual([])
    const fresh = await append(folder)
    expect(await makeCheckpoint(folder, NOW)).toMatchObject({ state: 'published', size: 64 })
    for (const id of [early, waiting, fresh])
      expect((await proveRecord(folder, id)).verified.hasQuorum).toBe(true)
    await expectCode('LOG_OPENING_MISSING', () => proveRecord(folder, late))
    expect((await checkLog(folder)).faults).toEqual([])
  })

  it('changes nothing for a mirror that is older, altered, or of another history', async () => {
    const folder = await makeLogIn(kind)
    await makeCheckpoint(folder, NOW)
    const old = await mirrorOf(kind, folder)
    const fork = await copyOf(kind, folder)
    await makeCheckpoint(folder, NOW)
    await makeCheckpoint(fork, NOW)
    await makeCheckpoint(fork, NOW)
    const signed = () => withStorage(folder, ({ storage }) => storage.readSigned())
    const before = await signed()
    const forked = await mirrorOf(kind, fork)
    await expectCode('LOG_RESTORED', () => recoverLog(folder, old, new Date()))
    await expectCode('LOG_SIGN_CONFLICT', () => recoverLog(folder, forked, new Date()))
    rmSync(join(forked, 'tile', '0', '000.p', '48'))
    await expectCode('LOG_TILES_ALTERED', () => recoverLog(folder, forked, new Date()))
    await expectCode('LOG_NO_CHECKPOINT', () => recoverLog(folder, testFolder(), new Date()))
    expect(await signed()).toEqual(before)
    expect(await makeCheckpoint(folder, NOW)).toMatchObject({ state: 'published', size: 48 })
  })

  it('takes other witnesses from the next checkpoint on, for everybody to see', async () => {
    const folder = await makeLogIn(kind)
    await makeCheckpoint(folder, NOW)
    const witnesses = [await witnessOf(0), await witnessOf(1)]
    const log = await openLog(folder)
    const options = { witnesses: witnesses.map(({ text }) => text), quorum: 1 }
    await expectCode('POLICY_THRESHOLD', () => changeWitnesses(log, { ...options, quorum: 3 }))
    const text = await changeWitnesses(log, options)
    await log.close()
    expect(await readPolicy(folder)).toBe(text)
    expect(parsePolicy(text).witnesses).toHaveLength(2)
    // They do not know the log yet, so nothing is signed.
    expect((await makeCheckpoint(folder, NOW)).state).toBe('unwitnessed')
    await witnesses[1]?.know(folder)
    const outcome = await makeCheckpoint(folder, NOW)
    expect(outcome).toMatchObject({ state: 'published', size: 32, witnesses: [{ name: 'w2.example' }] })
    const { faults } = await checkLog(folder)
    expect(faults).toEqual([])
  })
})
