import { beforeAll, expect, it } from 'vitest'
import { utf8ToText } from '../bytes/index.ts'
import { AppError } from '../errors/index.ts'
import { planBag } from './build/plan-bag.ts'
import { utf8 } from './format/bytes.ts'
import { formatItemPath, itemText, parseItemPath } from './format/item.ts'
import type { BundleInput, Exhibit } from './model.ts'
import {
  factsOf,
  MANIFEST_SEED,
  memoryReader,
  sampleExhibit,
  sealedBag,
  testId,
  withLists,
} from './testing.ts'
import { COLLECTION_ID } from './testing-items.ts'
import { testSalt } from './testing-log.ts'
import { verifyBag } from './verify/verify-bag.ts'

type Files = Map<string, Uint8Array>
let files: Files
let input: BundleInput

beforeAll(async () => {
  const exhibits = ['a', 'b'].map((name) => sampleExhibit({ recordId: testId(name) }))
  const made = await sealedBag({ hasItems: true, exhibits })
  files = made.files
  input = made.input
})

const failedIds = async (changed: Files) =>
  (await verifyBag(memoryReader(changed), { fingerprint: null, allowsNoWitness: false })).checks
    .filter(({ ok }) => !ok)
    .map(({ id }) => id)
const textOf = (all: Files, path: string) => utf8ToText(all.get(path) ?? new Uint8Array()) ?? ''

