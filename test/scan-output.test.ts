import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Planted, plantExport } from './planted-export.ts'
import { checkDigests, matchKeys, type Ran, readReport, saksi, temporaryFolder } from './run-saksi.ts'

const { path: folder, remove } = temporaryFolder()
let planted: Planted
let places = 0

beforeAll(async () => {
  planted = await plantExport(folder, {
    messages: 30,
    pictures: 6,
    seed: 'scan-output',
    plant: [{ entry: 'P-1', scene: 100, edits: ['exact', 'mirrored'] }],
    pictureSize: { longSide: 640, shortSide: 480 },
  })
})
afterAll(remove)

/** A path in a folder of its own, so that anything left beside it is seen. */
function newPlace(): string {
  const parent = join(folder, `place-${places++}`)
  mkdirSync(parent)
  return join(parent, 'report')
}

const scan = (...more: string[]): Promise<Ran> =>
  saksi(['scan', planted.exportPath, '--bank', planted.bankPath, ...more])

const codeIn = ({ stderr }: Ran): string | undefined => /\[([A-Z_]+)\]\s*$/.exec(stderr)?.[1]

it('makes the folders on the way, for the owner only, and leaves nothing beside the report', async () => {
  const out = join(newPlace(), 'deeper', 'report')
  expect((await scan('--out', out)).code).toBe(0)
  checkDigests(out, 'manifest-sha256.txt')
  expect(readdirSync(out).sort()).toEqual([
    'export-sha256.txt',
    'manifest-sha256.txt',
    'report.html',
    'report.json',
  ])
  expect(readdirSync(dirname(out))).toEqual(['report'])
})

it('refuses a folder that is not empty, and replaces a report only when told', async () => {
  const out = newPlace()
  await scan('--out', out)
  const first = readFileSync(join(out, 'report.json'), 'utf8')
  const refused = await scan('--out', out)
  expect([refused.code, codeIn(refused)]).toEqual([3, 'OUTPUT_EXISTS'])
  expect(readFileSync(join(out, 'report.json'), 'utf8')).toBe(first)
  const replaced = await scan('--out', out, '--replace')
  expect(replaced.code).toBe(0)
  expect(readFileSync(join(out, 'report.json'), 'utf8')).not.toBe(first)
  checkDigests(out, 'manifest-sha256.txt')
  expect(readdirSync(dirname(out))).toEqual(['report'])
})

it('never replaces a folder that holds anything else', async () => {
  const out = newPlace()
  await scan('--out', out)
  writeFileSync(join(out, 'notes.txt'), 'mine')
  const refused = await scan('--out', out, '--replace')
  expect([refused.code, codeIn(refused)]).toEqual([3, 'OUTPUT_EXISTS'])
  expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('mine')
  rmSync(join(out, 'notes.txt'))
  rmSync(join(out, 'report.html'))
  mkdirSync(join(out, 'report.html'))
  writeFileSync(join(out, 'report.html', 'notes.txt'), 'mine')
  expect((await scan('--out', out, '--replace')).code).toBe(3)
  expect(readFileSync(join(out, 'report.html', 'notes.txt'), 'utf8')).toBe('mine')
})

it('refuses a place that cannot hold a report before it scans', async () => {
  const out = newPlace()
  writeFileSync(out, 'a file')
  const target = newPlace()
  mkdirSync(target)
  const link = newPlace()
  symlinkSync(target, link)
  const inside = join(planted.exportPath, 'report')
  for (const place of ['', out, join(out, 'below'), link, inside, planted.exportPath, '/proc/report']) {
    const refused = await scan('--out', place, '--replace')
    expect([place, refused.code]).toEqual([place, 3])
    expect(codeIn(refused)).toMatch(/^OUTPUT_(UNUSABLE|EXISTS)$/)
  }
  expect(existsSync(inside)).toBe(false)
  expect(readFileSync(out, 'utf8')).toBe('a file')
})

it('puts back a former report that a killed run had moved aside, before it decides anything', async () => {
  const out = newPlace()
  await scan('--out', out)
  const text = readFileSync(join(out, 'report.json'), 'utf8')
  const aside = join(dirname(out), '.report.saksi-unfinished-999999999-abc')
  mkdirSync(aside)
  writeFileSync(join(aside, 'report.json'), '{"half')
  mkdirSync(`${aside}-former`)
  for (const name of readdirSync(out))
    writeFileSync(join(`${aside}-former`, name), readFileSync(join(out, name)))
  rmSync(out, { recursive: true })
  expect((await scan('--out', out)).code).toBe(3)
  expect(readFileSync(join(out, 'report.json'), 'utf8')).toBe(text)
  expect(readdirSync(dirname(out))).toEqual(['report'])
})

