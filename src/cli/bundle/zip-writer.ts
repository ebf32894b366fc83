import { crc32 } from 'node:zlib'

/** A file to go into the archive: in memory, or made when its turn has come, with what is known of it before. */
export type ZipInput = {
  /** In the archive. */
  name: string
} & ({ bytes: Uint8Array } | { parts: () => AsyncIterable<Uint8Array>; sizeBytes: number; crc32: number })

/** Where an archive goes, part by part, one after the other. A part may be overwritten once its call has resolved. */
export interface ZipTarget {
  write: (bytes: Buffer) => Promise<void>
}

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
 * comment, Zip64 only where sizes or counts need it. `inputs` are written in the order given, each made once. Rejects when a
 * file has another size or checksum than it is said to have.
 */
export async function writeZip(target: ZipTarget, inputs: readonly ZipInput[]): Promise<void> {
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
    else await writeParts(output, input)
  }
  const offset = output.offset
  for (const one of written) await output.write(centralHeader(one))
  await output.write(endRecords(written.length, output.offset - offset, offset))
  await output.end()
}

async function writeParts(
  output: Output,
  input: { parts: () => AsyncIterable<Uint8Array>; sizeBytes: number; crc32: number },
): Promise<void> {
  let [left, crc] = [input.sizeBytes, 0]
  for await (const part of input.parts()) {
    left -= part.length
    if (left < 0) break
    crc = crc32(part, crc)
    await output.write(part)
  }
  if (left !== 0 || crc !== input.crc32) throw new ChangedInputError()
}

/** A file was given to the archive that is not the one announced. */
export class ChangedInputError extends Error {
  constructor() {
    super('a file of the bundle changed while it was packed')
  }
}

const OUTPUT_BYTES = 1024 * 1024

/** Gathers pieces: a bundle has tens of thousands of small ones. One buffer is filled while the other is written. */
class Output {
  readonly #target: ZipTarget
  #filling = Buffer.allocUnsafeSlow(OUTPUT_BYTES)
  #other = Buffer.allocUnsafeSlow(OUTPUT_BYTES)
  #filled = 0
  #underWay: Promise<void> = Promise.resolve()
  offset = 0

  constructor(target: ZipTarget) {
    this.#target = target
  }

  async write(piece: Uint8Array): Promise<void> {
    this.offset += piece.length
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + OUTPUT_BYTES - this.#filled)
      this.#filling.set(part, this.#filled)
      this.#filled += part.length
      at += part.length
      if (this.#filled === OUTPUT_BYTES) await this.#turn()
    }
  }

  async end(): Promise<void> {
    await this.#turn()
    await this.#underWay
  }

  async #turn(): Promise<void> {
    await this.#underWay
    this.#underWay = this.#target.write(this.#filling.subarray(0, this.#filled))
    // Its failure is met by the next call; until then it must not count as one that nobody waits for.
    this.#underWay.catch(() => {})
    const next = this.#other
    this.#other = this.#filling
    this.#filling = next
    this.#filled = 0
  }
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
