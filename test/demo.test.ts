import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { checkDigests, readReport, saksi, startSaksi, temporaryFolder } from './run-saksi.ts'

const { path: folder, remove } = temporaryFolder()
afterAll(remove)

it('shows the whole way, names what was missed and matches nobody wrongly, twice over', async () => {
  const out = join(folder, 'demo')
  const ran = await saksi(['demo', '--out', out])
  expect(ran.code).toBe(0)
  expect(ran.stdout).toContain('Wrong matches: 0. S-006 was never posted')
  const table = ran.stdout.slice(ran.stdout.indexOf('4. Against what was really planted'))
  expect(table).toMatch(/exact +4 of 4 +all found/)
  for (const kind of ['screenshot', 'stickered', 'cropped light'])
    expect(table).toMatch(new RegExp(`${kind} +[1-9] of [1-9] +all found`))
  expect(table).toMatch(/missing +0 of 1 +not found +\S/)
  expect(table.lastIndexOf('all found')).toBeLessThan(table.indexOf('not found'))
  for (const line of table.split('\n').slice(0, -5)) expect(line.length).toBeLessThanOrEqual(80)
  for (const name of ['report-group', 'report-backup']) {
    checkDigests(join(out, name), 'manifest-sha256.txt')
    expect(readReport(join(out, name)).matches.map(({ entry }) => entry)).not.toContain('S-006')
  }
  const again = await saksi(['demo', '--out', out])
  expect([again.code, again.stdout]).toEqual([0, ran.stdout])
}, 600_000)

it('replaces no folder that it did not make', async () => {
  const out = join(folder, 'foreign')
  mkdirSync(out)
  writeFileSync(join(out, 'notes.txt'), 'mine')
  const ran = await saksi(['demo', '--out', out])
  expect(ran.code).toBe(3)
  expect(ran.stderr).toContain('[OUTPUT_EXISTS]')
  expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('mine')
})

it('leaves nothing when it is stopped', async () => {
  const out = join(folder, 'stopped', 'demo')
  mkdirSync(dirname(out))
  const { child, ended } = startSaksi(['demo', '--out', out])
  child.stdout?.once('data', () => child.kill('SIGINT'))
  expect((await ended).code).toBe(130)
  expect(existsSync(out)).toBe(false)
  expect(readdirSync(dirname(out))).toEqual([])
})
