import fc from 'fast-check'
import { expect, it } from 'vitest'
import { utf8ToText } from '../bytes/index.ts'
import { AppError } from '../errors/index.ts'
import { planBag } from './build/plan-bag.ts'
import { sealFiles } from './build/seal.ts'
import { utf8 } from './format/bytes.ts'
import { formatCsv } from './format/csv.ts'
import { isBundlePath } from './format/names.ts'
import { PATHS } from './format/paths.ts'
import type { BundleInput } from './model.ts'
import {
  factsOf,
  MANIFEST_SEED,
  ORIGINAL,
  sampleExhibit,
  sampleInput,
  sampleMessage,
  sealedBag,
} from './testing.ts'
import { parseCsv } from './verify/parse-csv.ts'

const noPdf = async () => utf8('%PDF')

async function filesOf(input: BundleInput): Promise<Map<string, string>> {
  const { files } = await planBag(input, noPdf)
  return new Map(files.map(({ path, bytes }) => [path, bytes === null ? '' : (utf8ToText(bytes) ?? '')]))
}

async function codeOf(input: BundleInput): Promise<string> {
  try {
    await planBag(input, noPdf)
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'none'
}

it('gives the same bytes for the same input', async () => {
  const [first, second] = [(await sealedBag()).files, (await sealedBag()).files]
  expect([...first.keys()]).toEqual([...second.keys()])
  for (const [path, bytes] of first) expect(second.get(path), path).toEqual(bytes)
})

it('holds every file a bag has, sorted, under plain names', async () => {
  const { files, sealPaths } = await planBag(sampleInput(), noPdf)
  const paths = files.map(({ path }) => path)
  expect(paths).toEqual([...paths].sort())
  expect(paths.every(isBundlePath)).toBe(true)
  expect(paths).toEqual(
    expect.arrayContaining([
      'README.txt',
      'VERIFY.sh',
      'VERIFY.txt',
      'bag-info.txt',
      'bagit.txt',
      'certificates/my-s90a-server.txt',
      'certificates/my-s90a-witness-device.txt',
      'certificates/us-902-13.txt',
      'certificates/us-902-14.txt',
      'data/exhibits/E0001/exhibit.json',
      'data/exhibits/E0001/original.age',
      'data/exhibits/E0001/raw.bin',
      'data/withheld.json',
      'manifest-sha256.txt',
      'manifest-sha512.txt',
      'metadata/case.jsonld',
      'metadata/custody.csv',
      'report/questions.txt',
      'tagmanifest-sha512.txt',
    ]),
  )
  expect(sealPaths).toEqual([PATHS.sealList, PATHS.sealListSignature, PATHS.signature])
})

it('refuses what must never be handed over', async () => {
  const consent = {
    reference: '7',
    agency: 'Test Police',
    purpose: 'investigation',
    expires: '2026-01-19T00:00:00Z',
  }
  const cases: [string, Partial<BundleInput>][] = [
    ['CONSENT_MISSING', { consent }],
    ['CONSENT_MISSING', { agency: 'Another Agency' }],
    ['WITHHELD_SELECTED', { exhibits: [sampleExhibit({ state: 'withheld' })] }],
    ['WITHHELD_SELECTED', { exhibits: [sampleExhibit({ state: 'erased', original: null, enclosed: null })] }],
    ['INPUT_INVALID', { exhibits: [sampleExhibit({ state: 'missing' })] }],
    ['INPUT_INVALID', { exhibits: [sampleExhibit({ original: null, enclosed: null })] }],
    ['INPUT_INVALID', { exhibits: [sampleExhibit(), sampleExhibit()] }],
    ['INPUT_INVALID', { bagName: '../x' }],
    ['INPUT_INVALID', { builtAt: '2026-01-20' }],
    ['INPUT_INVALID', { organisation: { name: 'two\nlines', contact: 'custody@log.example' } }],
    ['INPUT_INVALID', { organisation: { name: 'x', contact: 'a b' } }],
    ['INPUT_INVALID', { collections: [] }],
    ['INPUT_INVALID', { policy: 'quorum none\n' }],
    ['INPUT_INVALID', { authorities: [{ name: 'bundle', roots: '', chain: '' }] }],
    [
      'EXHIBIT_DIGEST',
      { exhibits: [sampleExhibit({ enclosed: { name: 'original.bin', ...factsOf(utf8('other')) } })] },
    ],
  ]
  for (const [code, change] of cases)
    expect(await codeOf(sampleInput(change)), JSON.stringify(change)).toBe(code)
  const plain = sampleExhibit({ enclosed: { name: 'original.bin', ...factsOf(ORIGINAL) } })
  expect(await codeOf(sampleInput({ exhibits: [plain] }))).toBe('none')
})

it('refuses an exhibit that the log does not record, or records as another', async () => {
  const { input } = await sealedBag()
  const other = { sha256: factsOf(utf8('another picture')).sha256, sizeBytes: 1, mime: null }
  expect(await codeOf({ ...input, exhibits: [sampleExhibit({ original: other })] })).toBe('EXHIBIT_DIGEST')
  const stranger = sampleExhibit({ recordId: 'f'.repeat(32) })
  expect(await codeOf({ ...input, exhibits: [stranger] })).toBe('PROOF_MISSING')
  expect(await codeOf({ ...input, exhibits: [] })).toBe('INPUT_INVALID')
})

it('never carries a picture as the bytes of its message', async () => {
  const { source } = sampleExhibit()
  if (!source?.raw) throw new Error('no place')
  const whole = { ...source.raw, sha256: factsOf(ORIGINAL).sha256 }
  const asMessage = sampleExhibit({ rawMessage: ORIGINAL, source: { ...source, raw: whole } })
  expect(await codeOf(sampleInput({ exhibits: [asMessage] }))).toBe('INPUT_INVALID')
  expect(await codeOf(sampleInput({ exhibits: [sampleExhibit({ rawMessage: utf8('other') })] }))).toBe(
    'INPUT_INVALID',
  )
})

it('tells a message in neutral form and its neighbours by pseudonym', async () => {
  const context = [
    {
      offset: -1,
      author: 'P-001',
      isSameAuthor: false,
      kind: 'message',
      sentAt: { utc: null, local: null, precision: null },
      text: '[phone]',
      attachments: ['photo'],
    },
  ]
  const exhibit = sampleExhibit({ message: sampleMessage({ text: 'a\u202eb' }), context })
  const files = await filesOf(sampleInput({ exhibits: [exhibit] }))
  expect(JSON.parse(files.get('data/exhibits/E0001/message.json') ?? '')).toMatchObject({
    v: 1,
    exhibit: 'E0001',
    platform: 'telegram',
    messageId: '117',
    text: 'a\u202eb',
  })
  expect(JSON.parse(files.get('data/exhibits/E0001/context.json') ?? '')).toEqual({
    v: 1,
    exhibit: 'E0001',
    messages: context,
  })
  expect(files.get(PATHS.reportHtml)).toContain('a[U+202E]b')
})

it('asks the log for the number of what was withheld', async () => {
  const withheld = { count: 2, items: [] }
  const { input } = await sealedBag({ change: { withheld } })
  expect(await codeOf(input)).toBe('none')
  expect(await codeOf({ ...input, withheld: { count: 3, items: [] } })).toBe('PROOF_MISSING')
  expect(await codeOf({ ...input, withheld: { count: 0, items: [] } })).toBe('PROOF_MISSING')
  const unrecorded = (await sealedBag()).input
  expect(await codeOf({ ...unrecorded, withheld })).toBe('PROOF_MISSING')
  const pointer = {
    platform: 'telegram',
    placeId: 'tg:1',
    link: null,
    messageId: null,
    sentAt: null,
    authorId: null,
    markedBy: null,
    markedAt: null,
  }
  expect(await codeOf(sampleInput({ withheld: { count: 0, items: [pointer] } }))).toBe('INPUT_INVALID')
})

it('does not seal a bag with a proof missing', async () => {
  const plan = await planBag(sampleInput({ authorities: [{ name: 'tsa', roots: 'r', chain: 'c' }] }), noPdf)
  expect(() => sealFiles(plan, { seed: MANIFEST_SEED, timeStamps: [], built: null })).toThrow(
    expect.objectContaining({ code: 'PROOF_MISSING' }),
  )
})

it('proves a pointer without the file being handed over', async () => {
  const pointer = sampleExhibit({ enclosed: null, rawMessage: null })
  const { files } = await sealedBag({ exhibits: [pointer] })
  expect(utf8ToText(files.get('proofs/P0001.record.json') ?? new Uint8Array())).toContain(
    '"sighting.recorded"',
  )
  expect(files.has('data/exhibits/E0001/original.age')).toBe(false)
})

it('shows hostile names for what they are, in every table and page', async () => {
  const hostile = '"=cmd|\u202egpj.exe\n<script>alert(1)</script>\ud800,\u0000'
  const exhibit = sampleExhibit({ originalName: hostile, device: hostile })
  const source = exhibit.source
  const files = await filesOf(
    sampleInput({
      exhibits: [{ ...exhibit, source: source && { ...source, messageId: '=1+1', placeId: hostile } }],
    }),
  )
  const html = files.get(PATHS.reportHtml) ?? ''
  for (const bad of ['<script', '\u202e', '\u0000']) expect(html).not.toContain(bad)
  expect(html).toContain('[U+202E]gpj.exe[U+000A]&lt;script&gt;')
  const rows = parseCsv(files.get(PATHS.exhibitsCsv) ?? '')
  expect(rows.length).toBe(2)
  expect(rows[1]?.[14]).toBe("'=1+1")
  expect(files.get(PATHS.names)).toContain('\u202egpj.exe')
  expect(files.get(PATHS.manifest.sha256)?.split('\n').length).toBe(8)
})

it('writes tables that keep one row on one line, whatever the cells hold', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { minLength: 1, maxLength: 4 }),
      (row) => {
        const text = formatCsv([row])
        expect(text.split('\n').length).toBe(2)
        const [read] = parseCsv(text)
        expect(read?.length).toBe(row.length)
        for (const cell of read ?? []) expect(cell).not.toMatch(/^[=+\-@]|[\n\r\u202e]/)
      },
    ),
  )
})

