import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run, runJson, type WitnessProgram, witnessProgram } from '../log-program.ts'
import { temporaryFolder } from '../run-saksi.ts'
import { posted, writeScan } from './bundle-scan-fixture.ts'

const folder = temporaryFolder()
const at = (name: string) => join(folder.path, name)
const witnesses: WitnessProgram[] = []

beforeAll(async () => {
  writeScan(at('scan'), [posted(1), posted(2)])
  await run(['bundle', 'key', at('key')])
  for (const name of ['w1', 'w2']) witnesses.push(await witnessProgram(folder.path, name))
  const asked = witnesses.flatMap(({ vkey, url }) => ['--witness', `${vkey}@${url}`])
  const made = await runJson(['log', 'init', at('log'), '--origin', 'custody.example.org/log', ...asked])
  for (const witness of witnesses) await witness.know(String(made['logKey']))
})
afterAll(async () => {
  for (const witness of witnesses) await witness.stop()
  folder.remove()
})

const create = (out: string, ...more: string[]) => [
  'bundle',
  'create',
  '--scan',
  at('scan'),
  '--entry',
  'S-1',
  '--key',
  at('key'),
  '--log',
  at('log'),
  '--out',
  at(out),
  ...more,
]

it('makes a bundle whose records two witnesses of other organisations have seen', async () => {
  const { stdout } = await run(create('H1.zip'))
  const fingerprint = /SHA256:\S+/.exec(stdout)?.[0] ?? ''
  execFileSync('unzip', ['-q', at('H1.zip'), '-d', folder.path])
  const checked = spawnSync('sh', ['VERIFY.sh', '--fingerprint', fingerprint], {
    cwd: at('H1'),
    encoding: 'utf8',
  })
  for (const name of ['w1', 'w2'])
    expect(checked.stdout).toMatch(
      new RegExp(`${name}\\.example had seen the log with \\d+ entries at ${new Date().getUTCFullYear()}-`),
    )
  expect(checked.status).toBe(0)
  const verified = await run(['bundle', 'verify', at('H1.zip'), '--fingerprint', fingerprint])
  expect(verified.stdout.match(/Seen by witness/g)?.length).toBe(2)
  expect(readFileSync(at('H1/proofs/P0001.record.json'), 'utf8')).toContain('"type":"sighting.recorded"')
  // The next bundle has later entries in a larger tree.
  await run(create('H2.zip'))
  expect((await run(['bundle', 'verify', at('H2.zip')])).stdout).toContain('All ')
})

it('makes no bundle while too few witnesses answer, and says that the records are safe', async () => {
  await witnesses[1]?.stop()
  const before = readdirSync(folder.path).sort()
  const { stderr } = await run(create('H3.zip'), 3)
  expect(stderr).toContain('[SEAL_LOG_PENDING]')
  expect(readdirSync(folder.path).sort()).toEqual(before)
  rmSync(at('H1'), { recursive: true })
})
