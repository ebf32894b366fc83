import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import {
  consistencyProof,
  cosign,
  emptyRoot,
  encodeEntries,
  entryBundlePath,
  entryBundlesFor,
  formatCheckpoint,
  formatLeaf,
  formatNote,
  formatVkey,
  growTree,
  type HashReader,
  inclusionProof,
  leafHash,
  noteKey,
  parseNote,
  parseVkey,
  rootAt,
  type Subtree,
  signNote,
  type Tile,
  TlogError,
  tileHashReader,
  tilePath,
  verifyConsistency,
  verifyInclusion,
  verifyNote,
  witnessKey,
} from '#lib/tlog/index.ts'
import { referenceTree } from '#lib/tlog/testing/reference.ts'
import { temporaryFolder } from '../run-saksi.ts'
import { runGo } from './go/run-go.ts'

const SIZES = [0, 1, 2, 3, 255, 256, 257, 65535, 65536, 70000]
const PAIRS_UP_TO = 300

const folder = temporaryFolder()
afterAll(folder.remove)

const entries = Array.from({ length: 70000 }, (_, i) =>
  formatLeaf(createHash('sha256').update(`commitment ${i}`).digest()),
)
const leaves = entries.map(leafHash)
const trees: { size: number; root: string }[] = []

const treeVerdicts = z.object({
  Trees: z.array(z.string()).nullable(),
  Records: z.array(z.boolean()).nullable(),
  Growths: z.array(z.boolean()).nullable(),
  Inclusions: z.string(),
  Consistencies: z.string(),
})

const noteVerdicts = z.object({
  Opened: z.array(z.object({ Error: z.string(), Names: z.array(z.string()).nullable() })),
  Note: z.string(),
  Vkeys: z.array(z.string()),
})

/** Grows one log on disk through all sizes, the way a log does it, and keeps every partial tile on the way. */
beforeAll(async () => {
  let size = 0
  for (const next of [...SIZES, PAIRS_UP_TO].sort((a, b) => a - b)) {
    const { root, tiles } = await growTree(size, leaves.slice(size, next), readTile)
    for (const { tile, bytes } of tiles) write(tilePath(tile), bytes)
    for (const bundle of entryBundlesFor(next, size)) {
      const start = bundle.index * 256
      write(entryBundlePath(bundle), encodeEntries(entries.slice(start, start + bundle.width)))
    }
    if (SIZES.includes(next)) trees.push({ size: next, root: bytesToBase64(root) })
    size = next
  }
})

it('writes tiles and entry bundles that Go reads to the same roots', () => {
  const verdicts = judge({ trees })
  expect(trees.map(({ size }) => size)).toEqual(SIZES)
  expect(verdicts.Trees).toEqual(SIZES.map(() => ''))
})

it('has its altered tiles and entries found out by Go', () => {
  for (const path of ['tile/0/001', 'tile/1/000', 'tile/1/001.p/17', 'tile/2/000.p/1', 'tile/entries/003']) {
    const bytes = readFileSync(join(folder.path, path))
    const altered = Uint8Array.from(bytes)
    altered[10] = (altered[10] ?? 0) ^ 1
    write(path, altered)
    const [verdict] = judge({ trees: trees.slice(-1) }).Trees ?? []
    write(path, bytes)
    expect(verdict, path).not.toBe('')
  }
})

