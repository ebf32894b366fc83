import { writeSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { stat } from 'node:fs/promises'
import { readLines } from './lines.ts'
import { replaceBank } from './new-file.ts'
import { decodeRecord, encodeHeader, encodeRecord, MAX_LINE_BYTES } from './record.ts'

const LINE_FEED = Buffer.from('\n')
const FLUSH_BYTES = 1024 * 1024

/**
 * Writes the bank that `file` is open on anew, without the fingerprints, digests and windows of withdrawn entries: of each
 * of their pictures a line is left that says only that there was one. It takes the place of the former file in one step, so
 * that a kill leaves one or the other. The bank must have no damaged lines. The former file stays open.
 */
export async function eraseWithdrawn(
  path: string,
  file: FileHandle,
  createdAt: string,
  isWithdrawn: (entry: string) => boolean,
): Promise<void> {
  await replaceBank(path, async (copy) => {
    const writer = new BufferedWriter(copy.fd)
    let isHeader = true
    const { tail } = await readLines(file, MAX_LINE_BYTES, {
      onLine: (line) => {
        if (line === null) throw new Error('a line is too long')
        writer.write(isHeader ? encodeHeader(createdAt) : erasedLine(line, isWithdrawn))
        isHeader = false
      },
      onBytes: () => undefined,
    })
    // A last line that lacks nothing but its line feed counts; a torn one was never acknowledged.
    if (tail && decodeRecord(tail).ok) writer.write(erasedLine(tail, isWithdrawn))
    writer.flush()
  })
}

/** Whether `path` still names the file that is open. */
export async function isStillAt(path: string, file: FileHandle): Promise<boolean> {
  const [named, opened] = await Promise.all([stat(path), file.stat()])
  return named.ino === opened.ino && named.dev === opened.dev
}

function erasedLine(line: Buffer, isWithdrawn: (entry: string) => boolean): Buffer {
  const decoded = decodeRecord(line)
  if (!decoded.ok) throw new Error('a line is damaged')
  const { n, op, entry, at } = decoded.value
  if (op !== 'add' || !isWithdrawn(entry)) return Buffer.concat([line, LINE_FEED])
  return encodeRecord({ n, op: 'erased', entry, at })
}

/** Lines come too fast to wait for each: they are written a mebibyte at a time, and what is waiting is bounded. */
class BufferedWriter {
  readonly #fd: number
  #lines: Buffer[] = []
  #bytes = 0

  constructor(fd: number) {
    this.#fd = fd
  }

  write(line: Buffer): void {
    this.#lines.push(line)
    this.#bytes += line.length
    if (this.#bytes >= FLUSH_BYTES) this.flush()
  }

  flush(): void {
    const bytes = Buffer.concat(this.#lines)
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done)
    this.#lines = []
    this.#bytes = 0
  }
}
