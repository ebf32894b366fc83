import { existsSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { acquireLock, removeStale } from './lock.ts'
import { mayBeAlive, thisProcess } from './process-identity.ts'

// Beyond the largest process number of any system: certainly nobody's.
const NO_PID = 2 ** 30
const NONCE = '0123456789abcdef'

const refusedWith = (code: string) => expect.objectContaining({ code })

const lockPath = () => join(mkdtempSync(join(tmpdir(), 'saksi-lock-')), 'bank.jsonl.lock')

function leaveLock(path: string, holder: object): void {
  writeFileSync(path, JSON.stringify({ ...thisProcess(), nonce: NONCE, ...holder }))
}

it('refuses a second holder once it has waited, and lets it in when the first is done', async () => {
  const path = lockPath()
  const first = await acquireLock(path, 0)
  await expect(acquireLock(path, 60)).rejects.toThrow(refusedWith('LOCK_TAKEN'))
  const second = acquireLock(path, 20_000)
  await sleep(50)
  await first.release()
  await (await second).release()
  expect(existsSync(path)).toBe(false)
})

it('takes over the lock of a process that is gone', async () => {
  const path = lockPath()
  leaveLock(path, { pid: NO_PID })
  const lock = await acquireLock(path, 0)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid })
  await lock.release()
  expect(readdirSync(dirname(path))).toEqual([])
})

it('takes over the lock of a process whose number is in use again', async () => {
  const { start } = thisProcess()
  expect(mayBeAlive(thisProcess())).toBe(true)
  if (start === null) return
  expect(mayBeAlive({ pid: process.pid, start: `${start}0`, host: hostname() })).toBe(false)
})

it('never takes over a lock it cannot judge: another machine, another user, no start time', async () => {
  expect(mayBeAlive({ pid: NO_PID, start: null, host: `${hostname()}-other` })).toBe(true)
  expect(mayBeAlive({ pid: 1, start: null, host: hostname() })).toBe(true)
  const path = lockPath()
  leaveLock(path, { pid: NO_PID, host: 'elsewhere' })
  await expect(acquireLock(path, 40)).rejects.toThrow(refusedWith('LOCK_TAKEN'))
})

it('takes over a lock its maker never wrote into, but only when it is old', async () => {
  const path = lockPath()
  writeFileSync(path, '')
  await expect(acquireLock(path, 40)).rejects.toThrow(refusedWith('LOCK_TAKEN'))
  utimesSync(path, new Date(0), new Date(0))
  await (await acquireLock(path, 0)).release()
  expect(readdirSync(dirname(path))).toEqual([])
})

it('leaves the new lock alone when another process was faster to take over the dead one', async () => {
  const path = lockPath()
  const lock = await acquireLock(path, 0)
  await removeStale(path, { name: NONCE, isStale: true })
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid })
  await lock.release()
  expect(readdirSync(dirname(path))).toEqual([])
})

it('gets past a process that died while taking over a dead lock', async () => {
  const path = lockPath()
  leaveLock(path, { pid: NO_PID })
  leaveLock(`${path}.${NONCE}`, { pid: NO_PID, nonce: 'fedcba9876543210' })
  await (await acquireLock(path, 0)).release()
  expect(readdirSync(dirname(path))).toEqual([])
})

it('clears away what a process left that died after taking over', async () => {
  const path = lockPath()
  leaveLock(`${path}.${NONCE}`, { pid: NO_PID, nonce: 'fedcba9876543210' })
  leaveLock(`${path}.fedcba9876543210`, { nonce: 'aaaaaaaaaaaaaaaa' })
  writeFileSync(`${path}.notes`, 'not ours')
  await (await acquireLock(path, 0)).release()
  expect(readdirSync(dirname(path)).sort()).toEqual([
    'bank.jsonl.lock.fedcba9876543210',
    'bank.jsonl.lock.notes',
  ])
})

it('lets one at a time in when many find the same dead lock', async () => {
  const path = lockPath()
  for (let round = 0; round < 20; round++) {
    leaveLock(path, { pid: NO_PID })
    let inside = 0
    const visits = Array.from({ length: 8 }, async () => {
      const lock = await acquireLock(path, 20_000)
      inside++
      expect(inside).toBe(1)
      await sleep(1)
      inside--
      await lock.release()
    })
    await Promise.all(visits)
    expect(readdirSync(dirname(path))).toEqual([])
  }
})
