import { expect, it } from 'vitest'
import { base64ToBytes, bytesToBase64 } from '../../bytes/index.ts'
import {
  consistencyProof,
  emptyRoot,
  inclusionProof,
  leafHash,
  MAX_TREE_SIZE,
  nodeHash,
  rootAt,
  rootOf,
  type Subtree,
  verifyConsistency,
  verifyInclusion,
} from '../index.ts'
import { codeOf, numberedLeaves, referenceTree } from '../testing/reference.ts'
import tessera from '../vectors/tessera.json' with { type: 'json' }

const entries = tessera.entries.map((entry) => leafHash(new TextEncoder().encode(entry)))
const base64 = (hashes: readonly Uint8Array[]) => hashes.map(bytesToBase64)
const bytes = (text: string) => base64ToBytes(text) ?? new Uint8Array(0)
const rootText = (size: number) => bytes(tessera.roots[size] ?? '')

it('gives the roots of the tessera test log', async () => {
  const { reader } = referenceTree(entries)
  for (let size = 0; size <= entries.length; size++) {
    expect(bytesToBase64(rootOf(entries.slice(0, size)))).toBe(tessera.roots[size])
    expect(bytesToBase64(await rootAt(size, reader))).toBe(tessera.roots[size])
  }
})

it('gives and accepts the inclusion proofs of the tessera test log', async () => {
  const { reader } = referenceTree(entries)
  for (const { index, size, proof } of tessera.inclusion) {
    expect(base64(await inclusionProof(index, size, reader))).toEqual(proof)
    const leaf = entries[index] ?? new Uint8Array(0)
    verifyInclusion({ index, size, leafHash: leaf, root: rootText(size), proof: proof.map(bytes) })
  }
})

it('gives and accepts the consistency proofs of the tessera test log', async () => {
  const { reader } = referenceTree(entries)
  for (const { oldSize, newSize, proof } of tessera.consistency) {
    expect(base64(await consistencyProof(oldSize, newSize, reader))).toEqual(proof)
    const oldRoot = rootText(oldSize)
    verifyConsistency({ oldSize, newSize, oldRoot, newRoot: rootText(newSize), proof: proof.map(bytes) })
  }
})

it('agrees with the recursive definitions for every pair of sizes up to 80', async () => {
  const leaves = numberedLeaves(80)
  const reference = referenceTree(leaves)
  for (let size = 1; size <= 80; size++) {
    const root = rootOf(leaves.slice(0, size))
    expect(root).toEqual(reference.root(size))
    for (let other = 0; other <= size; other++) {
      const proof = await consistencyProof(other, size, reference.reader)
      expect(base64(proof)).toEqual(base64(reference.consistency(other, size)))
      verifyConsistency({
        oldSize: other,
        newSize: size,
        oldRoot: reference.root(other),
        newRoot: root,
        proof,
      })
      if (other === size) continue
      const path = await inclusionProof(other, size, reference.reader)
      expect(base64(path)).toEqual(base64(reference.inclusion(other, size)))
      verifyInclusion({ index: other, size, leafHash: leaves[other] ?? root, root, proof: path })
    }
  }
})

it('refuses inclusion proofs with anything changed', async () => {
  const leaves = numberedLeaves(21)
  const { reader } = referenceTree(leaves)
  const stranger = leafHash(new Uint8Array(1))
  for (const size of [2, 3, 7, 8, 20, 21]) {
    const root = rootOf(leaves.slice(0, size))
    for (let index = 0; index < size; index++) {
      const proof = await inclusionProof(index, size, reader)
      const good = { index, size, leafHash: leaves[index] ?? root, root, proof }
      expect(await codeOf(() => verifyInclusion(good))).toBeNull()
      const bad = [
        { ...good, leafHash: stranger },
        { ...good, root: stranger },
        { ...good, proof: proof.slice(1) },
        { ...good, proof: proof.slice(0, -1) },
        { ...good, proof: [...proof, stranger] },
        { ...good, proof: [stranger, ...proof] },
        { ...good, proof: [...proof, ...new Array<Uint8Array>(60).fill(stranger)] },
        ...proof.map((_, at) => ({ ...good, proof: proof.with(at, stranger) })),
        ...proof.slice(1).map((hash, at) => ({ ...good, proof: swap(proof, at, hash) })),
        ...Array.from({ length: size }, (_, other) => ({ ...good, index: other })).filter(
          (c) => c.index !== index,
        ),
      ]
      for (const claim of bad) expect(await codeOf(() => verifyInclusion(claim))).toBe('INCLUSION_INVALID')
      for (const outside of [size, size + 1, -1, 0.5, NaN]) {
        expect(await codeOf(() => verifyInclusion({ ...good, index: outside }))).toBe('TREE_RANGE')
      }
    }
  }
})

