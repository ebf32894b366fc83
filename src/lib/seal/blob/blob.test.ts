import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { bytesToHex } from '../../bytes/index.ts'
import { collectBytes } from '../envelope/byte-stream.ts'
import { sealBytes } from '../envelope/seal.ts'
import { encodeFrame } from '../frame/frame.ts'
import { type AgeIdentity, hybridIdentityOf, x25519IdentityOf } from '../keys/identity.ts'
import { systemRandom } from '../keys/random.ts'
import {
  bytesOfChunks,
  CHUNK_BYTES,
  type Chunk,
  checkChunk,
  chunkCount,
  chunkLength,
  chunksOf,
} from './chunks.ts'
import { checkFileList } from './file-list.ts'
import { BLOB_LIMITS, checkCaseSize, sealedFileLength } from './limits.ts'
import { openFile, sealFile } from './sealed-file.ts'
import { chunkBitmap, missingChunks, noChunks, withChunk } from './upload.ts'

const refused = (code: string) => expect.objectContaining({ code })
const description = (file: Uint8Array) => ({ sizeBytes: file.length, sha256: bytesToHex(sha256(file)) })
let identity: AgeIdentity

beforeAll(async () => {
  identity = await hybridIdentityOf(systemRandom(32))
})

function* piecesOf(bytes: Uint8Array, pieceBytes: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

async function collectChunks(source: Iterable<Uint8Array>): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  for await (const chunk of chunksOf(source)) chunks.push(chunk)
  return chunks
}

/** Bytes that differ from place to place, quickly made. */
function patternOf(length: number): Uint8Array {
  const block = systemRandom(65_536)
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += block.length) bytes.set(block.subarray(0, length - at), at)
  return bytes
}

it('seals files of every size as chunks and opens them again', async () => {
  for (const size of [0, 1, 65_535, 65_536, 65_537, 2_500_000]) {
    const file = patternOf(size)
    const sealing = sealFile(piecesOf(file, 50_000), size, identity.recipient)
    expect(sealing.digest()).toBeNull()
    const chunks: Chunk[] = []
    for await (const chunk of chunksOf(sealing.stream)) chunks.push(chunk)
    expect(sealing.digest()).toBe(description(file).sha256)
    expect(sealing.sealedBytes).toBe(sealedFileLength(size))
    expect(chunks.map(({ bytes }) => bytes.length)).toEqual(
      chunks.map(({ n }) => chunkLength(n, sealing.sealedBytes)),
    )
    const sealed = bytesOfChunks(chunks, sealing.sealedBytes)
    const opened = await collectBytes(openFile(sealed, identity, description(file)))
    expect(description(opened)).toEqual(description(file))
  }
})

it('cuts any stream into chunks of one length, whatever its pieces', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2_500_000),
      fc.integer({ min: 5_000, max: 3_000_000 }),
      async (length, pieceBytes) => {
        const bytes = patternOf(length)
        const chunks = await collectChunks(piecesOf(bytes, pieceBytes))
        expect(chunks.map(({ n }) => n)).toEqual(Array.from({ length: chunkCount(length) }, (_, n) => n))
        for (const chunk of chunks) checkChunk(chunk, length)
        expect(bytesToHex(sha256(await collectBytes(bytesOfChunks(chunks, length))))).toBe(
          description(bytes).sha256,
        )
      },
    ),
    { numRuns: 15 },
  )
})

it('tells damaged chunks from those of a wrong number or length', async () => {
  const length = CHUNK_BYTES + 10
  const [first, last] = await collectChunks([patternOf(length)])
  if (!first || !last) throw new Error('two chunks')
  const outcome = (chunk: Chunk) => () => checkChunk(chunk, length)
  expect(outcome(first)).not.toThrow()
  const damaged = first.bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte))
  expect(outcome({ ...first, bytes: damaged })).toThrow(refused('BLOB_CHUNK_HASH'))
  expect(outcome({ ...last, sha256: first.sha256 })).toThrow(refused('BLOB_CHUNK_HASH'))
  for (const wrong of [
    { ...first, n: 1 },
    { ...last, n: 0 },
    { ...last, n: 2 },
    { ...last, n: -1 },
    { ...last, n: 0.5 },
    { ...last, bytes: last.bytes.subarray(1) },
  ])
    expect(outcome(wrong)).toThrow(refused('BLOB_CHUNK_SIZE'))
})

it('notices chunks that are missing, doubled or out of order', async () => {
  const length = 2 * CHUNK_BYTES + 10
  const [a, b, c] = await collectChunks([patternOf(length)])
  if (!a || !b || !c) throw new Error('three chunks')
  for (const chunks of [[a, b], [a, c], [b, a, c], [a, a, b, c], [a, b, c, c], []])
    await expect(collectBytes(bytesOfChunks(chunks, length))).rejects.toEqual(refused('BLOB_CHUNK_SIZE'))
})

it('accepts the same chunk again and refuses another one under its number', () => {
  const [x, y] = ['0'.repeat(64), '1'.repeat(64)]
  const stored = withChunk(noChunks(3), 1, x)
  expect(stored).toEqual([null, x, null])
  expect(withChunk(stored, 1, x)).toEqual(stored)
  expect(() => withChunk(stored, 1, y)).toThrow(refused('BLOB_CHUNK_CONFLICT'))
  for (const n of [3, -1, 0.5]) expect(() => withChunk(stored, n, x)).toThrow(refused('BLOB_CHUNK_SIZE'))
})

