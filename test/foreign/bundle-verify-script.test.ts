import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { VERIFY_SCRIPT } from '#lib/bundle/index.ts'
import { collect, temporaryFolder } from '../run-saksi.ts'
import { FINGERPRINT, sampleBag, writeBag } from './bundle-fixtures.ts'

const folder = temporaryFolder()
afterAll(folder.remove)
const at = (name: string) => join(folder.path, name)
const PARALLEL = Math.max(2, availableParallelism())

/** The script from another place, as a laboratory takes it from the release: a changed copy in the bag proves nothing. */
const script = at('VERIFY.sh')
let files: Map<string, Uint8Array>

beforeAll(async () => {
  writeFileSync(script, VERIFY_SCRIPT)
  files = (await sampleBag({ hasItems: true })).files
  writeBag(at('whole'), files)
})

async function verify(bag: string, args: readonly string[] = [], shell = 'dash', env = process.env) {
  const child = spawn(shell, [script, ...args], { cwd: bag, env })
  child.stdin?.end()
  return await collect(child)
}

/** Runs tasks a few at a time. */
async function inParallel<T>(
  items: readonly T[],
  run: (item: T, lane: number) => Promise<void>,
): Promise<void> {
  const queue = [...items]
  const lanes = Array.from({ length: PARALLEL }, async (_, lane) => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item, lane)
  })
  await Promise.all(lanes)
}

it('accepts a whole bundle, and says so fully only when the key was compared', async () => {
  const alone = await verify(at('whole'))
  expect(alone.stdout).toContain(FINGERPRINT)
  expect(alone.stdout).toContain('witness.example/w2 had seen the log with 6 entries at 2026-01-20T09:06:41Z')
  expect(alone.code).toBe(3)
  expect((await verify(at('whole'), ['--fingerprint', FINGERPRINT])).code).toBe(0)
  expect((await verify(at('whole'), ['--fingerprint', 'SHA256:other'])).code).toBe(1)
  expect((await verify(at('whole'), ['--trust', at('whole/trust')])).code).toBe(0)
  expect((await verify(at('whole'), ['--nonsense'])).code).toBe(2)
  expect(execFileSync('git', ['hash-object', join(at('whole'), 'VERIFY.sh')]).toString()).toBe(
    execFileSync('git', ['hash-object', script]).toString(),
  )
})

it('needs no Node.js, only stock tools, and runs under other shells', async () => {
  const bin = at('bin')
  mkdirSync(bin)
  const tools =
    'sh awk cat cmp cut find fold grep head mktemp od openssl rm sed sort ssh-keygen tail tr uniq wc xargs sha256sum sha512sum'
  for (const tool of tools.split(' ')) {
    const found = (process.env['PATH'] ?? '').split(delimiter).map((path) => join(path, tool))
    const real = found.find(
      (path) => execFileSync('sh', ['-c', `test -x "${path}" && echo yes || echo no`]).toString() === 'yes\n',
    )
    symlinkSync(real ?? tool, join(bin, tool))
  }
  const env = { PATH: bin }
  const bash = execFileSync('sh', ['-c', 'command -v bash']).toString().trim()
  const dash = execFileSync('sh', ['-c', 'command -v dash']).toString().trim()
  expect((await verify(at('whole'), ['--fingerprint', FINGERPRINT], dash, env)).code).toBe(0)
  const underBash = spawn(bash, ['--posix', script, '--fingerprint', FINGERPRINT], { cwd: at('whole'), env })
  expect((await collect(underBash)).code).toBe(0)
  rmSync(join(bin, 'openssl'))
  const without = await verify(at('whole'), [], dash, env)
  expect(without.code).toBe(2)
  expect(without.stderr).toContain('openssl')
})

/** Changes one file of a bag; answers how to undo it, so that the next change starts from a whole bag. */
const MUTATIONS: Record<string, (path: string, index: number) => () => void> = {
  changed: (path, index) => {
    const bytes = readFileSync(path)
    const changed = Buffer.from(bytes)
    const place = [0, bytes.length >> 1, bytes.length - 1][index % 3] ?? 0
    changed[place] = (changed[place] ?? 0) ^ 1
    writeFileSync(path, changed)
    return () => writeFileSync(path, bytes)
  },
  deleted: (path) => {
    const bytes = readFileSync(path)
    rmSync(path)
    return () => writeFileSync(path, bytes)
  },
  copied: (path) => {
    cpSync(path, `${path}.txt`)
    return () => rmSync(`${path}.txt`)
  },
  renamed: (path) => {
    renameSync(path, `${path}x`)
    return () => renameSync(`${path}x`, path)
  },
}

