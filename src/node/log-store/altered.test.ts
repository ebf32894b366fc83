import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkLog, type LogStore, makeCheckpoint, openLog, parseHandedIn } from './index.ts'
import { sequenceAndSign } from './sequence.ts'
import { readLogKeys, signCheckpoint } from './sign-checkpoint.ts'
import { expectCode, makeLog, makeLogIn, makeOpening, random, testClock } from './testing.ts'
import { type StorageKind, twoStorageKinds } from './testing-storage.ts'
import { alterServed, flipServed, readServed } from './testing-stored.ts'

const NOW = { isOutOfTurn: true }

/** A log of 272 entries: a full tile, a partial one, and two levels. */
async function grownLog(kind: StorageKind): Promise<string> {
  const { now } = testClock()
  const folder = await makeLogIn(kind, { now })
  const log = await openLog(folder, { now })
  for (let i = 0; i < 17; i++) await sequenceAndSign(log, () => undefined)
  await log.close()
  await makeCheckpoint(folder, { now })
  return folder
}

async function withLog<Value>(folder: string, work: (log: LogStore) => Promise<Value>): Promise<Value> {
  const log = await openLog(folder)
  try {
    return await work(log)
  } finally {
    await log.close()
  }
}

describe.each(twoStorageKinds())('a log in $name', (kind) => {
  it('signs and accepts nothing when a tile or an entry is not what was signed, wherever it is', async () => {
    const folder = await grownLog(kind)
    for (const [name, at] of [
      ['tile/0/000', 40],
      ['tile/0/001.p/16', 3],
      ['tile/1/000.p/1', 31],
      ['tile/entries/000', 5000],
      ['tile/entries/001.p/16', 70],
    ] as const) {
      await flipServed(kind, folder, name, at)
      await expectCode('LOG_TILES_ALTERED', () => makeCheckpoint(folder, NOW))
      expect((await checkLog(folder)).faults.length, name).toBeGreaterThan(0)
      if (name === 'tile/0/001.p/16') {
        await expectCode('LOG_TILES_ALTERED', () => withLog(folder, (log) => log.appendRecord(makeOpening())))
      }
      await flipServed(kind, folder, name, at)
    }
    const gone = await readServed(folder, 'tile/0/000')
    await alterServed(kind, folder, 'tile/0/000', null)
    await expectCode('LOG_TILES_ALTERED', () => makeCheckpoint(folder, NOW))
    await alterServed(kind, folder, 'tile/0/000', gone)
    expect((await checkLog(folder)).faults).toEqual([])
    expect(await makeCheckpoint(folder, NOW)).toMatchObject({ state: 'published', size: 288 })
  }, 120_000)

  it('never writes over a tile that has other contents', async () => {
    const folder = await makeLogIn(kind)
    await makeCheckpoint(folder, NOW)
    const path = 'tile/0/000.p/32'
    await alterServed(kind, folder, path, Buffer.alloc(1024))
    await expectCode('LOG_TILE_CONFLICT', () => makeCheckpoint(folder, NOW))
    await expectCode('LOG_TILE_CONFLICT', () => makeCheckpoint(folder, NOW))
    expect(await readServed(folder, path)).toEqual(Buffer.alloc(1024))
    await alterServed(kind, folder, path, null)
    expect((await makeCheckpoint(folder, NOW)).state).toBe('published')
  })
})