async function codeOf(change: Partial<BundleInput>): Promise<string> {
  try {
    await planBag({ ...input, ...change }, async () => utf8('%PDF'))
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'none'
}

const withItem = (change: Partial<NonNullable<Exhibit['item']>>): Partial<BundleInput> => ({
  exhibits: input.exhibits.map((exhibit, i) =>
    i === 0 && exhibit.item ? { ...exhibit, item: { ...exhibit.item, ...change } } : exhibit,
  ),
})

it('proves each exhibit against the record that sealed its capture', async () => {
  expect(await failedIds(files)).toEqual([])
  expect(textOf(files, 'proofs/index.csv').split('\n').slice(1, 4)).toEqual([
    '"P0001","collection.sealed","-","3","-"',
    '"P0002","exhibit.preserved","E0001","4","P0001"',
    '"P0003","exhibit.preserved","E0002","5","P0001"',
  ])
  expect(textOf(files, 'proofs/P0002.record.json')).toContain(`"collection":"${COLLECTION_ID}"`)
  expect(textOf(files, 'proofs/P0002.record.json')).toContain('"item":1')
  expect(JSON.parse(textOf(files, 'data/collections/C0001/collection.json'))).toMatchObject({
    recordId: COLLECTION_ID,
    proof: 'P0001',
  })
  const all = [...files].map(([path]) => textOf(files, path)).join('')
  expect(all).not.toContain('{"of":')
})

it('proves an exhibit alone whose file stays with the organisation', async () => {
  const pointer = await sealedBag({ hasItems: true, exhibits: [sampleExhibit({ enclosed: null })] })
  expect(await failedIds(pointer.files)).toEqual([])
  expect(textOf(pointer.files, 'proofs/index.csv')).toContain(
    '"P0002","sighting.recorded","E0001","4","P0001"',
  )
})

it('makes no bundle with an item, its capture or a part of its path missing', async () => {
  const [first, second] = input.exhibits
  const [capture] = input.collections
  if (!first || !second || !capture) throw new Error('too few exhibits')
  const short = first.item?.path.slice(1) ?? []
  const cases: [string, Partial<BundleInput>][] = [
    ['PROOF_MISSING', { exhibits: [{ ...first, item: null }, second] }],
    ['PROOF_MISSING', withItem({ path: short })],
    ['PROOF_MISSING', withItem({ salt: testSalt('another') })],
    ['PROOF_MISSING', withItem({ index: 0 })],
    ['PROOF_MISSING', withItem({ index: 10_000 })],
    ['EXHIBIT_DIGEST', withItem({ item: utf8('{}') })],
    ['PROOF_MISSING', { collections: [{ ...capture, recordId: testId('another') }] }],
    ['PROOF_MISSING', { collections: [{ ...capture, recordId: null }] }],
    ['EXHIBIT_DIGEST', { collections: [{ ...capture, sourceSha256: factsOf(utf8('x')).sha256 }] }],
    ['INPUT_INVALID', { collections: [{ ...capture, recordId: 'x' }] }],
    ['INPUT_INVALID', { records: [], policy: null }],
  ]
  for (const [code, change] of cases)
    expect(await codeOf(change), JSON.stringify(change).slice(0, 90)).toBe(code)
  expect(await codeOf({})).toBe('none')
})

/** What somebody with the organisation's own key could do: change files and sign everything again. */
const ATTACKS: Record<string, { change: (all: Files) => void; noticedBy: string[] }> = {
  'salts of two items exchanged': {
    change: (all) => exchange(all, 'proofs/P0002.item.salt.hex', 'proofs/P0003.item.salt.hex'),
    noticedBy: ['proof.P0002.item', 'proof.P0003.item', 'exhibit.E0001', 'exhibit.E0002'],
  },
  'paths of two items exchanged': {
    change: (all) => exchange(all, 'proofs/P0002.item.path', 'proofs/P0003.item.path'),
    noticedBy: ['proof.P0002.item', 'proof.P0003.item', 'exhibit.E0001', 'exhibit.E0002'],
  },
  'the whole items of two exhibits exchanged': {
    change: (all) => {
      for (const ending of ['json', 'salt.hex', 'path'])
        exchange(all, `proofs/P0002.item.${ending}`, `proofs/P0003.item.${ending}`)
    },
    noticedBy: ['proof.P0002.item', 'proof.P0003.item', 'exhibit.E0001', 'exhibit.E0002'],
  },
  'another place of the message': {
    change: (all) => put(all, 'data/exhibits/E0001/exhibit.json', (text) => text.replace('46311', '46312')),
    noticedBy: ['exhibit.E0001'],
  },
  'another source of the capture': {
    change: (all) =>
      put(all, 'data/collections/C0001/collection.json', (text) => text.replace('176110', '176111')),
    noticedBy: ['collection.C0001'],
  },
  'an item taken away': {
    change: (all) => {
      for (const ending of ['json', 'salt.hex', 'path']) all.delete(`proofs/P0002.item.${ending}`)
      put(all, 'proofs/index.csv', (text) => text.replace('"E0001","4","P0001"', '"E0001","4","-"'))
    },
    noticedBy: ['exhibit.E0001'],
  },
  'an item said to be of another record': {
    change: (all) =>
      put(all, 'proofs/index.csv', (text) => text.replace('"E0001","4","P0001"', '"E0001","4","P0003"')),
    noticedBy: ['proof.P0002.item', 'exhibit.E0001'],
  },
  'a path with a line more': {
    change: (all) => put(all, 'proofs/P0002.item.path', (text) => `${text}${'A'.repeat(43)}=\n`),
    noticedBy: ['proof.P0002.item', 'exhibit.E0001'],
  },
}

function exchange(all: Files, a: string, b: string): void {
  const first = all.get(a) ?? new Uint8Array()
  all.set(a, all.get(b) ?? new Uint8Array())
  all.set(b, first)
}

function put(all: Files, path: string, change: (text: string) => string): void {
  const before = textOf(all, path)
  const after = change(before)
  expect(after).not.toBe(before)
  all.set(path, utf8(after))
}

for (const [name, { change, noticedBy }] of Object.entries(ATTACKS)) {
  it(`notices, whoever signs again: ${name}`, async () => {
    const changed = new Map(files)
    change(changed)
    const failed = await failedIds(withLists(changed, MANIFEST_SEED))
    expect(failed.filter((id) => id !== 'seal.bundle.record')).toEqual(noticedBy)
  })
}

it('notices another number or other pointers than the log records of what was withheld', async () => {
  const made = await sealedBag({ change: { withheld: { count: 2, items: [] } } })
  expect(await failedIds(made.files)).toEqual([])
  const changed = new Map(made.files)
  put(changed, 'data/withheld.json', (text) => text.replace('2', '1'))
  const failed = await failedIds(withLists(changed, MANIFEST_SEED))
  expect(failed.filter((id) => id !== 'seal.bundle.record')).toEqual(['withheld'])
})

it('writes the path of an item in one form and reads no other', () => {
  const path = { index: 5, hashes: [testSalt('1'), testSalt('2')] }
  const text = formatItemPath(path)
  expect(parseItemPath(utf8(text))).toEqual(path)
  expect(parseItemPath(utf8('index 0\n'))).toEqual({ index: 0, hashes: [] })
  for (const bad of ['', 'index 05\n', 'index 5', `${text}\n`, text.replace('\n', '\r\n'), text.slice(0, -2)])
    expect(() => parseItemPath(utf8(bad)), JSON.stringify(bad)).toThrow(
      expect.objectContaining({ code: 'PROOF_MISSING' }),
    )
  const long = `index 0\n${`${'A'.repeat(43)}=\n`.repeat(53)}`
  expect(() => parseItemPath(utf8(long))).toThrow(expect.objectContaining({ code: 'PROOF_MISSING' }))
})

it('writes an item as the scan enters it in the log', () => {
  expect(itemText({ start: 1, end: 2, sha256: null }, 'ab')).toBe(
    '{"attachment":{"sha256":"ab"},"message":{"end":2,"start":1}}',
  )
  expect(itemText({ start: 1, end: 2, sha256: 'cd' }, 'ab')).toBe(
    '{"attachment":{"sha256":"ab"},"message":{"end":2,"sha256":"cd","start":1}}',
  )
})
