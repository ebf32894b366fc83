import { randomBytes } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { AppError } from '#lib/errors/index.ts'
import type { Opening } from '#lib/tlog/index.ts'
import { type InitLogOptions, initLog } from './init-log.ts'
import type { StorageKind } from './testing-storage.ts'

export const ORIGIN = 'log.example/custody'
export const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))

/** A new folder that goes when the test is over. */
export function testFolder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'saksi-log-')))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A clock that a test sets. */
export function testClock(start = '2026-01-15T10:05:00Z') {
  const clock = { time: new Date(start), now: () => clock.time, passMinutes }
  function passMinutes(minutes: number): void {
    clock.time = new Date(clock.time.getTime() + minutes * 60_000)
  }
  return clock
}

/** A new log in a new folder. */
export async function makeLog(options: Partial<InitLogOptions> = {}): Promise<string> {
  const folder = join(testFolder(), 'log')
  await initLog(folder, { origin: ORIGIN, random, now: () => new Date(), ...options })
  return folder
}

/** A record of its own, with its salt. */
export function makeOpening(changes: Partial<Opening['record']> = {}): Opening {
  const id = Buffer.from(random(16)).toString('hex')
  const by = { role: 'caseworker', key: '3f9a0c1d2e4b5a69' }
  const record = {
    v: 1,
    type: 'case.opened',
    id,
    log: ORIGIN,
    at: '2026-01-15T10:00:00Z',
    by,
    body: { case: id },
  } as const
  return { salt: random(32), record: { ...record, ...changes } }
}

/** Holds the code of the error that comes, not its words. */
export async function expectCode(code: string, act: () => Promise<unknown>): Promise<void> {
  const error = await act().then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error !== null && !(error instanceof AppError)) throw error
  expect(error?.code).toBe(code)
}

/** A new log of this kind of storage, in a new folder and perhaps a new database. */
export async function makeLogIn(kind: StorageKind, options: Partial<InitLogOptions> = {}): Promise<string> {
  const database = await kind.newDatabase()
  return makeLog({ ...options, ...(database !== null && { database }) })
}
