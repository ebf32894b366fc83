import { closeSync, constants, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { FileFacts } from '#lib/bundle/index.ts'
import { type AgeSeal, beginAgeFile, PayloadCipher, sealedBytes } from './age-file.ts'
import { encryptedParts, type Lock } from './encrypt.ts'
import { fileParts } from './file-parts.ts'
import { Digest, digestAside, sha256Aside, Tally } from './tally.ts'

/** Larger files are taken part by part, in memory that does not grow with them. */
const WHOLE_BYTES = 4 * 1024 * 1024

/** A file that may go into a bundle: what it is, and what it becomes there. */
export interface SealedFile {
  path: string
  /** Of the file as it is. */
  sha256: string
  sizeBytes: number
  /** Of the file as it will be enclosed. */
  enclosed: FileFacts & { crc32: number }
  /** What encrypts it; null for a file that is enclosed as it is. */
  seal: AgeSeal | null
}

/** Memory of one lane of work, used again for one file after the other. */
export interface SealingLane {
  plain: Buffer
  sealed: Buffer
}

export function sealingLane(): SealingLane {
  return { plain: Buffer.alloc(0), sealed: Buffer.alloc(0) }
}

/**
 * Reads a file once and finds out what it is and what its age file will be, without keeping either: `sealedFileParts` makes
 * the same age file again when its place in the archive has come. A link is not followed. Throws what the system throws
 * for a file that cannot be read.
 */
export async function sealFile(path: string, lock: Lock | null, lane: SealingLane): Promise<SealedFile> {
  const seal = lock === null ? null : await beginAgeFile(lock.recipients)
  const plain = await readWhole(path, lane)
  if (plain === null) return await sealLarge(path, seal)
  const enclosed = seal === null ? plain : sealWhole(plain, seal, lane)
  const [sha256, digests] = await Promise.all([sha256Aside(plain), digestAside(enclosed)])
  const facts = { sizeBytes: enclosed.length, ...digests, crc32: crc32(enclosed) }
  return { path, sha256, sizeBytes: plain.length, enclosed: facts, seal }
}

/** The file as it is enclosed, part by part. A file that has become another one gives other parts, or more or fewer. */
export function sealedFileParts({ path, seal, sizeBytes }: SealedFile): AsyncIterable<Buffer> {
  const parts = sizeBytes <= WHOLE_BYTES ? wholeFile(path, sizeBytes) : fileParts(path)
  return seal === null ? parts : encryptedParts(parts, seal)
}

/** It was read a moment ago, so the system has it in memory: asking for it three times over costs more than waiting. */
async function* wholeFile(path: string, sizeBytes: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(sizeBytes + 1)
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  let filled = 0
  try {
    for (let count = -1; count !== 0 && filled < buffer.length; filled += count)
      count = readSync(descriptor, buffer, filled, buffer.length - filled, null)
  } finally {
    closeSync(descriptor)
  }
  if (filled > 0) yield buffer.subarray(0, filled)
}

async function readWhole(path: string, lane: SealingLane): Promise<Buffer | null> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { size } = await handle.stat()
    if (size > WHOLE_BYTES) return null
    // One byte more, so that a file that grows is noticed.
    if (lane.plain.length <= size) lane.plain = Buffer.allocUnsafeSlow(size + 1)
    let filled = 0
    for (;;) {
      const { bytesRead } = await handle.read(lane.plain, filled, lane.plain.length - filled, null)
      filled += bytesRead
      if (filled > size) return null
      if (bytesRead === 0 || filled === lane.plain.length) return lane.plain.subarray(0, filled)
    }
  } finally {
    await handle.close()
  }
}

function sealWhole(plain: Buffer, seal: AgeSeal, lane: SealingLane): Buffer {
  const size = sealedBytes(seal, plain.length)
  if (lane.sealed.length < size) lane.sealed = Buffer.allocUnsafeSlow(size)
  const payload = new PayloadCipher(seal.payloadKey)
  let at = seal.start.copy(lane.sealed)
  for (const piece of payload.update(plain)) at += piece.copy(lane.sealed, at)
  for (const piece of payload.final()) at += piece.copy(lane.sealed, at)
  return lane.sealed.subarray(0, at)
}

async function sealLarge(path: string, seal: AgeSeal | null): Promise<SealedFile> {
  const [plain, enclosed] = [new Digest(), new Tally()]
  const parts = counted(fileParts(path), plain)
  for await (const part of seal === null ? parts : encryptedParts(parts, seal)) enclosed.update(part)
  const sizeBytes = plain.sizeBytes
  return { path, sha256: plain.hex(), sizeBytes, enclosed: enclosed.facts(), seal }
}

async function* counted(parts: AsyncIterable<Buffer>, counter: Digest): AsyncGenerator<Buffer> {
  for await (const part of parts) {
    counter.update(part)
    yield part
  }
}
