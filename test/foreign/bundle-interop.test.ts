import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { VERIFY_SCRIPT } from '#lib/bundle/index.ts'
import { sampleExhibit, sampleMessage, sealedBag, testId } from '#lib/bundle/testing.ts'
import { temporaryFolder } from '../run-saksi.ts'
import { FINGERPRINT, writeBag, writeZipFile } from './bundle-fixtures.ts'

/** Names, texts and ids as hostile exports have them. */
const HOSTILE = '"\u202egpj.exe\n<b>\\\u0000"'
const BUSYBOX = 'busybox'
const JQ = 'jq'
const folder = temporaryFolder()
const at = (name: string) => join(folder.path, name)
let files: Map<string, Uint8Array>

beforeAll(async () => {
  const { source } = sampleExhibit()
  const exhibits = [
    sampleExhibit({ message: sampleMessage({ text: HOSTILE, authorName: HOSTILE }) }),
    sampleExhibit({
      recordId: testId('b'),
      kind: 'document',
      originalName: HOSTILE,
      source: source && {
        ...source,
        messageId: '118',
        sentAt: { utc: null, local: HOSTILE, precision: 'min' },
      },
    }),
    sampleExhibit({ recordId: testId('c'), kind: 'video', state: 'missing', original: null, enclosed: null }),
  ]
  files = (await sealedBag({ hasItems: true, exhibits, change: { withheld: { count: 2, items: [] } } })).files
  writeBag(at('bag'), files)
  const inputs = [...files].map(([path, bytes]) => ({ name: `TEST-1/${path}`, bytes }))
  await writeZipFile(at('bag.zip'), inputs)
  const large = [...inputs, { name: 'TEST-1/data/many', bytes: new Uint8Array(70_000) }]
  const many = Array.from({ length: 66_000 }, (_, i) => ({
    name: `TEST-1/data/${i}`,
    bytes: new Uint8Array(1),
  }))
  await writeZipFile(at('many.zip'), [...large, ...many])
})
afterAll(folder.remove)

/** Every file below a folder with its SHA-256. */
function contentOf(root: string): Map<string, string> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(root, path)).isFile(),
  )
  return new Map(paths.sort().map((path) => [path, sha256(readFileSync(join(root, path)))]))
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const PYTHON_UNZIP = `import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
z.extractall(sys.argv[2])`

const UNPACK: Record<string, (zip: string, to: string) => [string, string[]]> = {
  unzip: (zip, to) => ['unzip', ['-q', zip, '-d', to]],
  '7zz': (zip, to) => ['7zz', ['x', '-bd', `-o${to}`, zip]],
  bsdtar: (zip, to) => ['bsdtar', ['-x', '-f', zip, '-C', to]],
  'busybox unzip': (zip, to) => ['busybox', ['unzip', '-q', zip, '-d', to]],
  'zipfile of Python': (zip, to) => ['python3', ['-c', PYTHON_UNZIP, zip, to]],
}

for (const [name, command] of Object.entries(UNPACK)) {
  it(`gives the same files when ${name} unpacks it`, () => {
    const to = at(name.replaceAll(' ', '-'))
    mkdirSync(to)
    const [program, args] = command(at('bag.zip'), to)
    execFileSync(program, args, { stdio: 'pipe' })
    expect(contentOf(join(to, 'TEST-1'))).toEqual(contentOf(at('bag')))
  })
}

it('writes archives of more files than the old form counts, which other tools test whole', () => {
  for (const [program, args] of [
    ['unzip', ['-tqq', at('many.zip')]],
    ['7zz', ['t', '-bd', at('many.zip')]],
    [
      'python3',
      [
        '-c',
        'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(len(z.namelist()))',
        at('many.zip'),
      ],
    ],
  ] as const) {
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    expect({ program, status, stderr }).toMatchObject({ status: 0 })
  }
})

const CHECK_SUMS: Record<string, (list: string) => [string, string[]]> = {
  'sha256sum and sha512sum': (list) => [
    `${/sha\d+/.exec(list)?.[0]}sum`,
    ['-c', '--strict', '--quiet', list],
  ],
  busybox: (list) => ['busybox', [`${/sha\d+/.exec(list)?.[0]}sum`, '-c', list]],
  rhash: (list) => ['rhash', [`--${/sha\d+/.exec(list)?.[0]}`, '-c', list]],
}

for (const [name, command] of Object.entries(CHECK_SUMS)) {
  it(`has lists that ${name} checks, and notices a changed file by`, () => {
    const lists = [
      'manifest-sha256.txt',
      'tagmanifest-sha256.txt',
      'manifest-sha512.txt',
      'tagmanifest-sha512.txt',
    ]
    const check = (list: string) => {
      const [program, args] = command(list)
      return spawnSync(program, args, { cwd: at('bag') }).status
    }
    expect(lists.map(check)).toEqual([0, 0, 0, 0])
    const path = at('bag/data/withheld.json')
    const whole = readFileSync(path)
    writeFileSync(path, 'x')
    expect(check('manifest-sha256.txt')).not.toBe(0)
    writeFileSync(path, whole)
  })
}

