import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import type { Finding } from '#contract/program.ts'
import { createClient, Mailbox, sendReport } from '../../src/client/index.ts'
import { newSurvivor, solve } from '../../src/server/testing/reports.ts'
import { isoWeekOf } from '../../src/server/time.ts'
import { type Ran, saksi, startSaksi, temporaryFolder } from '../run-saksi.ts'

const NO_DATABASE = { DATABASE_URL: '' }

let folder: ReturnType<typeof temporaryFolder>
let data: string
beforeEach(() => {
  folder = temporaryFolder()
  // As root, PostgreSQL's user has to pass through.
  chmodSync(folder.path, 0o711)
  data = join(folder.path, 'data')
})
afterEach(() => folder.remove())

interface Served {
  readonly url: string
  readonly said: () => string
  readonly child: ChildProcess
  stop(): Promise<Ran>
}

async function serve(...more: string[]): Promise<Served> {
  const { child, ended } = startSaksi(['serve', '--data', data, '--port', '0', ...more], NO_DATABASE)
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr?.on('data', (text: string) => {
    said += text
  })
  await expect.poll(() => said, { timeout: 60_000, interval: 20 }).toMatch(/ready: http\S+\n/)
  const url = /ready: (http\S+)/.exec(said)?.[1] ?? expect.fail('no address')
  const stop = async () => {
    child.kill('SIGTERM')
    return ended
  }
  return { url, child, said: () => said, stop }
}

async function doctor(...more: string[]): Promise<{ code: number | null; findings: Finding[] }> {
  const { code, stdout } = await saksi(['doctor', '--data', data, '--json', ...more], NO_DATABASE)
  return { code, findings: JSON.parse(stdout).findings }
}

const stateOf = (findings: readonly Finding[], what: string) =>
  findings.find((found) => found.what === what)?.state

it('makes its data directory, prints one link, keeps what it acknowledged, and ends tidily', async () => {
  const first = await serve()
  expect(first.said()).toMatch(/\/setup#[A-Za-z0-9_-]{43}\n/)
  const { report, keys } = newSurvivor({ week: isoWeekOf(new Date()) })
  const receipt = await sendReport(createClient({ baseUrl: first.url }), report, solve, { lowPower: true })
  expect(receipt).toContain('saksi-receipt/v1')
  const ended = await first.stop()
  expect(ended.code).toBe(0)
  // Nothing about who asked, and nothing of what was sent.
  expect(ended.stdout).toContain('"route":"/api/intake/open","status":200')
  expect(ended.stdout).not.toMatch(/127\.0\.0\.1|setup#/)
  expect(ended.stdout).not.toContain(report.mailbox)

  const second = await serve()
  expect(second.said()).not.toContain('/setup#')
  const contents = await new Mailbox(createClient({ baseUrl: second.url }), keys).fetch()
  expect(contents.items).toHaveLength(report.items.length)
  expect((await second.stop()).code).toBe(0)
  const third = await serve('--new-setup-link')
  expect(third.said()).toContain('/setup#')
  await third.stop()
})

it('lets only its own user look into the data directory', async () => {
  await (await serve()).stop()
  expect(statSync(data).mode & 0o067).toBe(0)
  for (const name of readdirSync(join(data, 'keys'))) {
    expect(statSync(join(data, 'keys', name)).mode & 0o077).toBe(0)
  }
})

it('refuses a second server on one data directory, and the first goes on', async () => {
  const first = await serve()
  const second = await saksi(['serve', '--data', data, '--port', '0'], NO_DATABASE)
  expect(second.code).toBe(3)
  expect(second.stderr).toContain('SERVER_ALREADY_RUNNING')
  expect(await createClient({ baseUrl: first.url }).health.check()).toMatchObject({ status: 'ready' })
})

it('starts again after it was killed', async () => {
  const first = await serve()
  const gone = once(first.child, 'exit')
  first.child.kill('SIGKILL')
  await gone
  const second = await serve()
  expect(await createClient({ baseUrl: second.url }).health.check()).toMatchObject({ status: 'ready' })
})

it('says why it cannot start, in words and with a code', async () => {
  const first = await serve()
  const port = new URL(first.url).port
  data = join(folder.path, 'other')
  const taken = await saksi(['serve', '--data', data, '--port', port], NO_DATABASE)
  expect([taken.code, taken.stderr]).toEqual([3, expect.stringContaining('SERVER_ADDRESS')])
  const wrong = await saksi(['serve', '--data', data], { ...NO_DATABASE, SAKSI_PORT: 'eighty' })
  expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining('SERVER_SETTINGS')])
  const unreachable = await saksi(['serve', '--data', data, '--port', '0'], {
    DATABASE_URL: 'postgres://saksi:not-to-be-told@127.0.0.1:1/saksi',
  })
  expect([unreachable.code, unreachable.stderr]).toEqual([3, expect.stringContaining('DATABASE_UNREACHABLE')])
  expect(unreachable.stderr).not.toContain('not-to-be-told')
})

it('looks at everything when asked, running or not, and says what to do', async () => {
  expect(await doctor()).toMatchObject({ code: 0, findings: [{ what: 'data directory', state: 'note' }] })
  const running = await serve()
  const port = new URL(running.url).port
  const seen = await doctor('--port', port)
  expect(seen.code).toBe(0)
  for (const what of ['permissions', 'disk', 'clock', 'server', 'database', 'durability', 'clocks']) {
    expect([what, stateOf(seen.findings, what)]).toEqual([what, 'well'])
  }
  expect(stateOf(seen.findings, 'set-up')).toBe('note')
  await running.stop()

  chmodSync(join(data, 'keys'), 0o755)
  const exposed = await doctor('--port', '1')
  expect(exposed.code).toBe(1)
  expect(stateOf(exposed.findings, 'permissions')).toBe('bad')
  expect(stateOf(exposed.findings, 'server')).toBe('note')
  expect(stateOf(exposed.findings, 'database')).toBe('well')
})

it('refuses a secret that others could read', async () => {
  await (await serve()).stop()
  chmodSync(join(data, 'keys', 'server.secret'), 0o644)
  const refused = await saksi(['serve', '--data', data, '--port', '0'], NO_DATABASE)
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('SERVER_DATA')])
})

it('refuses a data directory that is a file', async () => {
  mkdirSync(data)
  const refused = await saksi(['serve', '--data', join(process.execPath, 'x'), '--port', '0'], NO_DATABASE)
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('SERVER_DATA')])
})