it('says on the first page what is missing, and claims nothing about courts', async () => {
  const files = await filesOf(sampleInput({ consent: null }))
  const html = files.get(PATHS.reportHtml) ?? ''
  expect(html).toContain('The consent of the person concerned is not recorded in this bundle.')
  expect(html).toContain('No log was kept')
  for (const [path, text] of files) expect(text, path).not.toMatch(/admissib|certified/i)
  for (const [path, text] of files) {
    if (path.startsWith('certificates/'))
      expect(text.split('\n')[0], path).toMatch(/^Draft prepared by software/)
  }
})

it('speaks English and Malay to whoever opens the folder', async () => {
  const readme = (await filesOf(sampleInput())).get(PATHS.readme) ?? ''
  expect(readme).toContain('EVIDENCE BUNDLE TEST-0001-H1')
  expect(readme).toContain('BUNGKUSAN BUKTI TEST-0001-H1')
  expect(readme.split('SHA256:xUhZwJB4O').length).toBe(3)
})

it('gives withheld material as a number and pointers only', async () => {
  const pointer = {
    platform: 'telegram',
    placeId: 'tg:1',
    link: null,
    messageId: '9',
    sentAt: null,
    authorId: null,
    markedBy: 'W-1',
    markedAt: null,
  }
  const files = await filesOf(sampleInput({ withheld: { count: 2, items: [pointer] } }))
  expect(JSON.parse(files.get(PATHS.withheld) ?? '')).toEqual({ count: 2, items: [pointer] })
  expect(JSON.parse((await filesOf(sampleInput())).get(PATHS.withheld) ?? '')).toEqual({ count: 0 })
})

it('takes no name that means something else on another system', () => {
  const bad = [
    '',
    '.',
    '..',
    'a/../b',
    '/a',
    'a/',
    'a//b',
    '-a',
    '.a',
    'a b',
    'CON',
    'nul.txt',
    'a\\b',
    'é',
    'a\n',
    'x'.repeat(101),
    'a.',
    'a/b/c/d/e/f/g/h/i',
  ]
  for (const path of bad) expect(isBundlePath(path), JSON.stringify(path)).toBe(false)
  for (const path of ['a', 'a/b.c', 'A-1_2.txt', 'console.txt']) expect(isBundlePath(path)).toBe(true)
})
