import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { jpegOf } from './planted-export.ts'
import { type Ran, saksi, temporaryFolder } from './run-saksi.ts'

const { path: folder, remove } = temporaryFolder()
const pictures = join(folder, 'pictures')
let banks = 0

beforeAll(async () => {
  mkdirSync(pictures)
  for (const [name, scene] of [
    ['a.jpg', 100],
    ['b.jpg', 204],
    ['c.jpg', 308],
  ] as const)
    writeFileSync(join(pictures, name), await jpegOf(scene))
  writeFileSync(join(pictures, 'notes.txt'), 'no picture')
})
afterAll(remove)

const newBank = (): string => join(folder, `${banks++}.bank`)
const picture = (name: string): string => join(pictures, name)
const lines = ({ stdout }: Ran): unknown[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
const codeIn = ({ stderr }: Ran): string | undefined => /\[([A-Z_]+)\]\s*$/.exec(stderr)?.[1]

it('registers pictures, lists entries and withdraws one', async () => {
  const bank = newBank()
  const added = await saksi(['bank', 'add', bank, '--entry', 'S-001', picture('a.jpg'), picture('b.jpg')])
  expect(added.code).toBe(0)
  expect(added.stdout.match(/^added/gm)).toHaveLength(2)
  await saksi(['bank', 'add', bank, '--entry', 'S-002', picture('c.jpg')])
  expect(statSync(bank).mode & 0o777).toBe(0o600)
  expect(readFileSync(bank, 'utf8')).not.toMatch(/\.jpg|pictures/)
  const withdrawn = await saksi(['bank', 'withdraw', bank, '--entry', 'S-002', '--json'])
  expect([withdrawn.code, lines(withdrawn)]).toEqual([
    0,
    [{ entry: 'S-002', withdrawn: true, wasWithdrawnBefore: false, erased: true }],
  ])
  const again = await saksi(['bank', 'withdraw', bank, '--entry', 'S-002', '--json'])
  expect([again.code, lines(again)]).toEqual([
    0,
    [{ entry: 'S-002', withdrawn: true, wasWithdrawnBefore: true, erased: true }],
  ])
  expect(lines(await saksi(['bank', 'list', bank, '--json']))).toMatchObject([
    { entry: 'S-001', state: 'active', pictures: 2 },
    { entry: 'S-002', state: 'withdrawn', pictures: 0, prints: 0, withdrawnAt: expect.any(String) },
  ])
  const table = (await saksi(['bank', 'list', bank])).stdout
  expect(table).toMatch(/^S-001 +active/m)
  expect(table).toMatch(/^S-002 +withdrawn/m)
})

it('registers a folder of pictures, each once, in the order of their names', async () => {
  const bank = newBank()
  const added = await saksi(['bank', 'add', bank, '--entry', 'S-1', pictures, '--json'])
  expect(added.code).toBe(0)
  expect(lines(added)).toMatchObject(
    ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => ({
      file: picture(name),
      entry: 'S-1',
      alreadyThere: false,
      usable: true,
    })),
  )
  const again = lines(await saksi(['bank', 'add', bank, '--entry', 'S-1', pictures, '--json']))
  expect(again).toMatchObject([{ alreadyThere: true }, { alreadyThere: true }, { alreadyThere: true }])
})

it('names what it cannot read, registers the rest and ends with 1', async () => {
  const bank = newBank()
  const cut = join(folder, 'cut.jpg')
  writeFileSync(cut, readFileSync(picture('a.jpg')).subarray(0, 5000))
  const ran = await saksi(['bank', 'add', bank, '--entry', 'S-1', cut, picture('b.jpg'), '--json'])
  expect(ran.code).toBe(1)
  expect(lines(ran)).toMatchObject([{ file: cut, error: { code: 'PICTURE_DAMAGED' } }, { entry: 'S-1' }])
  expect(lines(await saksi(['bank', 'list', bank, '--json']))).toMatchObject([{ pictures: 1 }])
})

