import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

/** A file to go into the archive: in memory, or at a place on disk with its checksum. */
export type ZipInput = {
  /** In the archive. */
  name: string
} & ({ bytes: Uint8Array } | { path: string; sizeBytes: number; crc32: number })

interface Written {
  name: string
  sizeBytes: number
  crc: number
  offset: number
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
/** 1 January 1980, 00:00: the archive says nothing about when it was made. */
const DOS_DATE = 0x21
const MADE_BY_UNIX = 0x0300
const REGULAR_0644 = 0o100644 * 0x10000
const VERSION = 20
const VERSION_64 = 45
const LARGE_32 = 0xffffffff
const LARGE_16 = 0xffff

/**
 * Writes a zip archive (APPNOTE 6.3.10) whose bytes depend on names and contents only: stored, one time, one mode, no
 * comment, Zip64 only where sizes or counts need it. `inputs` are written in the order given, each read once. Rejects when a
 * file has another size or checksum than it is said to have.
 */
export async function writeZip(target: FileHandle, inputs: readonly ZipInput[]): Promise<void> {
  const written: Written[] = []
  const output = new Output(target)
  for (const input of inputs) {
    const facts =
      'bytes' in input
        ? { name: input.name, sizeBytes: input.bytes.length, crc: crc32(input.bytes) }
        : { name: input.name, sizeBytes: input.sizeBytes, crc: input.crc32 }
    written.push({ ...facts, offset: output.offset })
    await output.write(localHeader(facts))
    if ('bytes' in input) await output.write(input.bytes)
    else for await (const part of parts(input)) await output.write(part)
  }
  const offset = output.offset
  for (const one of written) await output.write(centralHeader(one))
  await output.write(endRecords(written.length, output.offset - offset, offset))
  await output.flush()
}

const OUTPUT_BYTES = 1024 * 1024

/** Gathers small pieces: a bundle has tens of thousands of them. */
class Output {
  readonly #target: FileHandle
  #pieces: Uint8Array[] = []
  #gathered = 0
  offset = 0

  constructor(target: FileHandle) {
    this.#target = target
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#pieces.push(piece)
    this.#gathered += piece.length
    this.offset += piece.length
    if (this.#gathered >= OUTPUT_BYTES) await this.flush()
  }

  async flush(): Promise<void> {
    const pieces = this.#pieces
    this.#pieces = []
    this.#gathered = 0
    await this.#target.writeFile(Buffer.concat(pieces))
  }
}

/** The file's bytes; an error when they are others than was planned. */
async function* parts(input: { path: string; sizeBytes: number; crc32: number }): AsyncGenerator<Buffer> {
  const handle = await open(input.path, 'r')
  let [left, crc] = [input.sizeBytes, 0]
  try {
    while (left > 0) {
      // Pieces are gathered before they are written, so each has memory of its own.
      const buffer = Buffer.allocUnsafe(Math.min(left, OUTPUT_BYTES))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null)
      if (bytesRead === 0) break
      const part = buffer.subarray(0, bytesRead)
      left -= bytesRead
      crc = crc32(part, crc)
      yield part
    }
    const { bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, null)
    left -= bytesRead
  } finally {
    await handle.close()
  }
  if (left !== 0 || crc !== input.crc32) throw new Error('a file of the bundle changed while it was packed')
}

function localHeader({ name, sizeBytes, crc }: Omit<Written, 'offset'>): Buffer {
  const isLarge = sizeBytes >= LARGE_32
  const extra = isLarge ? extra64([sizeBytes, sizeBytes]) : Buffer.alloc(0)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(LOCAL, 0)
  header.writeUInt16LE(isLarge ? VERSION_64 : VERSION, 4)
  header.writeUInt16LE(DOS_DATE, 12)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(isLarge ? LARGE_32 : sizeBytes, 18)
  header.writeUInt32LE(isLarge ? LARGE_32 : sizeBytes, 22)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return Buffer.concat([header, Buffer.from(name, 'ascii'), extra])
}

function centralHeader({ name, sizeBytes, crc, offset }: Written): Buffer {
  const isLarge = sizeBytes >= LARGE_32
  const isFar = offset >= LARGE_32
  const extra =
    isLarge || isFar
      ? extra64([...(isLarge ? [sizeBytes, sizeBytes] : []), ...(isFar ? [offset] : [])])
      : Buffer.alloc(0)
  const header = Buffer.alloc(46)
  header.writeUInt32LE(CENTRAL, 0)
  header.writeUInt16LE(MADE_BY_UNIX + VERSION_64, 4)
  header.writeUInt16LE(extra.length > 0 ? VERSION_64 : VERSION, 6)
  header.writeUInt16LE(DOS_DATE, 14)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(isLarge ? LARGE_32 : sizeBytes, 20)
  header.writeUInt32LE(isLarge ? LARGE_32 : sizeBytes, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(REGULAR_0644, 38)
  header.writeUInt32LE(isFar ? LARGE_32 : offset, 42)
  return Buffer.concat([header, Buffer.from(name, 'ascii'), extra])
}

function endRecords(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(END, 0)
  end.writeUInt16LE(Math.min(count, LARGE_16), 8)
  end.writeUInt16LE(Math.min(count, LARGE_16), 10)
  end.writeUInt32LE(Math.min(size, LARGE_32), 12)
  end.writeUInt32LE(Math.min(offset, LARGE_32), 16)
  if (count < LARGE_16 && size < LARGE_32 && offset < LARGE_32) return end
  const end64 = Buffer.alloc(56)
  end64.writeUInt32LE(END_64, 0)
  end64.writeBigUInt64LE(44n, 4)
  end64.writeUInt16LE(MADE_BY_UNIX + VERSION_64, 12)
  end64.writeUInt16LE(VERSION_64, 14)
  end64.writeBigUInt64LE(BigInt(count), 24)
  end64.writeBigUInt64LE(BigInt(count), 32)
  end64.writeBigUInt64LE(BigInt(size), 40)
  end64.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(LOCATOR_64, 0)
  locator.writeBigUInt64LE(BigInt(offset + size), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([end64, locator, end])
}

function extra64(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(8 * values.length, 2)
  values.forEach((value, i) => {
    extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i)
  })
  return extra
}
