import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { VERIFY_SCRIPT, verifyBag } from '#lib/bundle/index.ts'
import { memoryReader, withLists } from '#lib/bundle/testing.ts'
import { temporaryFolder } from '../run-saksi.ts'
import { FINGERPRINT, sampleBag, writeBag } from './bundle-fixtures.ts'

type Files = Map<string, Uint8Array>
const folder = temporaryFolder()
const seed = createHash('sha256').update('saksi test key manifest').digest()
let whole: Files
let sealed: Files

beforeAll(async () => {
  writeFileSync(join(folder.path, 'VERIFY.sh'), VERIFY_SCRIPT)
  whole = (await sampleBag({ exhibitCount: 2 })).files
  sealed = (await sampleBag({ exhibitCount: 2, hasItems: true })).files
})
afterAll(folder.remove)

const textOf = (files: Files, path: string) => Buffer.from(files.get(path) ?? []).toString('utf8')
const put = (files: Files, path: string, text: string) => void files.set(path, Buffer.from(text))
function exchange(files: Files, a: string, b: string): void {
  const first = files.get(a) ?? new Uint8Array()
  files.set(a, files.get(b) ?? new Uint8Array())
  files.set(b, first)
}
function lines(files: Files, path: string, change: (all: string[]) => string[]): void {
  const all = textOf(files, path).split('\n').slice(0, -1)
  put(files, path, `${change(all).join('\n')}\n`)
}

/** By what it is and, after the colon, the check that has to notice. What somebody could try who holds the organisation's manifest key, and so can make lists and signatures anew. */
const ATTACKS: Record<string, (files: Files) => void> = {
  'another picture: E0001: its digests': (files) => {
    const old = createHash('sha256').update('synthetic original\n').digest('hex')
    const other = createHash('sha256').update('another picture').digest('hex')
    for (const path of ['data/exhibits/E0001/exhibit.json', 'metadata/exhibits.csv'])
      put(files, path, textOf(files, path).replace(old, other))
  },
  'another account in the record: P0001: the record belongs': (files) =>
    put(
      files,
      'proofs/P0001.record.json',
      textOf(files, 'proofs/P0001.record.json').replace('caseworker', 'supervisor'),
    ),
  'salts of two records exchanged: P0001: the record belongs': (files) =>
    exchange(files, 'proofs/P0001.salt.hex', 'proofs/P0002.salt.hex'),
  'two records exchanged: E0001: its digests': (files) => {
    for (const ending of ['record.json', 'salt.hex', 'leaf', 'tlog-proof'])
      exchange(files, `proofs/P0001.${ending}`, `proofs/P0002.${ending}`)
  },
  'the last custody row dropped: custody.csv': (files) =>
    lines(files, 'metadata/custody.csv', (all) => all.slice(0, -1)),
  'custody rows in another order: custody.csv': (files) =>
    lines(files, 'metadata/custody.csv', ([head = '', ...rows]) => [head, ...rows.reverse()]),
  'an exhibit without its row: every exhibit has one row': (files) =>
    lines(files, 'metadata/exhibits.csv', (all) => all.slice(0, -1)),
  'a policy that asks for nobody: P0001: the entry is in the log': (files) =>
    lines(files, 'trust/policy.txt', (all) =>
      all.map((line) => (line.startsWith('quorum') ? 'quorum none' : line)),
    ),
  'a policy with a witness less: P0001: the entry is in the log': (files) =>
    lines(files, 'trust/policy.txt', (all) => all.filter((line) => !line.startsWith('witness w2'))),
  'the key of another witness: trust/keys/w-01.pem': (files) =>
    exchange(files, 'trust/keys/w-01.pem', 'trust/keys/w-02.pem'),
  'a proof cut short: P0001: the entry is in the log': (files) =>
    lines(files, 'proofs/P0001.tlog-proof', (all) => all.filter((_, i) => i !== 2)),
  'a hash too many: P0001: the entry is in the log': (files) =>
    lines(files, 'proofs/P0001.tlog-proof', (all) => [...all.slice(0, 3), all[2] ?? '', ...all.slice(3)]),
  'another index: P0001: the entry is in the log': (files) =>
    put(
      files,
      'proofs/P0001.tlog-proof',
      textOf(files, 'proofs/P0001.tlog-proof').replace(/index \d+/, 'index 2'),
    ),
  'a root of its own: P0001: the entry is in the log': (files) =>
    lines(files, 'proofs/P0001.tlog-proof', (all) =>
      all.map((line, i) => (i === all.indexOf('log.example/custody') + 2 ? `${'A'.repeat(43)}=` : line)),
    ),
  'a signature nobody knows: P0001: the entry is in the log': (files) =>
    put(
      files,
      'proofs/P0001.tlog-proof',
      `${textOf(files, 'proofs/P0001.tlog-proof')}\u2014 stranger.example/w9 ${Buffer.alloc(76, 7).toString('base64')}\n`,
    ),
  'a witness twice: P0001: the entry is in the log': (files) =>
    lines(files, 'proofs/P0001.tlog-proof', (all) => [...all, all.at(-1) ?? '']),
  'the co-signature of another tree: seal/bundle: the entry is in the log': (files) => {
    const last = textOf(files, 'proofs/P0001.tlog-proof').split('\n').at(-2) ?? ''
    lines(files, 'seal/bundle.tlog-proof', (all) => [...all.slice(0, -1), last])
  },
  'the record of another bundle: seal/bundle: the entry holds': (files) => {
    put(files, 'README.txt', `${textOf(files, 'README.txt')}.`)
  },
  'a proof nobody asked for: there is a proof for every record': (files) =>
    void files.set('proofs/P0009.leaf', Buffer.from('x')),
  'a file under the wrong digest: E0001: its digests': (files) => {
    put(
      files,
      'metadata/exhibits.csv',
      textOf(files, 'metadata/exhibits.csv').replace('original.age', 'original.bin'),
    )
  },
}