it('answers what it cannot do with a code, and changes nothing', async () => {
  const bank = newBank()
  await saksi(['bank', 'add', bank, '--entry', 'S-1', picture('a.jpg')])
  await saksi(['bank', 'add', bank, '--entry', 'S-2', picture('b.jpg')])
  await saksi(['bank', 'withdraw', bank, '--entry', 'S-2'])
  const before = readFileSync(bank)
  const stranger = join(folder, 'stranger')
  writeFileSync(stranger, 'something else\n')
  mkdirSync(join(folder, 'empty'))
  const table: [string[], number, string | undefined][] = [
    [['add', bank, '--entry', 'S-2', picture('b.jpg')], 3, 'ENTRY_WITHDRAWN'],
    [['add', bank, '--entry', 'a b', picture('b.jpg')], 3, 'ENTRY_ID_INVALID'],
    [['add', bank, '--entry', '../x', picture('b.jpg')], 3, 'ENTRY_ID_INVALID'],
    [['add', bank, '--entry', 'S-3', picture('none.jpg')], 3, 'INPUT_NOT_FOUND'],
    [['add', bank, '--entry', 'S-3', join(folder, 'empty')], 3, 'NO_PICTURES'],
    [['add', stranger, '--entry', 'S-3', picture('b.jpg')], 3, 'BANK_NOT_A_BANK'],
    [['add', bank, picture('b.jpg')], 2, undefined],
    [['add', bank, '--entry', 'S-3'], 2, undefined],
    [['withdraw', bank, '--entry', 'S-9'], 3, 'ENTRY_UNKNOWN'],
    [['withdraw', join(folder, 'none.bank'), '--entry', 'S-1'], 3, 'BANK_NOT_FOUND'],
    [['list', join(folder, 'none.bank')], 3, 'BANK_NOT_FOUND'],
    [['list', stranger], 3, 'BANK_NOT_A_BANK'],
    [['list'], 2, undefined],
    [['burn', bank], 2, undefined],
    [[], 2, undefined],
  ]
  for (const [args, code, error] of table) {
    const ran = await saksi(['bank', ...args])
    expect([args, ran.code, codeIn(ran)]).toEqual([args, code, error])
  }
  expect(readFileSync(bank)).toEqual(before)
  expect(existsSync(join(folder, 'none.bank'))).toBe(false)
})

it('refuses a damaged bank, but still withdraws from it', async () => {
  const bank = newBank()
  await saksi(['bank', 'add', bank, '--entry', 'S-1', picture('a.jpg')])
  await saksi(['bank', 'add', bank, '--entry', 'S-2', picture('b.jpg')])
  const text = readFileSync(bank, 'utf8')
  writeFileSync(bank, text.replace('"entry":"S-1"', '"entry":"S-7"'))
  for (const args of [
    ['list', bank],
    ['add', bank, '--entry', 'S-3', picture('c.jpg')],
  ]) {
    const ran = await saksi(['bank', ...args])
    expect([ran.code, codeIn(ran)]).toEqual([3, 'BANK_DAMAGED'])
  }
  expect((await saksi(['bank', 'withdraw', bank, '--entry', 'S-2'])).code).toBe(0)
})

it('lets two commands add at the same time, and loses nothing', async () => {
  const bank = newBank()
  const both = await Promise.all([
    saksi(['bank', 'add', bank, '--entry', 'S-1', picture('a.jpg')]),
    saksi(['bank', 'add', bank, '--entry', 'S-2', picture('b.jpg')]),
  ])
  expect(both.map(({ code }) => code)).toEqual([0, 0])
  const entries = lines(await saksi(['bank', 'list', bank, '--json']))
  expect(entries).toHaveLength(2)
  expect(entries).toMatchObject([{ pictures: 1 }, { pictures: 1 }])
  expect(readdirSync(folder).filter((name) => /\.bank\../.test(name))).toEqual([])
})

it('shows an example with every command', async () => {
  for (const [command, example] of [
    ['add', '$ saksi bank add'],
    ['list', '$ saksi bank list'],
    ['withdraw', '$ saksi bank withdraw'],
  ] as const) {
    const { code, stdout } = await saksi(['bank', command, '--help'])
    expect([command, code]).toEqual([command, 0])
    expect(stdout).toContain(example)
  }
})
