import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatVkey, parsePolicy, parseProof, verifyCheckpoint, verifyProof } from '#lib/tlog/index.ts'
import { addLog } from '../witness/index.ts'
import { startWitness, stateFolder, WITNESS_KEY } from '../witness/testing.ts'
import {
  beginKeyRotation,
  checkLog,
  finishKeyRotation,
  type LogStore,
  makeCheckpoint,
  openLog,
  proveRecord,
  readKeyFile,
  readPolicy,
} from './index.ts'
import { expectCode, makeLogIn, makeOpening, ORIGIN, testClock } from './testing.ts'
import { storageKinds } from './testing-storage.ts'

describe.each(storageKinds().slice(0, 2))('a new key for a log in $name', (kind) => {
  async function logWithWitness() {
    const clock = testClock()
    const state = stateFolder()
    const { url } = await startWitness({ state, now: clock.now, requestsPerSecond: 1_000 })
    const witnesses = [`${formatVkey(WITNESS_KEY.vkey)}@${url}`]
    const folder = await makeLogIn(kind, { witnesses, now: clock.now })
    const { vkey } = await readKeyFile(join(folder, 'keys', 'log.key'), 'log')
    await addLog(state, vkey, ORIGIN)
    const withLog = async <Value>(work: (log: LogStore) => Promise<Value>): Promise<Value> => {
      const log = await openLog(folder, { now: clock.now })
      try {
        return await work(log)
      } finally {
        await log.close()
      }
    }
    const prove = async () => {
      const opening = makeOpening()
      await withLog((log) => log.appendRecord(opening))
      const outcome = await makeCheckpoint(folder, { isOutOfTurn: true, now: clock.now, patienceMs: 500 })
      expect(outcome.state).toBe('published')
      return parseProof((await proveRecord(folder, opening.record.id)).proof)
    }
    return { clock, folder, state, oldKey: vkey, withLog, prove }
  }

  it('signs with both for 30 days, so that the old policy and the new one both hold', async () => {
    const { clock, folder, state, oldKey, withLog, prove } = await logWithWitness()
    const policies = { old: parsePolicy(await readPolicy(folder)) }
    const before = await prove()
    const { newKey, policy } = await withLog((log) => beginKeyRotation(log))
    expect(await readPolicy(folder)).toBe(policy)
    await expectCode('LOG_SETTINGS', () => withLog((log) => beginKeyRotation(log)))
    await expectCode('LOG_SETTINGS', () => withLog((log) => finishKeyRotation(log)))
    // Nobody who has the new policy only could tell that the log is the same.
    await expectCode('LOG_SETTINGS', () => withLog((log) => finishKeyRotation(log, { isEarly: true })))
    const during = await prove()
    expect(during.note.signatures.filter(({ name }) => name === ORIGIN).map(({ keyId }) => keyId)).toEqual([
      oldKey.id,
      newKey.id,
    ])
    await addLog(state, newKey, ORIGIN)
    clock.passMinutes(30 * 24 * 60)
    expect(await withLog((log) => finishKeyRotation(log))).toEqual(newKey)
    const after = await prove()
    const own = after.note.signatures.filter(({ name }) => name === ORIGIN).map(({ keyId }) => keyId)
    expect(own).toEqual([newKey.id])

    const both = parsePolicy(policy)
    const now = parsePolicy(await readPolicy(folder))
    for (const proof of [before, during])
      expect(verifyProof(proof, { policy: policies.old }).hasQuorum).toBe(true)
    for (const proof of [before, during, after])
      expect(verifyProof(proof, { policy: both }).hasQuorum).toBe(true)
    for (const proof of [during, after]) expect(verifyProof(proof, { policy: now }).hasQuorum).toBe(true)
    await expectCode('NOTE_UNVERIFIED', async () => verifyProof(after, { policy: policies.old }))
    await expectCode('NOTE_UNVERIFIED', async () => verifyProof(before, { policy: now }))
    expect(existsSync(join(folder, 'keys', 'log-new.key'))).toBe(false)
    expect((await checkLog(folder, clock.now())).faults).toEqual([])
    await expectCode('LOG_SETTINGS', () => withLog((log) => finishKeyRotation(log)))
  })

  it('goes on where it was cut short, at each of its steps', async () => {
    const { clock, folder, state, withLog, prove } = await logWithWitness()
    const first = await withLog((log) => beginKeyRotation(log))
    // As if it had ended right before noting that it was done.
    await withLog((log) => log.parts.writer.writeRotation(null))
    expect((await withLog((log) => beginKeyRotation(log))).newKey).toEqual(first.newKey)
    await addLog(state, first.newKey, ORIGIN)
    await prove()
    const text = readFileSync(join(folder, 'keys', 'log-new.key'))
    await withLog((log) => finishKeyRotation(log, { isEarly: true }))
    await withLog((log) => log.parts.writer.writeRotation('2026-01-15T10:05:00Z'))
    expect(await withLog((log) => finishKeyRotation(log, { isEarly: true }))).toEqual(first.newKey)
    expect(readFileSync(join(folder, 'keys', 'log.key'))).toEqual(text)
    const proof = await prove()
    expect(verifyCheckpoint(proof.note, parsePolicy(await readPolicy(folder))).hasQuorum).toBe(true)
    rmSync(join(folder, 'keys', 'log.key'))
    await expectCode('KEY_MISSING', () => makeCheckpoint(folder, { isOutOfTurn: true, now: clock.now }))
  })
})