/** The same on bags whose capture the log holds too, so that P0001 is its record. */
const ITEM_ATTACKS: typeof ATTACKS = {
  'salts of two items exchanged: P0002: the item beside it': (files) =>
    exchange(files, 'proofs/P0002.item.salt.hex', 'proofs/P0003.item.salt.hex'),
  'paths of two items exchanged: P0002: the item beside it': (files) =>
    exchange(files, 'proofs/P0002.item.path', 'proofs/P0003.item.path'),
  'items of two exhibits exchanged: P0002: the item beside it': (files) => {
    for (const ending of ['json', 'salt.hex', 'path'])
      exchange(files, `proofs/P0002.item.${ending}`, `proofs/P0003.item.${ending}`)
  },
  'another item: P0002: the item beside it': (files) =>
    put(files, 'proofs/P0002.item.json', textOf(files, 'proofs/P0002.item.json').replace('46311', '46310')),
  'a path with a line more: P0002: the item beside it': (files) =>
    lines(files, 'proofs/P0002.item.path', (all) => [...all, all.at(-1) ?? '']),
  'a path without its last line: P0002: the item beside it': (files) =>
    lines(files, 'proofs/P0002.item.path', (all) => all.slice(0, -1)),
  'a path that begins elsewhere: P0002: the item beside it': (files) =>
    lines(files, 'proofs/P0002.item.path', ([, ...rest]) => ['index 0', ...rest]),
  'another place of the message: E0001: its digests': (files) =>
    put(
      files,
      'data/exhibits/E0001/exhibit.json',
      textOf(files, 'data/exhibits/E0001/exhibit.json').replace('46311', '46312'),
    ),
  'another source of the capture: C0001: the capture is described': (files) =>
    put(
      files,
      'data/collections/C0001/collection.json',
      textOf(files, 'data/collections/C0001/collection.json').replace('176110', '176111'),
    ),
  'a capture that denies its record: C0001: the capture is described': (files) =>
    put(
      files,
      'data/collections/C0001/collection.json',
      textOf(files, 'data/collections/C0001/collection.json').replace('"proof": "P0001"', '"proof": null'),
    ),
  'an item sealed by a record that seals nothing: P0002: the item beside it': (files) =>
    put(
      files,
      'proofs/index.csv',
      textOf(files, 'proofs/index.csv').replace('"E0001","4","P0001"', '"E0001","4","P0003"'),
    ),
  'an item taken away: E0001: its digests': (files) => {
    for (const ending of ['json', 'salt.hex', 'path']) files.delete(`proofs/P0002.item.${ending}`)
    put(
      files,
      'proofs/index.csv',
      textOf(files, 'proofs/index.csv').replace('"E0001","4","P0001"', '"E0001","4","-"'),
    )
  },
  'an item nobody names: there is a proof for every record': (files) => {
    put(
      files,
      'proofs/index.csv',
      textOf(files, 'proofs/index.csv').replace('"E0001","4","P0001"', '"E0001","4","-"'),
    )
  },
}

const BOTH = [
  ...Object.entries(ATTACKS).map(([title, attack]) => ({ title, attack, bag: () => whole })),
  ...Object.entries(ITEM_ATTACKS).map(([title, attack]) => ({ title, attack, bag: () => sealed })),
]

for (const { title, attack, bag: bagOf } of BOTH) {
  const [name = '', ...notices] = title.split(': ')
  it(`notices, whoever signs again: ${name}`, async () => {
    const files = new Map(bagOf())
    attack(files)
    const signed = withLists(files, seed)
    const bag = join(folder.path, name.replaceAll(' ', '-'))
    writeBag(bag, signed)
    const { status, stdout } = spawnSync('sh', ['../VERIFY.sh', '--fingerprint', FINGERPRINT], {
      cwd: bag,
      encoding: 'utf8',
    })
    expect(status, stdout).toBe(1)
    expect(
      stdout
        .split('\n')
        .some(
          (line) =>
            line.startsWith(`FAIL  ${notices.join(': ')}`) ||
            line.includes(`FAIL  metadata/${notices.join(': ')}`),
        ),
      stdout,
    ).toBe(true)
    // The lists were made anew, so it is not they that give it away.
    expect(stdout).not.toMatch(/FAIL {2}(manifest|tagmanifest|seal.seal)/)
    const verification = await verifyBag(memoryReader(signed), {
      fingerprint: FINGERPRINT,
      allowsNoWitness: false,
    })
    const failed = verification.checks.filter(({ ok }) => !ok).map(({ id }) => id)
    expect(
      failed.filter((id) => id !== 'seal.bundle.record').length > 0 ||
        name === 'the record of another bundle',
    ).toBe(true)
    expect(verification.ok).toBe(false)
  })
}

it('accepts what was signed again without a change', async () => {
  for (const [name, files] of Object.entries({ whole, sealed })) {
    const bag = join(folder.path, name)
    writeBag(bag, withLists(new Map(files), seed))
    expect(spawnSync('sh', ['../VERIFY.sh', '--fingerprint', FINGERPRINT], { cwd: bag }).status, name).toBe(0)
  }
})