it('proves every pair of sizes up to 300 as Go and the recursive definitions do, and accepts all of it', async () => {
  const reader = remembering(tileHashReader(PAIRS_UP_TO, readTile))
  const reference = referenceTree(leaves.slice(0, PAIRS_UP_TO))
  const roots: Uint8Array[] = []
  for (let size = 0; size <= PAIRS_UP_TO; size++) roots.push(await rootAt(size, reader))
  const inclusions = createHash('sha256')
  const consistencies = createHash('sha256')
  const recursive = { inclusions: createHash('sha256'), consistencies: createHash('sha256') }
  for (let size = 1; size <= PAIRS_UP_TO; size++) {
    const root = roots[size] ?? emptyRoot()
    for (let index = 0; index < size; index++) {
      const proof = await inclusionProof(index, size, reader)
      for (const hash of proof) inclusions.update(hash)
      for (const hash of reference.inclusion(index, size)) recursive.inclusions.update(hash)
      verifyInclusion({ index, size, leafHash: leaves[index] ?? root, root, proof })
      const growth = await consistencyProof(index, size, reader)
      for (const hash of growth) consistencies.update(hash)
      for (const hash of reference.consistency(index, size)) recursive.consistencies.update(hash)
      const oldRoot = roots[index] ?? emptyRoot()
      verifyConsistency({ oldSize: index, newSize: size, oldRoot, newRoot: root, proof: growth })
    }
  }
  const verdicts = judge({ pairsUpTo: PAIRS_UP_TO })
  expect(inclusions.digest('base64')).toBe(verdicts.Inclusions)
  expect(recursive.inclusions.digest('base64')).toBe(verdicts.Inclusions)
  expect(consistencies.digest('base64')).toBe(verdicts.Consistencies)
  expect(recursive.consistencies.digest('base64')).toBe(verdicts.Consistencies)
})

it('judges right and wrong proofs as Go does', async () => {
  const reader = tileHashReader(70000, readTile)
  const root = await rootAt(70000, reader)
  const stranger = leafHash(new Uint8Array(1))
  const records = []
  for (const index of [0, 255, 256, 65535, 65536, 69999]) {
    const proof = await inclusionProof(index, 70000, reader)
    const good = { index, size: 70000, leafHash: leaves[index] ?? stranger, root, proof }
    records.push(good, { ...good, index: (index + 1) % 70000 }, { ...good, proof: proof.slice(1) })
    records.push({ ...good, proof: [...proof, stranger] }, { ...good, proof: proof.toReversed() })
  }
  const growths = []
  for (const oldSize of [1, 255, 256, 65535, 65536, 69999, 70000]) {
    const proof = await consistencyProof(oldSize, 70000, reader)
    const oldRoot = await rootAt(oldSize, tileHashReader(70000, readTile))
    const good = { oldSize, newSize: 70000, oldRoot, newRoot: root, proof }
    growths.push(good, { ...good, oldRoot: stranger }, { ...good, proof: [...proof, stranger] })
  }
  const verdicts = judge({ records, growths })
  expect(verdicts.Records).toEqual(records.map((claim) => isAccepted(() => verifyInclusion(claim))))
  expect(verdicts.Growths).toEqual(growths.map((claim) => isAccepted(() => verifyConsistency(claim))))
  expect(verdicts.Records?.filter(Boolean).length).toBe(6)
  expect(verdicts.Growths?.filter(Boolean).length).toBe(7)
})

const seed = (text: string) => createHash('sha256').update(text).digest()
const logKey = noteKey('log.example/custody', seed('a log for this test'))
const witness = witnessKey('witness.example/w1', seed('a witness for this test'))
const checkpointText = formatCheckpoint({ origin: 'log.example/custody', size: 0, root: emptyRoot() })