it('refuses consistency proofs with anything changed', async () => {
  const leaves = numberedLeaves(21)
  const reference = referenceTree(leaves)
  const stranger = leafHash(new Uint8Array(1))
  for (let newSize = 1; newSize <= 21; newSize++) {
    for (let oldSize = 0; oldSize <= newSize; oldSize++) {
      const proof = reference.consistency(oldSize, newSize)
      const oldRoot = reference.root(oldSize)
      const good = { oldSize, newSize, oldRoot, newRoot: reference.root(newSize), proof }
      const bad = [
        { ...good, oldRoot: stranger },
        { ...good, proof: [...proof, stranger] },
        { ...good, proof: [stranger, ...proof] },
        ...proof.map((_, at) => ({ ...good, proof: proof.with(at, stranger) })),
        ...proof.map((_, at) => ({ ...good, proof: proof.toSpliced(at, 1) })),
        ...proof.slice(1).map((hash, at) => ({ ...good, proof: swap(proof, at, hash) })),
        ...(oldSize > 0 ? [{ ...good, newRoot: stranger }] : []),
      ]
      for (const claim of bad)
        expect(await codeOf(() => verifyConsistency(claim))).toBe('CONSISTENCY_INVALID')
      expect(await codeOf(() => verifyConsistency({ ...good, oldSize: newSize + 1 }))).toBe('TREE_RANGE')
    }
  }
})

it('joins no two roots of one size, and starts from the empty root only', async () => {
  const [a, b] = [leafHash(new Uint8Array(1)), leafHash(new Uint8Array(2))]
  const claim = { oldSize: 5, newSize: 5, oldRoot: a, newRoot: b, proof: [] }
  expect(await codeOf(() => verifyConsistency(claim))).toBe('CONSISTENCY_INVALID')
  expect(await codeOf(() => verifyConsistency({ ...claim, newRoot: a }))).toBeNull()
  expect(await codeOf(() => verifyConsistency({ ...claim, oldSize: 0 }))).toBe('CONSISTENCY_INVALID')
  expect(await codeOf(() => verifyConsistency({ ...claim, oldSize: 0, oldRoot: emptyRoot() }))).toBeNull()
})

it('takes no proof from a larger or smaller tree for one of the size that is claimed', async () => {
  const leaves = numberedLeaves(8)
  const reference = referenceTree(leaves)
  const [left, right] = leaves
  if (left === undefined || right === undefined) throw new Error('no leaves')
  const second = { index: 0, size: 1, leafHash: right, root: reference.root(2), proof: [left] }
  expect(await codeOf(() => verifyInclusion(second))).toBe('INCLUSION_INVALID')
  const proof = reference.consistency(7, 8)
  const growth = { oldSize: 7, newSize: 8, oldRoot: reference.root(7), newRoot: reference.root(8), proof }
  expect(await codeOf(() => verifyConsistency(growth))).toBeNull()
  expect(await codeOf(() => verifyConsistency({ ...growth, oldSize: 3, newSize: 4 }))).toBe(
    'CONSISTENCY_INVALID',
  )
  expect(await codeOf(() => verifyConsistency({ ...growth, newSize: 16 }))).toBe('CONSISTENCY_INVALID')
})

it('counts beyond 32 bits', async () => {
  for (const size of [2 ** 31 + 1, 2 ** 32 + 3, 2 ** 47 + 12345, MAX_TREE_SIZE]) {
    const root = await rootAt(size, uniformReader)
    for (const index of [0, 1, 2 ** 31 - 1, 2 ** 31, size - 2, size - 1]) {
      const proof = await inclusionProof(index, size, uniformReader)
      verifyInclusion({ index, size, leafHash: uniform(0), root, proof })
    }
    for (const oldSize of [1, 2 ** 30 + 7, 2 ** 31, size - 1, size]) {
      const oldRoot = await rootAt(oldSize, uniformReader)
      const proof = await consistencyProof(oldSize, size, uniformReader)
      verifyConsistency({ oldSize, newSize: size, oldRoot, newRoot: root, proof })
    }
  }
  expect(await codeOf(() => rootAt(MAX_TREE_SIZE + 1, uniformReader))).toBe('TREE_RANGE')
})

it('refuses hashes of another length, and readers that give too few', async () => {
  const short = new Uint8Array(31)
  expect(await codeOf(() => rootOf([short]))).toBe('HASH_LENGTH')
  expect(await codeOf(() => rootAt(3, () => [short, short]))).toBe('HASH_LENGTH')
  expect(await codeOf(() => rootAt(3, () => [emptyRoot()]))).toBe('HASH_READER')
  const claim = { index: 0, size: 1, leafHash: emptyRoot(), root: emptyRoot(), proof: [short] }
  expect(await codeOf(() => verifyInclusion(claim))).toBe('HASH_LENGTH')
})

/** Every leaf of this tree is the same, so that any subtree of it is known without the leaves. */
function uniform(level: number): Uint8Array {
  let hash = leafHash(new TextEncoder().encode('same'))
  for (let i = 0; i < level; i++) hash = nodeHash(hash, hash)
  return hash
}

function uniformReader(subtrees: readonly Subtree[]): Uint8Array[] {
  return subtrees.map(({ level }) => uniform(level))
}

function swap(hashes: readonly Uint8Array[], at: number, next: Uint8Array): Uint8Array[] {
  const own = hashes[at] ?? next
  return hashes.with(at, next).with(at + 1, own)
}
