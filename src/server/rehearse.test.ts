import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { parseCheckpoint, parseNote } from '#lib/tlog/index.ts'
import { readPolicy } from '#node/log-store/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { createClient } from '../client/index.ts'
import { rehearse } from './rehearse.ts'

const DAY_MS = 24 * 60 * 60_000
const directory = makeTemporaryFolder()
// As root, PostgreSQL's user has to pass through.
chmodSync(directory, 0o711)
afterAll(() => {
  removeFolder(directory)
  vi.unstubAllEnvs()
})

it('runs a server of its own whatever the environment says, turns its clock, and ends with the signal', async () => {
  vi.stubEnv('DATABASE_URL', 'postgres://nobody@127.0.0.1:1/none')
  vi.stubEnv('SAKSI_PORT', '1')
  const stop = new AbortController()
  const data = join(directory, 'data')
  const server = await rehearse({ data, signal: stop.signal, log: () => undefined })
  const client = createClient({ baseUrl: server.url })
  expect(await client.health.check()).toMatchObject({ status: 'ready' })
  expect(server.setupToken).toMatch(/^[A-Za-z0-9_-]{43}$/)

  // A day later the log has made a checkpoint by itself.
  const before = server.now().getTime()
  expect(await server.forward(DAY_MS)).toBe(0)
  expect(server.now().getTime() - before).toBeGreaterThanOrEqual(DAY_MS)
  const note = parseNote(await (await fetch(`${server.url}/log/checkpoint`)).text())
  expect(parseCheckpoint(note.text)).toMatchObject({ origin: server.logOrigin })

  // Commands find the log by its folder alone while the server runs.
  expect(await readPolicy(server.logFolder)).toContain(`log ${server.logOrigin}`)
  expect(readFileSync(join(server.logFolder, 'keys', 'database'), 'utf8')).toMatch(/^postgres:/)
  stop.abort()
  await server.ended
  await expect(client.health.check()).rejects.toMatchObject({ code: 'CLIENT_NO_ANSWER' })
}, 120_000)

it('ends what it had begun when it is stopped at once: the folder is free', async () => {
  const stop = new AbortController()
  stop.abort()
  const data = join(directory, 'stopped')
  const start = rehearse({ data, signal: stop.signal, log: () => undefined })
  const server = await start.catch(() => null)
  await server?.ended
  const next = new AbortController()
  const again = await rehearse({ data, signal: next.signal, log: () => undefined })
  expect(await createClient({ baseUrl: again.url }).health.check()).toMatchObject({ status: 'ready' })
  next.abort()
  await again.ended
}, 120_000)
