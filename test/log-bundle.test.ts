import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '#node/log-store/testing-storage.ts'
import { run, runJson } from './log-program.ts'
import { plantExport } from './planted-export.ts'
import { readReport, temporaryFolder } from './run-saksi.ts'

const folder = temporaryFolder()
const at = (name: string) => join(folder.path, name)
let server: TestServer
let address = ''
let fingerprint = ''

beforeAll(async () => {
  server = await startTestServer(undefined)
  address = await server.newDatabase()
  const { exportPath, bankPath } = await plantExport(folder.path)
  await run(['log', 'init', at('custody'), '--origin', 'log.example/custody', '--database', address])
  await run(['scan', exportPath, '--bank', bankPath, '--out', at('report'), '--log', at('custody')])
  await run(['log', 'checkpoint', at('custody'), '--now'])
  fingerprint = /SHA256:\S+/.exec((await run(['bundle', 'key', at('key')])).stdout)?.[0] ?? ''
})
afterAll(async () => {
  await server.stop()
  folder.remove()
})

const create = (out: string) => [
  ...['bundle', 'create', '--scan', at('report'), '--key', at('key'), '--log', at('custody')],
  ...['--allow-no-witness', '--entry', 'P-1', '--out', at(out)],
]

it('makes a bundle with its items from a log in a database, and none once they are erased there', async () => {
  await run(create('H1.zip'))
  expect(await runJson(['bundle', 'verify', at('H1.zip'), '--allow-no-witness'])).toMatchObject({ ok: true })
  execFileSync('unzip', ['-q', at('H1.zip'), '-d', folder.path])
  const checked = execFileSync('sh', ['VERIFY.sh', '--fingerprint', fingerprint, '--allow-no-witness'], {
    cwd: at('H1'),
    encoding: 'utf8',
  })
  const hers = readReport(at('report')).matches.filter(({ entry }) => entry === 'P-1')
  expect(hers.length).toBeGreaterThan(1)
  expect(checked.match(/the item beside it is sealed by P0001/g)?.length).toBe(hers.length)

  await server.asAdmin(address, "update custody_opening set content = '\\x78' where kind = 'items'")
  expect((await run(create('H2.zip'), 3)).stderr).toContain('[ITEMS_MISSING]')
  await server.asAdmin(address, "delete from custody_opening where kind = 'items'")
  expect((await run(create('H2.zip'), 3)).stderr).toContain('[ITEMS_MISSING]')
})