it('refuses a bundle when any one of its files is changed, deleted, renamed, or a stranger is there', async () => {
  const small = (await sampleBag({ hasLog: false })).files
  // Every file once: in a bundle without a log, or, if only a log brings it, in one with a log.
  const walked = [...small.keys()].map((path) => ({ whole: 'small', path }))
  const logged = [...files.keys()]
    .filter((path) => !small.has(path))
    .map((path) => ({ whole: 'logged', path }))
  for (const lane of Array.from({ length: PARALLEL }).keys()) {
    writeBag(at(`small-${lane}`), small)
    writeBag(at(`logged-${lane}`), files)
  }
  const cases = [...walked, ...logged].flatMap((one, i) =>
    Object.entries(MUTATIONS).map(([name, mutate]) => ({ ...one, name, mutate, i })),
  )
  const survived: string[] = []
  await inParallel(cases, async ({ whole, path, name, mutate, i }, lane) => {
    const bag = at(`${whole}-${lane}`)
    const undo = mutate(join(bag, path), i)
    const { code } = await verify(bag, ['--fingerprint', FINGERPRINT])
    undo()
    if (code !== 1) survived.push(`${name} ${path}: ${code}`)
  })
  expect(survived).toEqual([])
  expect(cases.length).toBeGreaterThan(4 * files.size - 1)
  // What was undone was undone: had a change been left behind, every later case would have been refused for it.
  for (const lane of Array.from({ length: PARALLEL }).keys())
    for (const whole of ['small', 'logged'])
      expect((await verify(at(`${whole}-${lane}`), ['--fingerprint', FINGERPRINT])).code).toBe(0)
}, 600_000)

const STRANGERS: Record<string, (bag: string) => void> = {
  'a link to the same content': (bag) => {
    const path = join(bag, 'data/withheld.json')
    renameSync(path, at('elsewhere'))
    symlinkSync(at('elsewhere'), path)
  },
  'a pipe': (bag) => void execFileSync('mkfifo', [join(bag, 'data/pipe')]),
  'an empty folder': (bag) => mkdirSync(join(bag, 'data/empty')),
  'a hidden file': (bag) => writeFileSync(join(bag, '.hidden'), ''),
  'a name with a line break': (bag) => writeFileSync(join(bag, 'data/a\nb'), ''),
  'a name with a backslash': (bag) => writeFileSync(join(bag, 'data/a\\b'), ''),
  'a proof nobody names': (bag) => cpSync(join(bag, 'proofs/P0001.leaf'), join(bag, 'proofs/P0002.leaf')),
  'a byte after the signature': (bag) =>
    writeFileSync(join(bag, 'seal/tagmanifest-sha256.txt.sig'), '\n', { flag: 'a' }),
  'a witness line taken out': (bag) => {
    const path = join(bag, 'seal/bundle.tlog-proof')
    writeFileSync(
      path,
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => !line.includes('/w2 '))
        .join('\n'),
    )
  },
  'another case of a name': (bag) => cpSync(join(bag, 'README.txt'), join(bag, 'readme.txt')),
}

it('refuses links, pipes, empty folders and names made to confuse', async () => {
  await inParallel(Object.entries(STRANGERS), async ([name, change], lane) => {
    const bag = at(`stranger-${lane}`)
    rmSync(bag, { recursive: true, force: true })
    cpSync(at('whole'), bag, { recursive: true })
    change(bag)
    expect((await verify(bag, ['--fingerprint', FINGERPRINT])).code, name).toBe(1)
  })
})

it('refuses too few witnesses and, unless told otherwise, a log without any', async () => {
  const bags: [string, Awaited<ReturnType<typeof sampleBag>>, string[], number][] = [
    ['few', await sampleBag({ witnessCount: 1 }), [], 1],
    ['enough', await sampleBag({ quorum: '1', witnessCount: 1 }), [], 0],
    ['none', await sampleBag({ quorum: 'none', witnessCount: 0 }), [], 1],
    ['none', await sampleBag({ quorum: 'none', witnessCount: 0 }), ['--allow-no-witness'], 0],
  ]
  for (const [name, bag, args, code] of bags) {
    rmSync(at(name), { recursive: true, force: true })
    writeBag(at(name), bag.files)
    expect(
      (await verify(at(name), ['--fingerprint', FINGERPRINT, ...args])).code,
      `${name} ${args.join()}`,
    ).toBe(code)
  }
})

