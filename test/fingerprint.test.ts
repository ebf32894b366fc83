import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { brandOnly, grayPng, scene } from './picture-fixtures.ts'

const program = join(import.meta.dirname, '..', 'dist', 'saksi.js')
const folder = mkdtempSync(join(tmpdir(), 'saksi-fingerprint-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Line {
  file: string
  [field: string]: unknown
}

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'fingerprint', ...args], {
    encoding: 'utf8',
    cwd: folder,
    timeout: 60_000,
  })
  return { status, stdout, stderr }
}

function linesOf(stdout: string): Line[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line): Line => JSON.parse(line))
}

async function save(name: string, seed: number): Promise<string> {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, await scene(seed, 320, 240).image().jpeg().toBuffer())
  return path
}

it('prints one line a picture with exactly the promised fields, digests as other tools compute them', async () => {
  const path = await save('one.jpg', 1)
  const { status, stdout } = run('one.jpg')
  const [line, ...rest] = linesOf(stdout)
  expect(status).toBe(0)
  expect(rest).toEqual([])
  const fields = ['file', 'sha256', 'md5', 'pdq', 'quality', 'usable', 'type', 'width', 'height']
  expect(Object.keys(line ?? {})).toEqual(fields)
  expect(line).toMatchObject({ file: 'one.jpg', usable: true, type: 'image/jpeg', width: 320, height: 240 })
  expect(line?.['pdq']).toMatch(/^[0-9a-f]{64}$/)
  for (const [field, tool] of [
    ['sha256', 'sha256sum'],
    ['md5', 'md5sum'],
  ] as const)
    expect(execFileSync(tool, [path], { encoding: 'utf8' }).split(' ')[0]).toBe(line?.[field])
  expect(stdout).not.toContain('\u001b')
})

it('goes through folders in stable order, follows no links and leaves other files out', async () => {
  await save('tree/b.jpg', 2)
  await save('tree/a/z.jpg', 3)
  await save('tree/a/c.jpg', 4)
  writeFileSync(join(folder, 'tree', 'notes.txt'), 'no picture')
  writeFileSync(join(folder, 'tree', 'page.jpg'), '<!doctype html>')
  symlinkSync(join(folder, 'one.jpg'), join(folder, 'tree', 'link.jpg'))
  symlinkSync(folder, join(folder, 'tree', 'loop'))
  const first = run('tree')
  expect(linesOf(first.stdout).map(({ file }) => file)).toEqual([
    'tree/a/c.jpg',
    'tree/a/z.jpg',
    'tree/b.jpg',
  ])
  expect(first.status).toBe(0)
  expect(run('tree').stdout).toBe(first.stdout)
})

it('reports a named file that is no picture or is damaged, goes on, and ends with 1', async () => {
  await save('good.jpg', 5)
  writeFileSync(join(folder, 'page.png'), '<svg/>')
  writeFileSync(join(folder, 'empty.jpg'), '')
  writeFileSync(join(folder, 'phone.heic'), brandOnly('heic'))
  writeFileSync(
    join(folder, 'large.jpg'),
    Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(60e6)]),
  )
  const { status, stdout } = run('page.png', 'empty.jpg', 'good.jpg', 'phone.heic', 'large.jpg')
  expect(status).toBe(1)
  expect(linesOf(stdout).map(({ file, error }) => [file, error])).toEqual([
    ['page.png', { code: 'NOT_A_PICTURE', message: expect.any(String) }],
    ['empty.jpg', { code: 'NOT_A_PICTURE', message: expect.any(String) }],
    ['good.jpg', undefined],
    ['phone.heic', { code: 'UNSUPPORTED_PICTURE', message: expect.any(String) }],
    ['large.jpg', { code: 'FILE_TOO_LARGE', message: expect.any(String) }],
  ])
})