it('is checked by the script under the shell and the tools of busybox', () => {
  writeFileSync(at('VERIFY.sh'), VERIFY_SCRIPT)
  mkdirSync(at('busybox-bin'))
  // All tools of busybox come first; only openssl and ssh-keygen are not among them.
  execFileSync(BUSYBOX, ['--install', '-s', at('busybox-bin')], { stdio: 'pipe' })
  for (const name of ['openssl', 'ssh-keygen', 'busybox'])
    execFileSync('sh', ['-c', `ln -sf "$(command -v ${name})" "${at('busybox-bin')}/${name}"`])
  const run = () =>
    spawnSync(join(at('busybox-bin'), 'busybox'), ['sh', at('VERIFY.sh'), '--fingerprint', FINGERPRINT], {
      cwd: at('bag'),
      encoding: 'utf8',
      env: { PATH: at('busybox-bin') },
    })
  const whole = run()
  expect(whole.stdout.split('\n').filter((line) => line.startsWith('FAIL'))).toEqual([])
  expect(whole.status).toBe(0)
  const path = at('bag/proofs/P0003.item.json')
  const bytes = readFileSync(path)
  writeFileSync(path, Buffer.concat([bytes, Buffer.from(' ')]))
  expect(run().status).toBe(1)
  writeFileSync(path, bytes)
})

it('has JSON that jq reads, with the text of the message as it was', () => {
  const jq = (filter: string, path: string) =>
    execFileSync(JQ, ['-r', filter, join(at('bag'), path)], { encoding: 'utf8' })
  for (const path of [...files.keys()].filter((one) => /\.json(ld)?$/.test(one))) jq('.', path)
  expect(jq('.text', 'data/exhibits/E0001/message.json')).toBe(`${HOSTILE}\n`)
  expect(jq('.names["E0002"]', 'metadata/names.json')).toBe(`${HOSTILE}\n`)
  expect(jq('[.rows[].record.type] | join(" ")', 'metadata/custody.json')).toBe(
    'collection.sealed exhibit.withheld exhibit.preserved exhibit.preserved\n',
  )
})

it('has tables that the csv reader of Python reads, a row for each exhibit', () => {
  const program = `import csv, json, sys
print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline='', encoding='utf-8')))))`
  const read = (path: string): Record<string, string>[] =>
    JSON.parse(execFileSync('python3', ['-c', program, join(at('bag'), path)], { encoding: 'utf8' }))
  expect(read('metadata/exhibits.csv').map(({ exhibit, state }) => `${exhibit} ${state}`)).toEqual([
    'E0001 captured',
    'E0002 captured',
    'E0003 missing',
  ])
  expect(read('metadata/exhibits.csv')[1]?.['sent_at_local']).toContain(
    '[U+202E]gpj.exe[U+000A]<b>\\[U+0000]',
  )
  expect(read('metadata/custody.csv').map(({ event }) => event)).toContain('collection.sealed')
})

it('is laid out as RFC 8493 asks: every payload file in every manifest, no other file in data/', () => {
  const program = `import hashlib, os, sys
os.chdir(sys.argv[1])
assert open('bagit.txt').read() == 'BagIt-Version: 1.0\\nTag-File-Character-Encoding: UTF-8\\n'
there = {os.path.join(d, f).replace(os.sep, '/') for d, _, fs in os.walk('data') for f in fs}
for algorithm in ('sha256', 'sha512'):
    listed = {}
    for line in open('manifest-%s.txt' % algorithm, encoding='utf-8'):
        digest, path = line.rstrip('\\n').split(None, 1)
        assert path not in listed
        listed[path] = digest
    assert set(listed) == there
    for path, digest in listed.items():
        assert hashlib.new(algorithm, open(path, 'rb').read()).hexdigest() == digest
    for line in open('tagmanifest-%s.txt' % algorithm, encoding='utf-8'):
        digest, path = line.rstrip('\\n').split(None, 1)
        assert not path.startswith('data/') and not path.startswith('tagmanifest-')
        assert hashlib.new(algorithm, open(path, 'rb').read()).hexdigest() == digest
oxum = [l.split(': ')[1].strip() for l in open('bag-info.txt') if l.startswith('Payload-Oxum')]
assert oxum == ['%d.%d' % (sum(os.path.getsize(p) for p in there), len(there))]`
  execFileSync('python3', ['-c', program, at('bag')], { stdio: 'pipe' })
  rmSync(at('bag.zip'))
})