it('checks bags of many exhibits and deep trees', async () => {
  const { files: many } = await sampleBag({ exhibitCount: 20 })
  writeBag(at('many'), many)
  const { code, stdout } = await verify(at('many'), ['--fingerprint', FINGERPRINT])
  expect(stdout.split('\n').filter((line) => line.startsWith('FAIL'))).toEqual([])
  expect(code).toBe(0)
})

it('refuses a changed hash anywhere on the way to the root, also where an earlier record has gone before', async () => {
  const { files: several } = await sampleBag({ exhibitCount: 6 })
  const proofs = [...several.keys()].filter((path) => /^proofs\/P\d+\.tlog-proof$/.test(path)).slice(1)
  const cases = proofs.flatMap((path) => {
    const lines = new TextDecoder().decode(several.get(path)).split('\n')
    const hashes = lines.indexOf('') - 2
    return Array.from({ length: hashes }, (_, i) => ({ path, lines, at: i + 2 }))
  })
  expect(cases.length).toBeGreaterThan(8)
  // Of each proof the first hash and the last: every record after the first meets hashes that were climbed before.
  const tried = cases.filter(({ lines, at: i }) => i === 2 || i === lines.indexOf('') - 1)
  for (const lane of Array.from({ length: PARALLEL }).keys()) writeBag(at(`climb-${lane}`), several)
  await inParallel(tried, async ({ path, lines, at: i }, lane) => {
    const line = lines[i] ?? ''
    const changed = lines.with(i, `${line.startsWith('A') ? 'B' : 'A'}${line.slice(1)}`)
    writeFileSync(join(at(`climb-${lane}`), path), changed.join('\n'))
    const { stdout } = await verify(at(`climb-${lane}`), ['--fingerprint', FINGERPRINT])
    writeFileSync(join(at(`climb-${lane}`), path), lines.join('\n'))
    const number = path.slice('proofs/'.length, -'.tlog-proof'.length)
    const failed = stdout.split('\n').filter((one) => /^FAIL {2}P\d+: the entry/.test(one))
    expect(failed, `${path} line ${i}`).toEqual([
      `FAIL  ${number}: the entry is in the log, signed by log and witnesses`,
    ])
  })
})

it('gives commands that work when they are typed by hand', () => {
  const text = readFileSync(join(at('whole'), 'VERIFY.txt'), 'utf8')
  const commands = text
    .split('\n')
    .filter((line) => /^(sha256sum|sha512sum|ssh-keygen|L=|\(sed|find)/.test(line))
  expect(commands.length).toBe(8)
  const typed = () => spawnSync('sh', ['-ec', commands.join('\n')], { cwd: at('whole'), encoding: 'utf8' })
  const whole = typed()
  expect(whole.stderr).toBe('')
  expect(whole.stdout.split('\n').filter((line) => !line.startsWith('Good "saksi-manifest-v1"'))).toEqual([
    '',
  ])
  expect(whole.status).toBe(0)
  writeFileSync(join(at('whole'), 'data/added'), '')
  expect(typed().stdout).toContain('data/added')
  rmSync(join(at('whole'), 'data/added'))
  const opened = text.split('\n').find((line) => line.startsWith('openssl dgst -sha256 -mac HMAC')) ?? ''
  const leaf = text.split('\n').find((line) => line.startsWith('cut -d')) ?? ''
  const both = [opened, leaf].map((command) =>
    execFileSync('sh', ['-c', command], { cwd: at('whole'), encoding: 'utf8' }).trim(),
  )
  expect(both[0]).toBe(both[1])
})

it('lets bagit readers and checksum tools do their own checks', () => {
  for (const tool of ['sha256', 'sha512']) {
    const lists = [`manifest-${tool}.txt`, `tagmanifest-${tool}.txt`]
    execFileSync(`${tool}sum`, ['-c', '--strict', '--quiet', ...lists], { cwd: at('whole'), stdio: 'pipe' })
  }
  expect(dirname(script)).toBe(folder.path)
})
