import { type FileHandle, open } from 'node:fs/promises'
import type { BagFile } from '#lib/bundle/index.ts'
import { type AgeSeal, beginAgeFile, PayloadCipher } from './age-file.ts'
import type { Lock } from './encrypt.ts'
import { type SealedFile, sealedFileParts } from './seal-file.ts'
import { Digest } from './tally.ts'
import { writeZip, type ZipInput, type ZipTarget } from './zip-writer.ts'

export interface Packing {
  bagName: string
  files: readonly BagFile[]
  /** The files that are enclosed, by their path in the bag. */
  enclosed: ReadonlyMap<string, SealedFile>
}

/** The file that is handed over. */
export interface Packed {
  path: string
  sha256: string
  sizeBytes: number
}

/**
 * Writes all files of a bag into an archive at `zip`, and beside it, when there is a lock, the encrypted archive from the
 * very same bytes. Neither must exist yet. The one that is handed over is on the disk when this returns.
 */
export async function packBag(zip: string, lock: Lock | null, packing: Packing): Promise<Packed> {
  const inputs = inputsOf(packing)
  const plain = await open(zip, 'wx', 0o600)
  try {
    if (lock === null) return { path: zip, ...(await packPlain(plain, inputs)) }
    const path = `${zip}.age`
    const sealed = await open(path, 'wx', 0o600)
    try {
      return { path, ...(await packSealed({ plain, sealed }, await beginAgeFile(lock.recipients), inputs)) }
    } finally {
      await sealed.close()
    }
  } finally {
    await plain.close()
  }
}

function inputsOf({ bagName, files, enclosed }: Packing): ZipInput[] {
  return files.map(({ path, bytes }): ZipInput => {
    const name = `${bagName}/${path}`
    if (bytes !== null) return { name, bytes }
    const file = enclosed.get(path)
    if (file === undefined) throw new Error(`${path} was planned and never made`)
    const { sizeBytes, crc32 } = file.enclosed
    return { name, sizeBytes, crc32, parts: () => sealedFileParts(file) }
  })
}

type Facts = Omit<Packed, 'path'>

async function packPlain(plain: FileHandle, inputs: readonly ZipInput[]): Promise<Facts> {
  const digest = new Digest()
  const target: ZipTarget = {
    write: async (bytes) => {
      digest.update(bytes)
      await plain.writeFile(bytes)
    },
  }
  await writeZip(target, inputs)
  await plain.sync()
  return { sha256: digest.hex(), sizeBytes: digest.sizeBytes }
}

async function packSealed(
  { plain, sealed }: { plain: FileHandle; sealed: FileHandle },
  seal: AgeSeal,
  inputs: readonly ZipInput[],
): Promise<Facts> {
  const digest = new Digest()
  const payload = new PayloadCipher(seal.payloadKey)
  const put = async (pieces: Buffer[]): Promise<void> => {
    for (const piece of pieces) digest.update(piece)
    await writeAll(sealed, pieces)
  }
  await put([seal.start])
  const target: ZipTarget = {
    write: async (bytes) => {
      const pieces = payload.update(bytes)
      await Promise.all([plain.writeFile(bytes), put(pieces)])
    },
  }
  await writeZip(target, inputs)
  await put(payload.final())
  await sealed.sync()
  return { sha256: digest.hex(), sizeBytes: digest.sizeBytes }
}

/** A vectored write may end early, as any write may. */
async function writeAll(handle: FileHandle, pieces: readonly Buffer[]): Promise<void> {
  const whole = pieces.filter(({ length }) => length > 0)
  if (whole.length === 0) return
  const wanted = whole.reduce((sum, { length }) => sum + length, 0)
  const { bytesWritten } = await handle.writev(whole)
  if (bytesWritten < wanted) await handle.writeFile(Buffer.concat(whole).subarray(bytesWritten))
}