it('has its notes and co-signatures verified by Go, and refused where we refuse them', () => {
  const note = parseNote(signNote(checkpointText, [logKey]))
  const cosigned = { ...note, signatures: [...note.signatures, cosign(note.text, witness, 1768500000)] }
  const good = formatNote(cosigned)
  const vkeys = [logKey.vkey, witness.vkey]
  const flipped = cosigned.signatures.flatMap((signature, at) =>
    [0, 8, 40, 63].map((byte) => {
      const bytes = signature.signature.slice()
      bytes[byte] = (bytes[byte] ?? 0) ^ 1
      return formatNote({
        ...cosigned,
        signatures: cosigned.signatures.with(at, { ...signature, signature: bytes }),
      })
    }),
  )
  const notes = [
    good,
    ...flipped,
    good.replace('\n0\n', '\n1\n'),
    good.replace('custody\n', 'custodi\n'),
    good.slice(0, -1),
    good.replace('— ', '- '),
    signNote(checkpointText, [noteKey('log.example/custody', seed('another log'))]),
  ]
  const verdicts = judgeNotes({ vkeys: vkeys.map(formatVkey), notes })
  expect(verdicts.Opened[0]).toEqual({ Error: '', Names: ['log.example/custody', 'witness.example/w1'] })
  const codes = { NOTE_MALFORMED: 'malformed', NOTE_UNVERIFIED: 'unverified', NOTE_SIGNATURE: 'invalid' }
  for (const [i, text] of notes.entries()) {
    const code = codeOf(() => verifyNote(parseNote(text), vkeys))
    const word = code === null ? '' : Object.entries(codes).find(([ours]) => ours === code)?.[1]
    expect(verdicts.Opened[i]?.Error, `note ${i}`).toBe(word)
  }
})

it('verifies notes and co-signatures that Go signed', () => {
  const text = 'go.example/log\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'
  const { Note, Vkeys } = judgeNotes({ text, time: 1768500123 })
  const verified = verifyNote(parseNote(Note), Vkeys.map(parseVkey))
  expect(verified.map(({ vkey, time }) => [vkey.name, time])).toEqual([
    ['go.example/log', null],
    ['go.example/witness', 1768500123],
  ])
})

function judge(input: {
  trees?: typeof trees
  records?: { index: number; size: number; leafHash: Uint8Array; root: Uint8Array; proof: Uint8Array[] }[]
  growths?: {
    oldSize: number
    newSize: number
    oldRoot: Uint8Array
    newRoot: Uint8Array
    proof: Uint8Array[]
  }[]
  pairsUpTo?: number
}) {
  const { records = [], growths = [] } = input
  const request = {
    Folder: folder.path,
    Trees: input.trees ?? [],
    Records: records.map((claim) => ({
      Index: claim.index,
      Size: claim.size,
      Leaf: bytesToBase64(claim.leafHash),
      Root: bytesToBase64(claim.root),
      Proof: claim.proof.map(bytesToBase64),
    })),
    Growths: growths.map((claim) => ({
      OldSize: claim.oldSize,
      NewSize: claim.newSize,
      OldRoot: bytesToBase64(claim.oldRoot),
      NewRoot: bytesToBase64(claim.newRoot),
      Proof: claim.proof.map(bytesToBase64),
    })),
    PairsUpTo: input.pairsUpTo ?? 0,
  }
  return treeVerdicts.parse(runGo('tree.go', request))
}

function judgeNotes(input: { vkeys?: string[]; notes?: string[]; text?: string; time?: number }) {
  const { vkeys = [], notes = [], text = 'nothing\n', time = 1 } = input
  const output = runGo('note.go', { Vkeys: vkeys, Notes: notes, Text: text, Time: time })
  return noteVerdicts.parse({ ...Object(output), Opened: Object(output).Opened ?? [] })
}

function isAccepted(act: () => void): boolean {
  return codeOf(act) === null
}

function codeOf(act: () => unknown): string | null {
  try {
    act()
    return null
  } catch (error) {
    if (error instanceof TlogError) return error.code
    throw error
  }
}

/** Reading from a tile joins up to 256 hashes, which 90,000 proofs should not do each time. */
function remembering(reader: HashReader): HashReader {
  const known = new Map<string, Promise<Uint8Array>>()
  const read = async (subtree: Subtree) => (await reader([subtree]))[0] ?? emptyRoot()
  return (subtrees) =>
    Promise.all(
      subtrees.map((subtree) => {
        const key = `${subtree.level}/${subtree.index}`
        const hash = known.get(key) ?? read(subtree)
        known.set(key, hash)
        return hash
      }),
    )
}

function write(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(join(folder.path, path)), { recursive: true })
  writeFileSync(join(folder.path, path), bytes)
}

function readTile(tile: Tile): Uint8Array {
  return readFileSync(join(folder.path, tilePath(tile)))
}
