import { expect, it } from 'vitest'
import { equalBytes, utf8ToText } from '../bytes/index.ts'
import {
  canonicalRecord,
  decodeEntries,
  encodeEntries,
  entryBundlePath,
  formatAddCheckpoint,
  formatInterimReceipt,
  formatLeaf,
  formatNote,
  formatOpening,
  formatProof,
  formatSignatureLines,
  formatVkey,
  parseAddCheckpoint,
  parseForeignCheckpoint,
  parseInterimReceipt,
  parseLeaf,
  parseNote,
  parseOpening,
  parsePolicy,
  parseProof,
  parseRecord,
  parseSignatureLines,
  parseTilePath,
  parseTreeSize,
  parseVkey,
  TLOG_ERROR_CODES,
  tilePath,
} from './index.ts'
import {
  ascii,
  codeOf,
  logKey,
  OPENING,
  ORIGIN,
  POLICY,
  RECORD,
  seedOf,
  signedLog,
} from './testing/fixtures.ts'
import { DEFAULT_MUTATIONS, mutateBytes, mutateText, pseudoRandom } from './testing/mutations.ts'

// `VITE_TLOG_MUTATIONS=100000 npx vitest run --project node src/lib/tlog/fuzz.test.ts` is the slow run.
const environment: { VITE_TLOG_MUTATIONS?: string } = Object(Reflect.get(import.meta, 'env'))
const asked = Number(environment.VITE_TLOG_MUTATIONS ?? 0)
const count = asked || DEFAULT_MUTATIONS
// Checking the public keys of a policy takes milliseconds.
const costlyCount = asked || DEFAULT_MUTATIONS / 8

const { file, note, text, hashes } = await signedLog({ size: 70, index: 33 })
const receipt = formatInterimReceipt({
  log: ORIGIN,
  commitment: seedOf('commitment'),
  manifestSha256: 'ab'.repeat(32),
  receivedOn: '2026-01-15',
  mergeBy: '2026-01-16T11:00:00Z',
})
const opening = utf8ToText(formatOpening(OPENING)) ?? ''
const record = utf8ToText(canonicalRecord(RECORD)) ?? ''

/** Each reader, a text it reads, and how it is written again: whatever is read must have that one text. */
const readers: [string, string, (input: string) => string | null][] = [
  ['a note', formatNote(note), (input) => formatNote(parseNote(input))],
  [
    'signature lines',
    formatSignatureLines(note.signatures),
    (input) => formatSignatureLines(parseSignatureLines(input)),
  ],
  ['a checkpoint', `${text}extension\n`, readOnly(parseForeignCheckpoint)],
  ['a verifier key', formatVkey(logKey.vkey), (input) => formatVkey(parseVkey(input))],
  ['a policy', `# comment\n${POLICY}`, readOnly((input) => parsePolicy(input, { allowNoWitness: true }))],
  ['a proof', file, (input) => formatProof(parseProof(input))],
  [
    'a request',
    formatAddCheckpoint({ oldSize: 33, proof: hashes, note }),
    (input) => formatAddCheckpoint(parseAddCheckpoint(input)),
  ],
  ['a tree size', '42\n', (input) => `${parseTreeSize(input)}\n`],
  ['a receipt', receipt, (input) => formatInterimReceipt(parseInterimReceipt(input))],
  ['an opening', opening, (input) => utf8ToText(formatOpening(parseOpening(ascii(input))))],
  ['a record', record, (input) => utf8ToText(canonicalRecord(parseRecord(ascii(input))))],
  ['a tile path', 'tile/3/x001/x234/067.p/12', rewritePath],
]

for (const [name, good, rewrite] of readers) {
  it(`refuses or reads back ${name}, however mangled`, () => {
    const random = pseudoRandom(good.length)
    const codes = new Set<string | null>()
    for (let i = 0; i < (name === 'a policy' ? costlyCount : count); i++) {
      const input = mutateText(good, random)
      codes.add(codeOf(() => check(input, rewrite)))
    }
    expect([...codes].filter((code) => code !== null && !isOurs(code))).toEqual([])
    // Unmangled input is read, and most of the mangled is refused: otherwise the readers would not have been tried.
    expect(codeOf(() => check(good, rewrite))).toBeNull()
    expect(codes.size).toBeGreaterThan(1)
  })
}

it('refuses or reads back bytes, however mangled', () => {
  const bundle = encodeEntries([formatLeaf(seedOf('a')), formatLeaf(seedOf('b')), new Uint8Array(0)])
  const leaf = formatLeaf(seedOf('a'))
  const random = pseudoRandom(59)
  const codes = new Set<string | null>()
  for (let i = 0; i < count; i++) {
    const mangledBundle = mutateBytes(bundle, random)
    const mangledLeaf = mutateBytes(leaf, random)
    const mangledFile = mutateBytes(ascii(file), random)
    codes.add(codeOf(() => expect(encodeEntries(decodeEntries(mangledBundle, 3))).toEqual(mangledBundle)))
    codes.add(codeOf(() => expect(formatLeaf(parseLeaf(mangledLeaf))).toEqual(mangledLeaf)))
    codes.add(
      codeOf(() => expect(equalBytes(ascii(formatProof(parseProof(mangledFile))), mangledFile)).toBe(true)),
    )
  }
  expect([...codes].filter((code) => code !== null && !isOurs(code))).toEqual([])
})

/** For forms that have no writer. */
function readOnly(read: (input: string) => unknown): (input: string) => null {
  return (input) => {
    read(input)
    return null
  }
}

function check(input: string, rewrite: (input: string) => string | null): void {
  const rewritten = rewrite(input)
  if (rewritten !== null && rewritten !== input) throw new Error(`${JSON.stringify(input)} has two texts`)
}

function rewritePath(input: string): string {
  const path = parseTilePath(input)
  return path.kind === 'tile' ? tilePath(path.tile) : entryBundlePath(path.bundle)
}

function isOurs(code: string): boolean {
  return TLOG_ERROR_CODES.some((ours) => ours === code)
}