it('does nothing at all when a name does not exist', () => {
  const { status, stdout, stderr } = run('one.jpg', 'missing.jpg')
  expect([status, stdout]).toEqual([3, ''])
  expect(stderr).toContain('INPUT_NOT_FOUND')
})

it('answers wrong usage with 2 and shows examples when asked', () => {
  for (const args of [
    [],
    ['--nonsense', 'one.jpg'],
    ['one.jpg', '--variants', 'x'],
    ['one.jpg', '--fast', '--variants'],
  ])
    expect(run(...args)).toMatchObject({ status: 2, stdout: '' })
  const help = run('--help')
  expect(help.status).toBe(0)
  expect(help.stdout).toContain('$ saksi fingerprint')
})

it('adds the registration set: eight orientations, and two more where there is transparency', async () => {
  const { pixels, image } = scene(6, 320, 240)
  writeFileSync(join(folder, 'solid.png'), await image().png().toBuffer())
  const alpha = Buffer.from(
    pixels.data.filter((_, i) => i % 3 === 0).map((_, i) => (i % 320 < 120 && i < 30_000 ? 0 : 255)),
  )
  const raw = { width: 320, height: 240, channels: 1 as const }
  writeFileSync(join(folder, 'clear.png'), await image().joinChannel(alpha, { raw }).png().toBuffer())
  const idsOf = (line: Line | undefined) => {
    const rows = line?.['variants']
    return Array.isArray(rows) ? rows.map((row: { id: string }) => row.id) : []
  }
  const orientations = ['o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7']
  const [solid, clear] = linesOf(run('solid.png', 'clear.png', '--variants').stdout)
  expect(idsOf(solid)).toEqual(orientations)
  expect(idsOf(clear)).toEqual([...orientations, 'w', 'k'])
})

it('prints the whole fingerprint of a picture that may not be used, also with its registration set', async () => {
  writeFileSync(join(folder, 'flat.png'), grayPng(320, 240, 240))
  for (const args of [['flat.png'], ['flat.png', '--variants']]) {
    const [line] = linesOf(run(...args).stdout)
    expect(line).toMatchObject({
      usable: false,
      reason: 'FLAT',
      pdq: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  }
})

it('takes --fast', () => {
  expect(linesOf(run('--fast', 'one.jpg').stdout)).toHaveLength(1)
})

it('keeps hostile names inside JSON strings', async () => {
  const names = ['new\nline.jpg', 'esc\u001b[31m.jpg', 'quote".jpg', 'rtl\u202egpj.jpg']
  for (const [i, name] of names.entries()) await save(`hostile/${name}`, 20 + i)
  const { status, stdout } = run('hostile')
  expect(status).toBe(0)
  expect(new Set(linesOf(stdout).map(({ file }) => file))).toEqual(
    new Set(names.map((name) => `hostile/${name}`)),
  )
  expect(stdout).not.toContain('\u001b')
})

it('never opens a pipe and ends', () => {
  execFileSync('mkfifo', [join(folder, 'pipe.jpg')])
  const { status, stdout } = run('pipe.jpg')
  expect(status).toBe(1)
  expect(linesOf(stdout)).toMatchObject([{ file: 'pipe.jpg', error: { code: 'FILE_UNREADABLE' } }])
})

it('reads 2000 files, and ends quietly when the reader leaves early', async () => {
  const bytes = await scene(8, 64, 48).image().jpeg().toBuffer()
  mkdirSync(join(folder, 'many'))
  for (let i = 0; i < 2000; i++) writeFileSync(join(folder, 'many', `${i}.jpg`), bytes)
  const all = run('many')
  expect(linesOf(all.stdout)).toHaveLength(2000)
  const child = spawn(process.execPath, [program, 'fingerprint', 'many'], { cwd: folder })
  child.stdout.once('data', () => child.stdout.destroy())
  const errors: string[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()))
  expect(await exitOf(child)).toBe(0)
  expect(errors.join('')).not.toContain('Error')
})

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve))
}
