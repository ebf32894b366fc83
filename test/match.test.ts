import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { drawScene } from '#lib/scenes/index.ts'
import { type Ran, saksi, startSaksi, temporaryFolder } from './run-saksi.ts'

const folder = temporaryFolder()
const bank = join(folder.path, 'test.bank')
const pictures = join(folder.path, 'pictures')
let registered = ''
let mirrored = ''

afterAll(folder.remove)

beforeAll(async () => {
  mkdirSync(pictures)
  const size = { width: 640, height: 480 }
  for (const seed of [1, 2]) {
    const image = sharp(drawScene(seed, size).data, { raw: { ...size, channels: 3 } })
    await image.png().toFile(join(pictures, `${seed}.png`))
  }
  await sharp(join(pictures, '1.png')).flop().toFile(join(folder.path, 'mirrored.png'))
  expect((await saksi(['bank', 'add', bank, '--entry', 'S-001', join(pictures, '1.png')])).code).toBe(0)
  registered = await pdqOf(join(pictures, '1.png'))
  mirrored = await pdqOf(join(folder.path, 'mirrored.png'))
})

async function pdqOf(path: string): Promise<string> {
  return JSON.parse((await saksi(['fingerprint', path])).stdout).pdq
}

async function matchLines(input: string | Uint8Array, ...args: string[]): Promise<Ran> {
  const { child, ended } = startSaksi(['match', '--bank', bank, ...args])
  child.stdin?.end(input)
  return await ended
}

const flipped = (pdq: string, bits: number): string => {
  const value = BigInt(`0x${pdq}`) ^ ((1n << BigInt(bits)) - 1n)
  return value.toString(16).padStart(64, '0')
}

it('names the entry, the distance and the variant of a fingerprint given as an argument', async () => {
  const { code, stdout, stderr } = await saksi(['match', '--bank', bank, registered, mirrored])
  expect(code).toBe(0)
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split('\t')),
  ).toEqual([
    [registered, 'S-001', '0', 'o0'],
    [mirrored, 'S-001', '0', expect.stringMatching(/^o[1-7]$/)],
  ])
  expect(stderr).toContain('2 fingerprints compared, 2 matched.')
})

it('matches up to distance 31 and not at 32', async () => {
  const input = [31, 32].map((bits) => flipped(registered, bits)).join('\n')
  const { code, stdout } = await matchLines(input)
  expect(code).toBe(0)
  expect(stdout.trim().split('\t')).toEqual([flipped(registered, 31), 'S-001', '31', 'o0'])
})

it('takes what "saksi fingerprint" prints, and knows the same file by its digest', async () => {
  const { stdout: prints } = await saksi(['fingerprint', pictures])
  const { stdout } = await matchLines(prints, '--json')
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(answers.map(({ matches }) => matches)).toEqual([
    [expect.objectContaining({ entry: 'S-001', rule: 'exact-file' })],
    [],
  ])
})

it('does not compare prints that say too little', async () => {
  const { stdout, stderr } = await matchLines(JSON.stringify({ pdq: registered, quality: 49, usable: true }))
  expect(stdout).toBe('')
  expect(stderr).toContain('1 too plain to compare')
})

it('names a line that is no fingerprint and goes on', async () => {
  const lines = ['', 'abc', '{"pdq":"x"}', '{', 'x'.repeat(200_000), registered.toUpperCase(), 'f'.repeat(63)]
  const { code, stdout, stderr } = await matchLines(`${lines.join('\r\n')}`)
  expect(code).toBe(1)
  expect(stdout).toBe(`${registered}\tS-001\t0\to0\n`)
  for (const number of [2, 3, 4, 5, 7]) expect(stderr).toContain(`line ${number}: neither`)
  expect(stderr).toContain('5 lines not understood')
})

it('refuses arguments that are no fingerprints, and a bank that is not there', async () => {
  expect((await saksi(['match', '--bank', bank, 'abc'])).code).toBe(2)
  const { code, stderr } = await saksi(['match', '--bank', join(folder.path, 'none.bank'), registered])
  expect(code).toBe(3)
  expect(stderr).toMatch(/\[BANK_[A-Z_]+\]/)
})

it('stops quietly when nobody reads on', async () => {
  const { child, ended } = startSaksi(['match', '--bank', bank])
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(`${registered}\n`.repeat(50_000))
  if (child.stdout) await once(child.stdout, 'data')
  child.stdout?.destroy()
  expect((await ended).code).toBe(0)
})