it('never signs a smaller size, another root for a size, or after its lock was taken', async () => {
  const folder = await makeLog()
  await makeCheckpoint(folder, NOW)
  await withLog(folder, async (log) => {
    const keys = await readLogKeys(log)
    const { root } = log.newest
    await expectCode('LOG_SIGN_CONFLICT', () => signCheckpoint(log, keys, { size: 16, root: random(32) }, []))
    await expectCode('LOG_SIGN_CONFLICT', () => signCheckpoint(log, keys, { size: 15, root: random(32) }, []))
    expect(await signCheckpoint(log, keys, { size: 16, root }, [])).toBe(
      readFileSync(join(folder, 'served', 'checkpoint'), 'utf8'),
    )
    const lock = join(folder, 'lock')
    const mine = readFileSync(lock)
    writeFileSync(lock, mine.toString().replace(/"nonce":"./, '"nonce":"z'))
    const { commitment } = await log.appendRecord(makeOpening())
    await expectCode('LOG_LOCK_LOST', () => sequenceAndSign(log, () => undefined))
    expect(log.newest.size).toBe(16)
    // What is not in a signed tree waits on, whatever was begun with it.
    const waiting = await log.parts.storage.readPending()
    expect(waiting.map((pending) => pending.commitment)).toEqual([commitment])
    writeFileSync(lock, mine)
  })
  expect(await makeCheckpoint(folder, NOW)).toMatchObject({ state: 'published' })
  expect((await checkLog(folder)).faults).toEqual([])
})

it('refuses journals that were changed, cut in the middle, or belong to another log', async () => {
  const folder = await makeLog()
  const other = await makeLog({ origin: 'log.example/other' })
  await makeCheckpoint(folder, NOW)
  await makeCheckpoint(folder, NOW)
  const path = join(folder, 'state', 'signed.jsonl')
  const good = readFileSync(path, 'utf8')
  const lines = good.split('\n')
  const bad = [
    good.replace('"size":16', '"size":17'),
    [...lines.slice(0, 1), ...lines.slice(2)].join('\n'),
    lines.toSpliced(2, 0, lines[1] ?? '').join('\n'),
    '',
    readFileSync(join(other, 'state', 'signed.jsonl'), 'utf8'),
  ]
  for (const text of bad) {
    writeFileSync(path, text)
    await expectCode('LOG_DAMAGED', () => makeCheckpoint(folder, NOW))
    expect((await checkLog(folder)).faults.map(({ code }) => code)).toContain('LOG_DAMAGED')
  }
  // Its last line gone, the list says less than what is published.
  writeFileSync(path, `${lines.slice(0, -2).join('\n')}\n`)
  await expectCode('LOG_RESTORED', () => makeCheckpoint(folder, NOW))
  writeFileSync(path, `${good}{"n":4,"size":48,"ro`)
  expect((await makeCheckpoint(folder, NOW)).state).toBe('published')
})

it('reads a record in any notation and refuses what is ambiguous', () => {
  const context = { origin: 'log.example/custody', now: new Date('2026-01-15T10:00:00Z'), random }
  const read = (text: string) => parseHandedIn(Buffer.from(text), context)
  const by = '"by":{"role":"caseworker","key":"3f9a0c1d2e4b5a69"}'
  const body = '"body":{"case":"000102030405060708090a0b0c0d0e0f"}'
  const { record } = read(`{ "type":"case.opened",\n ${by}, ${body} }`)
  expect(record).toMatchObject({ v: 1, log: 'log.example/custody', at: '2026-01-15T10:00:00Z' })
  const codes = [
    'nothing',
    '[]',
    `{"type":"case.opened","type":"case.closed",${by},${body}}`,
    `{"type":"case.opened",${by},${body},"chain":null}`,
    `{"type":"case.opened",${by},"body":{"case":1.5}}`,
    `{"type":"case.opened",${by},${body},"place":"x"}`,
    `{"type":"case.opened",${by},${body},"log":"log.example/other"}`,
    `{"type":"case.opened",${by},${body},"at":"2026-02-30T10:00:00Z"}`,
    ' '.repeat(70_000),
  ].map((text) => {
    try {
      read(text)
      return null
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error
    }
  })
  expect(codes).toEqual([
    ...Array(5).fill('LOG_INPUT_INVALID'),
    'RECORD_FIELD',
    'RECORD_LOG',
    'RECORD_FIELD',
    'LOG_INPUT_INVALID',
  ])
})
