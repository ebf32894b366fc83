import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Planted, plantExport } from './planted-export.ts'
import { checkDigests, readReport, saksi, startSaksi, temporaryFolder } from './run-saksi.ts'

const { path: folder, remove } = temporaryFolder()
const KILLS = 42
let planted: Planted
let wholeMs = 0
let places = 0

beforeAll(async () => {
  planted = await plantExport(folder, {
    messages: 400,
    pictures: 300,
    seed: 'interrupt',
    plant: [{ entry: 'P-1', scene: 100, edits: ['exact'] }],
    pictureSize: { longSide: 64, shortSide: 48 },
  })
  const startedMs = performance.now()
  expect((await saksi(scanInto(newPlace()))).code).toBe(0)
  wholeMs = performance.now() - startedMs
})
afterAll(remove)

function scanInto(out: string, ...more: string[]): string[] {
  return ['scan', planted.exportPath, '--bank', planted.bankPath, '--out', out, ...more]
}

function newPlace(): string {
  const parent = join(folder, `place-${places++}`)
  mkdirSync(parent)
  return join(parent, 'report')
}

/** Moments spread evenly, in an order that looks random: the fractional parts of multiples of the golden section. */
const momentOf = (i: number): number => (i * 0.618_033_988_75) % 1

function isWhole(out: string): boolean {
  checkDigests(out, 'manifest-sha256.txt')
  const report = readReport(out)
  return report.counts.pictures.compared === 300 && readdirSync(out).length === 4
}

it('stops tidily on SIGINT and SIGTERM, whenever they come', async () => {
  const out = newPlace()
  const codes: (number | null)[] = []
  for (let i = 0; i < 10; i++) {
    const { child, ended } = startSaksi(scanInto(out))
    await sleep(wholeMs * (0.3 + 0.6 * momentOf(i)))
    child.kill(i % 2 === 0 ? 'SIGINT' : 'SIGTERM')
    const { code, stdout } = await ended
    codes.push(code)
    if (code === 0) {
      expect(isWhole(out)).toBe(true)
      rmSync(out, { recursive: true })
    } else expect(stdout).toBe('')
    expect(readdirSync(dirname(out))).toEqual([])
  }
  // Null: before the program listened. Nothing may be left then either.
  expect(codes.filter((code) => code !== 0 && code !== 130 && code !== null)).toEqual([])
  expect(codes.filter((code) => code === 130).length).toBeGreaterThanOrEqual(3)
})

/** Kills at a moment of the whole run or, every other time, within milliseconds of the first byte of the report. */
async function killAtMoment(child: ChildProcess, ended: Promise<unknown>, parent: string, i: number) {
  if (i % 2 === 0) await Promise.race([sleep(wholeMs * momentOf(i)), ended])
  else {
    // Recursive: a program that wrote into a report in its place would be caught at it.
    const watcher = watch(parent, { recursive: true })
    await Promise.race([new Promise((resolve) => watcher.once('change', resolve)), ended])
    watcher.close()
    await sleep(12 * momentOf(i))
  }
  child.kill('SIGKILL')
  await ended
}

it('leaves no report or a whole one when it is killed, and the next run clears the rest away', async () => {
  const out = newPlace()
  const parent = dirname(out)
  let unfinished = 0
  for (let i = 0; i < KILLS; i++) {
    const { child, ended } = startSaksi(scanInto(out))
    await killAtMoment(child, ended, parent, i)
    unfinished += readdirSync(parent).filter((name) => name !== 'report').length
    if (existsSync(out)) expect(isWhole(out)).toBe(true)
    rmSync(out, { recursive: true, force: true })
    if (i % 7 !== 6) continue
    expect((await saksi(scanInto(out))).code).toBe(0)
    expect(isWhole(out)).toBe(true)
    expect(readdirSync(parent)).toEqual(['report'])
    rmSync(out, { recursive: true })
  }
  // Otherwise no kill fell into the writing, and this test proves nothing.
  expect(unfinished).toBeGreaterThan(0)
})

it('leaves the former report or the new one when it is killed while replacing', async () => {
  const out = newPlace()
  const parent = dirname(out)
  expect((await saksi(scanInto(out))).code).toBe(0)
  for (let i = 0; i < 16; i++) {
    const { child, ended } = startSaksi(scanInto(out, '--replace'))
    await killAtMoment(child, ended, parent, 2 * i + 1)
    if (existsSync(out)) expect(isWhole(out)).toBe(true)
    if (i % 4 !== 3) continue
    const text = existsSync(out) ? readFileSync(join(out, 'report.json'), 'utf8') : null
    const refused = await saksi(scanInto(out))
    expect(refused.code).toBe(3)
    expect(isWhole(out)).toBe(true)
    if (text !== null) expect(readFileSync(join(out, 'report.json'), 'utf8')).toBe(text)
    expect(readdirSync(parent)).toEqual(['report'])
  }
  expect((await saksi(scanInto(out, '--replace'))).code).toBe(0)
  expect(isWhole(out)).toBe(true)
})
