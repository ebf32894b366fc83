import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBank } from '#cli/bank-file/index.ts'
import { syntheticPicture } from '#cli/bank-file/synthetic-picture.ts'
import { drawScene } from '#lib/scenes/index.ts'
import { collect, type Ran, root, saksi, startSaksi, temporaryFolder } from './run-saksi.ts'

const folder = temporaryFolder()
const bank = join(folder.path, 'test.bank')
const copy = join(folder.path, 'copy')
const deathMark = join(folder.path, 'die')
const registered: string[] = []
let questions = ''

afterAll(folder.remove)

beforeAll(async () => {
  const size = { width: 640, height: 480 }
  for (const seed of [1, 2, 3]) {
    const path = join(folder.path, `${seed}.png`)
    await sharp(drawScene(seed, size).data, { raw: { ...size, channels: 3 } })
      .png()
      .toFile(path)
    expect((await saksi(['bank', 'add', bank, '--entry', `S-${seed}`, path])).code).toBe(0)
    registered.push(JSON.parse((await saksi(['fingerprint', path])).stdout).pdq)
  }
  questions = Array.from({ length: 6_000 }, (_, n) => lineOf(n)).join('\n')
})

/** Strangers, copies, what is no fingerprint, a plain print, and lines of "saksi fingerprint". */
function lineOf(n: number): string {
  const value = BigInt(`0x${registered[n % 3]}`) ^ ((1n << BigInt(n % 40)) - 1n)
  const near = value.toString(16).padStart(64, '0')
  const stranger = Array.from({ length: 8 }, (_, k) =>
    (Math.imul(n * 8 + k + 1, 2_654_435_769) >>> 0).toString(16).padStart(8, '0'),
  ).join('')
  if (n % 1_000 === 7) return 'no fingerprint'
  if (n % 50 === 1) return JSON.stringify({ pdq: near, quality: 3, usable: true })
  if (n % 50 === 2)
    return JSON.stringify({ pdq: near, quality: 90, sha256: 'a'.repeat(64), md5: 'b'.repeat(32) })
  if (n % 50 === 3) return JSON.stringify({ sha256: 'a'.repeat(64), md5: 'b'.repeat(32) })
  return n % 4 === 0 ? near : stranger
}

/** The built program elsewhere, whose look-up threads die at their first work as often as `deathMark` says. */
function copyWithDyingThreads(): string {
  cpSync(join(root, 'dist'), copy, { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder.path, 'node_modules'))
  writeFileSync(join(folder.path, 'package.json'), '{"type":"module"}')
  renameSync(join(copy, 'index-worker.js'), join(copy, 'real-index-worker.js'))
  writeFileSync(
    join(copy, 'index-worker.js'),
    `import { existsSync, rmSync } from 'node:fs'
    import { parentPort } from 'node:worker_threads'
    const mark = ${JSON.stringify(deathMark)}
    if (existsSync(mark)) parentPort.on('message', ({ kind }) => {
      if (kind !== 'work') return
      rmSync(mark, { recursive: true, force: true })
      process.exit(9)
    })
    else await import('./real-index-worker.js')
    `,
  )
  return join(copy, 'saksi.js')
}

async function match(...args: string[]): Promise<Ran> {
  const { child, ended } = startSaksi(['match', '--bank', bank, ...args])
  child.stdin?.end(questions)
  return await ended
}

it.each([[], ['--json']])(
  'answers from several threads as from one, in the same order, with %j',
  async (...args) => {
    const one = await match('--threads', '1', ...args)
    const three = await match('--threads', '3', ...args)
    expect(one.code).toBe(1)
    expect(one.stdout.split('\n').length).toBeGreaterThan(1_000)
    expect(three.stdout).toBe(one.stdout)
    expect(three.stderr).toBe(one.stderr)
    expect(three.code).toBe(1)
  },
)

it('loses no answer when a thread dies', async () => {
  const program = copyWithDyingThreads()
  mkdirSync(deathMark)
  const child = spawn(process.execPath, [program, 'match', '--bank', bank, '--threads', '2'])
  child.stdin.end(questions)
  const died = await collect(child)
  expect(existsSync(deathMark)).toBe(false)
  expect(died.stdout).toBe((await match('--threads', '1')).stdout)
  expect(died.code).toBe(1)
})

it('starts threads by itself for many questions of a large bank, and for a small one none', async () => {
  const large = join(folder.path, 'large.bank')
  const opened = await openBank(large, { create: true })
  for (let n = 0; n < 40; n++) await opened.appendPictures(`L-${n}`, [syntheticPicture(`${n}`, 510)])
  await opened.close()
  for (const [path, isThreaded] of [
    [bank, false],
    [large, true],
  ] as const) {
    mkdirSync(deathMark, { recursive: true })
    const child = spawn(process.execPath, [join(copy, 'saksi.js'), 'match', '--bank', path], {
      env: { ...process.env, SAKSI_WORKERS: '2' },
    })
    child.stdin.end(questions)
    expect((await collect(child)).code).toBe(1)
    expect(existsSync(deathMark)).toBe(!isThreaded)
  }
})

it('answers without threads when they do not start', async () => {
  writeFileSync(join(copy, 'index-worker.js'), 'process.exit(9)\n')
  const child = spawn(process.execPath, [join(copy, 'saksi.js'), 'match', '--bank', bank, '--threads', '2'])
  child.stdin.end(questions)
  expect((await collect(child)).stdout).toBe((await match('--threads', '1')).stdout)
})

it('answers each line that has come without waiting for more', async () => {
  const { child, ended } = startSaksi(['match', '--bank', bank, '--threads', '2'])
  let answers = 0
  for (const pdq of registered) {
    child.stdin?.write(`${pdq}\n`)
    const [text] = child.stdout ? await once(child.stdout, 'data') : []
    expect(String(text)).toContain(`${pdq}\tS-`)
    answers++
  }
  child.stdin?.end()
  expect((await ended).code).toBe(0)
  expect(answers).toBe(3)
})

it('refuses a number of threads that is none', async () => {
  for (const threads of ['0', '65', '1.5', 'x'])
    expect((await saksi(['match', '--bank', bank, '--threads', threads, registered[0] ?? ''])).code).toBe(2)
})