it('tells from the bit map what is still to be sent', () => {
  expect(chunkBitmap(withChunk(withChunk(noChunks(10), 0, 'a'), 9, 'b'))).toEqual(new Uint8Array([1, 2]))
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 600 }), (isStored) => {
      const bitmap = chunkBitmap(isStored.map((stored) => (stored ? 'x' : null)))
      const missing = isStored.flatMap((stored, n) => (stored ? [] : [n]))
      expect(missingChunks(bitmap, isStored.length)).toEqual(missing)
    }),
  )
  for (const [bitmap, count] of [
    [[0], 9],
    [[0, 0], 8],
    [[2], 1],
    [[], 1],
  ] as [number[], number][])
    expect(() => missingChunks(new Uint8Array(bitmap), count)).toThrow(refused('BLOB_CHUNK_SIZE'))
})

it('never gives a file that is not whole or not the described one', async () => {
  const file = patternOf(200_000)
  const sealed = await collectBytes(sealFile([file], file.length, identity.recipient).stream)
  const open = (bytes: Uint8Array, about = description(file)) =>
    collectBytes(openFile(piecesOf(bytes, 70_000), identity, about))
  expect(description(await open(sealed))).toEqual(description(file))
  const longer = new Uint8Array(sealed.length + 1)
  longer.set(sealed)
  for (const bytes of [sealed.subarray(0, -1), sealed.subarray(0, 1643 + 2 * 65_552), longer])
    await expect(open(bytes)).rejects.toEqual(refused('SEAL_BROKEN'))
  const other = patternOf(200_000)
  await expect(open(sealed, description(other))).rejects.toEqual(refused('BLOB_MISMATCH'))
  for (const sizeBytes of [0, 199_999, 200_001])
    await expect(open(sealed, { ...description(file), sizeBytes })).rejects.toEqual(refused('BLOB_MISMATCH'))
  const record = await sealBytes(encodeFrame({ type: 'record', payload: file.subarray(0, 9) }), [
    identity.recipient,
  ])
  await expect(open(record)).rejects.toEqual(refused('FRAME_INVALID'))
})

it('stops where the described file ends when there is more', async () => {
  const file = patternOf(500_000)
  const sealed = await collectBytes(sealFile([file], file.length, identity.recipient).stream)
  let given = 0
  const reading = (async () => {
    for await (const piece of openFile([sealed], identity, { ...description(file), sizeBytes: 100_000 }))
      given += piece.length
  })()
  await expect(reading).rejects.toEqual(refused('BLOB_MISMATCH'))
  expect(given).toBeLessThanOrEqual(100_000)
})

it('passes an error of the source on as it is', async () => {
  const failing = (async function* () {
    yield new Uint8Array(10)
    throw new RangeError('the card was taken out')
  })()
  const { stream } = sealFile(failing, 100, identity.recipient)
  await expect(collectBytes(stream)).rejects.toThrow(RangeError)
})

it('refuses files and numbers of files above the limits before anything is read', async () => {
  const tooLarge = BLOB_LIMITS.fileBytes + 1
  expect(sealedFileLength(BLOB_LIMITS.fileBytes)).toBeLessThan(560_000_000)
  for (const size of [tooLarge, -1, 0.5, Number.NaN])
    expect(() => sealFile([], size, identity.recipient)).toThrow(refused('BLOB_LIMIT'))
  const smaller = { fileBytes: 1000, caseBytes: 1500, files: 2 }
  expect(() => sealFile([], 1001, identity.recipient, smaller)).toThrow(refused('BLOB_LIMIT'))
  expect(() => checkCaseSize([1000, 500], smaller)).not.toThrow()
  for (const sizes of [[1000, 501], [1, 1, 1], [1001]])
    expect(() => checkCaseSize(sizes, smaller)).toThrow(refused('BLOB_LIMIT'))
  const { recipient } = await x25519IdentityOf(systemRandom(32))
  expect(() => sealFile([], 1, recipient)).toThrow(refused('SEAL_RECIPIENT'))
})

it('reads lists of files in their form only', () => {
  const file = {
    blob: 'AAAAAAAAAAAAAAAAAAAAAA',
    name: '../../etc/passwd',
    sizeBytes: 5,
    sha256: '0'.repeat(64),
    mime: 'image/jpeg',
    note: '',
  }
  const list = { v: 1, files: [file] }
  expect(checkFileList(list)).toEqual(list)
  const bad: unknown[] = [
    null,
    [],
    {},
    { v: 2, files: [] },
    { v: 1, files: [file, file] },
    { v: 1, files: [{ ...file, blob: 'x' }] },
    { v: 1, files: [{ ...file, sizeBytes: -1 }] },
    { v: 1, files: [{ ...file, sizeBytes: 2 ** 30 }] },
    { v: 1, files: [{ ...file, sha256: '0' }] },
    { v: 1, files: [{ ...file, name: 'x'.repeat(1025) }] },
    { v: 1, files: [{ ...file, name: '\ud800' }] },
    { v: 1, files: [{ ...file, path: '/' }] },
    { v: 1, files: [null] },
  ]
  for (const item of bad) expect(() => checkFileList(item)).toThrow(refused('BLOB_LIST_INVALID'))
  const id = (i: number) => `${String(i).padStart(2, '0')}AAAAAAAAAAAAAAAAAAAA`
  const full = Array.from({ length: 5 }, (_, i) => ({ ...file, blob: id(i), sizeBytes: 2 ** 29 }))
  expect(() => checkFileList({ v: 1, files: full })).toThrow(refused('BLOB_LIMIT'))
})