it('never opens a withheld picture, by message number or by file name', async () => {
  const [exact, mirrored] = ['exact', 'mirrored'].map((edit) =>
    planted.truth.copies.find((copy) => copy.edit === edit),
  )
  const whole = await scan('--json')
  const report = JSON.parse(whole.stdout)
  const digest = report.matches.find(
    (match: { messageId: string }) => match.messageId === String(exact?.messageId),
  )?.attachment.sha256
  expect(digest).toMatch(/^[0-9a-f]{64}$/)
  const path = join(planted.exportPath, exact?.path ?? '')
  const bytes = readFileSync(path)
  const name = exact?.path?.replace('photos/', '') ?? ''
  for (const withheld of [String(exact?.messageId), exact?.path ?? '', name]) {
    const out = newPlace()
    // A folder in the file's place: to open it would be an error.
    rmSync(path)
    if (withheld === String(exact?.messageId)) mkdirSync(path)
    else writeFileSync(path, bytes)
    const ran = await scan('--out', out, '--withhold', withheld)
    expect(ran.code).toBe(0)
    const { counts, matches } = readReport(out)
    expect(matches.map(({ messageId }) => messageId)).toEqual([String(mirrored?.messageId)])
    expect(counts.pictures).toMatchObject({ withheld: 1, unreadable: 0, notInExport: 0, compared: 5 })
    expect(counts.attachments['withheld']).toBe(1)
    expect(sum(counts.attachments)).toBe(sum(report.counts.attachments))
    const shown = readdirSync(out).map((file) => readFileSync(join(out, file), 'utf8'))
    for (const text of [...shown, ran.stdout, ran.stderr]) {
      expect(text).not.toContain(name)
      expect(text).not.toContain(digest)
    }
    rmSync(path, { recursive: true, force: true })
    writeFileSync(path, bytes)
  }
})

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

it('withholds a file whichever message shows it', async () => {
  const copies = planted.truth.copies
  const twice = join(folder, 'twice')
  mkdirSync(join(twice, 'photos'), { recursive: true })
  const [first, second] = [copies[0], copies[1]]
  const json = readFileSync(join(planted.exportPath, 'result.json'), 'utf8')
  writeFileSync(join(twice, 'result.json'), json.replace(second?.path ?? '', first?.path ?? ''))
  writeFileSync(join(twice, first?.path ?? ''), readFileSync(join(planted.exportPath, first?.path ?? '')))
  const both = await saksi(['scan', twice, '--bank', planted.bankPath, '--json'])
  expect(matchKeys(JSON.parse(both.stdout))).toHaveLength(2)
  const ran = await saksi([
    'scan',
    twice,
    '--bank',
    planted.bankPath,
    '--json',
    '--withhold',
    String(first?.messageId),
  ])
  const report = JSON.parse(ran.stdout)
  expect(report.matches).toEqual([])
  expect(report.counts.pictures.withheld).toBe(2)
})

it('refuses to scan when what is to be withheld is not in the export', async () => {
  const out = newPlace()
  const id = String(planted.truth.copies[0]?.messageId)
  const refused = await scan('--out', out, '--withhold', id, '987654321')
  expect([refused.code, codeIn(refused)]).toEqual([3, 'WITHHOLD_UNKNOWN'])
  expect(refused.stderr).toContain('987654321')
  expect(existsSync(out)).toBe(false)
})

it('writes nothing without --out, and says so', async () => {
  const { code, stderr } = await scan()
  expect(code).toBe(0)
  expect(stderr).toContain('--out')
})

it('says when the bank holds nothing that could match', async () => {
  const bank = join(folder, 'withdrawn.bank')
  writeFileSync(bank, readFileSync(planted.bankPath))
  for (const entry of ['P-1', 'P-2', 'P-3', 'P-4', 'P-5'])
    await saksi(['bank', 'withdraw', bank, '--entry', entry])
  const { code, stderr } = await saksi(['scan', planted.exportPath, '--bank', bank])
  expect(code).toBe(0)
  expect(stderr).toMatch(/no entry/)
})

it('answers wrong usage with 2 and an unusable input with 3, in JSON too', async () => {
  const table: [string[], number][] = [
    [['scan', planted.exportPath], 2],
    [['scan', planted.exportPath, '--bank', planted.bankPath, '--date-order', 'ymd'], 2],
    [['scan', join(folder, 'none'), '--bank', planted.bankPath], 3],
    [['scan', planted.exportPath, '--bank', join(folder, 'none')], 3],
    [['scan', planted.bankPath, '--bank', planted.bankPath], 3],
    [['scan', planted.exportPath, '--bank', join(planted.exportPath, 'result.json')], 3],
  ]
  for (const [args, code] of table) expect([args, (await saksi(args)).code]).toEqual([args, code])
  const { stdout } = await saksi(['scan', join(folder, 'none'), '--bank', planted.bankPath, '--json'])
  expect(JSON.parse(stdout).error.code).toBe('SOURCE_NOT_FOUND')
})
