import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { crc32 } from 'node:zlib'
import { OWNER_ONLY, readIfThere, replaceFile } from './durable-file.ts'
import { damaged, writeFailed } from './errors.ts'

// A journal is JSON lines, each `{"n":<count>,...,"crc":"<8 hex>"}` and a line feed. `n` counts up from 0, so that a
// missing line shows; the CRC-32 is over the line's bytes before `,"crc"`. Line 0 says what journal of which log it is.

export interface JournalHeader {
  readonly journal: string
  readonly origin: string
}

/** Makes a journal, or replaces one, with these lines. It is there as a whole or not at all. */
export async function writeJournal(
  path: string,
  header: JournalHeader,
  lines: readonly object[],
): Promise<void> {
  const all = [{ v: 1, ...header }, ...lines].map((line, n) => encodeLine(n, line))
  await replaceFile(path, all.join(''), OWNER_ONLY)
}

/** Reads a journal. Throws `LOG_DAMAGED` for anything but a torn end, which was never acknowledged. */
export async function readJournal<Line>(
  path: string,
  header: JournalHeader,
  parse: (value: unknown) => Line | null,
): Promise<{ lines: Line[]; endOffset: number }> {
  const name = basename(path)
  const bytes = await readIfThere(path)
  if (bytes === null) throw damaged(name, 'it is missing')
  const { values, endOffset } = decodeLines(bytes, name)
  const [first, ...rest] = values
  if (!isHeader(first, header)) throw damaged(name, 'it belongs to another log')
  const lines = rest.map((value, i) => {
    const line = parse(value)
    if (line === null) throw damaged(name, `line ${i + 2} says nothing that belongs there`)
    return line
  })
  return { lines, endOffset }
}

/** A journal open for adding lines. The caller holds the log's lock. */
export class JournalWriter {
  readonly #file: FileHandle
  #nextNumber: number
  #endOffset: number
  #isBroken = false

  private constructor(file: FileHandle, count: number, endOffset: number) {
    this.#file = file
    this.#nextNumber = count
    this.#endOffset = endOffset
  }

  /**
   * `count` lines with the header and `endOffset` as read. What was read is put on the disk first: a writer that was
   * killed may not have come to it, and decisions are now made by it.
   */
  static async open(path: string, count: number, endOffset: number): Promise<JournalWriter> {
    let file: FileHandle | null = null
    try {
      file = await open(path, 'r+')
      await file.truncate(endOffset)
      await file.sync()
      return new JournalWriter(file, count, endOffset)
    } catch (error) {
      await file?.close()
      throw writeFailed(error)
    }
  }

  /** Returns when the lines are on the disk. Throws `LOG_WRITE_FAILED`; then the journal has to be opened again. */
  async append(lines: readonly object[]): Promise<void> {
    if (this.#isBroken) throw writeFailed(new Error('an earlier write failed'))
    const bytes = Buffer.from(lines.map((line, i) => encodeLine(this.#nextNumber + i, line)).join(''))
    try {
      for (let done = 0; done < bytes.length; ) {
        const at = this.#endOffset + done
        done += (await this.#file.write(bytes, done, bytes.length - done, at)).bytesWritten
      }
      // With what is needed to read the bytes again, their count above all, and without the times of the file.
      await this.#file.datasync()
    } catch (error) {
      // After a failed wait for the disk nobody knows what is on the disk.
      this.#isBroken = true
      throw writeFailed(error)
    }
    this.#endOffset += bytes.length
    this.#nextNumber += lines.length
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

function encodeLine(n: number, line: object): string {
  const body = JSON.stringify({ n, ...line }).slice(0, -1)
  return `${body},"crc":"${checksum(Buffer.from(body))}"}\n`
}

function decodeLines(bytes: Buffer, name: string): { values: unknown[]; endOffset: number } {
  const values: unknown[] = []
  let start = 0
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    const line = bytes.subarray(start, end)
    const value = decodeLine(line, values.length)
    // A power cut may leave a last line of which blocks were never written: they read as zeros.
    if (value === null && end === bytes.length - 1 && line.includes(0)) break
    if (value === null) throw damaged(name, `line ${values.length + 1} was changed, moved or cut`)
    values.push(value)
    start = end + 1
  }
  return { values, endOffset: start }
}

function decodeLine(line: Buffer, n: number): unknown {
  const body = line.subarray(0, -CRC_FIELD_BYTES)
  if (line.subarray(-CRC_FIELD_BYTES).toString('latin1') !== `,"crc":"${checksum(body)}"}`) return null
  if (!body.toString('latin1').startsWith(`{"n":${n},`)) return null
  try {
    return JSON.parse(`${body.toString('utf8')}}`)
  } catch {
    return null
  }
}

function isHeader(value: unknown, { journal, origin }: JournalHeader): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (!('v' in value && 'journal' in value && 'origin' in value)) return false
  return value.v === 1 && value.journal === journal && value.origin === origin
}

const checksum = (bytes: Buffer): string => crc32(bytes).toString(16).padStart(8, '0')

const LINE_FEED = 10
const CRC_FIELD_BYTES = ',"crc":"01234567"}'.length
