import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run, runJson } from './log-program.ts'
import { plantExport } from './planted-export.ts'
import { readReport, temporaryFolder } from './run-saksi.ts'

const folder = temporaryFolder()
const at = (name: string) => join(folder.path, name)
let fingerprint = ''

beforeAll(async () => {
  const { exportPath, bankPath } = await plantExport(folder.path)
  await run(['log', 'init', at('custody'), '--origin', 'log.example/custody'])
  await run(['scan', exportPath, '--bank', bankPath, '--out', at('report'), '--log', at('custody')])
  // Within one checkpoint entries stand in the order of chance.
  await run(['log', 'checkpoint', at('custody'), '--now'])
  fingerprint = /SHA256:\S+/.exec((await run(['bundle', 'key', at('key')])).stdout)?.[0] ?? ''
})
afterAll(folder.remove)

const create = (out: string, ...more: string[]) => [
  'bundle',
  'create',
  '--scan',
  at('report'),
  '--key',
  at('key'),
  '--log',
  at('custody'),
  '--allow-no-witness',
  '--out',
  at(out),
  ...more,
]
const script = (bag: string) =>
  spawnSync('sh', ['VERIFY.sh', '--fingerprint', fingerprint, '--allow-no-witness'], {
    cwd: at(bag),
    encoding: 'utf8',
  })

it('proves each handed-over message as an item of the capture that the scan had entered in the log', async () => {
  await run(create('H1.zip', '--entry', 'P-1'))
  execFileSync('unzip', ['-q', at('H1.zip'), '-d', folder.path])
  const checked = script('H1')
  expect(checked.stdout.split('\n').filter((line) => line.startsWith('FAIL'))).toEqual([])
  expect(checked.status).toBe(0)
  const report = readReport(at('report'))
  const hers = report.matches.filter(({ entry }) => entry === 'P-1')
  expect(hers.length).toBeGreaterThan(1)
  expect(checked.stdout.match(/the item beside it is sealed by P0001/g)?.length).toBe(hers.length)
  const verified = await runJson(['bundle', 'verify', at('H1.zip'), '--allow-no-witness'])
  expect(verified['ok']).toBe(true)
  expect(JSON.parse(readFileSync(at('H1/data/collections/C0001/collection.json'), 'utf8'))).toMatchObject({
    recordId: report.log?.collection,
    proof: 'P0001',
    sourceSha256: report.export.sha256,
  })
  // The capture was recorded when it was scanned, before anything of this bundle.
  const [, seal = '', first = ''] = readFileSync(at('H1/proofs/index.csv'), 'utf8').split('\n')
  const indexOf = (line: string) => Number(line.split(',')[3]?.replaceAll('"', ''))
  expect(seal).toContain('"P0001","collection.sealed"')
  expect(indexOf(seal)).toBeLessThan(indexOf(first))
})

it('discloses no item of anybody else, only hashes under salts that nobody else has', async () => {
  const others = readReport(at('report')).matches.filter(({ entry }) => entry !== 'P-1')
  expect(others.length).toBeGreaterThan(1)
  const everything = execFileSync('cat', [at('H1.zip')]).toString('latin1')
  for (const { attachment, raw } of others) {
    expect(everything.includes(attachment.sha256)).toBe(false)
    if (raw.sha256 !== null) expect(everything.includes(raw.sha256)).toBe(false)
  }
})

it('makes a bundle without items from a scan that another log holds', async () => {
  await run(['log', 'init', at('other'), '--origin', 'other.example/custody'])
  const args = create('H2.zip', '--entry', 'P-1').map((arg) => (arg === at('custody') ? at('other') : arg))
  const { stderr } = await run(args)
  expect(stderr).toContain('log.example/custody')
  execFileSync('unzip', ['-q', at('H2.zip'), '-d', folder.path])
  expect(script('H2').status).toBe(0)
  expect(readFileSync(at('H2/data/collections/C0001/collection.json'), 'utf8')).toContain('"proof": null')
})

it('makes none when the items were erased or damaged', async () => {
  const report = readReport(at('report'))
  const items = join(at('custody'), 'openings', 'items', `${report.log?.collection}.jsonl`)
  const kept = readFileSync(items, 'utf8')
  for (const bad of ['', 'x', kept.replace('"salt"', '"pepper"'), `${kept}${kept}${kept}`]) {
    writeFileSync(items, bad)
    const { stderr } = await run(create('H3.zip', '--entry', 'P-1'), 3)
    expect(stderr, bad.slice(0, 40)).toMatch(/\[(ITEMS_MISSING|PROOF_MISSING)\]/)
  }
  rmSync(items)
  expect((await run(create('H3.zip', '--entry', 'P-1'), 3)).stderr).toContain('[ITEMS_MISSING]')
})
