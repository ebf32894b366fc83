import { damaged, type LogStoreError } from './errors.ts'

/** A line of the largest item has some 14 KiB. */
const MOST_LINE_BYTES = 64 * 1024
const PART_BYTES = 1024 * 1024
const LINE_FEED = 10

/** The lines, each with its line feed, in parts of about 1 MiB: a large collection is never in one piece. */
export function* partsOfLines(lines: Iterable<string>): Generator<Buffer, void> {
  let waiting: string[] = []
  let length = 0
  for (const line of lines) {
    waiting.push(line, '\n')
    length += line.length + 1
    if (length < PART_BYTES) continue
    yield Buffer.from(waiting.join(''))
    waiting = []
    length = 0
  }
  if (length > 0) yield Buffer.from(waiting.join(''))
}

/** The lines in these parts, without their line feeds. Throws `LOG_DAMAGED` for one that is too long or has no end. */
export async function* linesOfParts(
  parts: AsyncIterable<Uint8Array>,
  collection: string,
): AsyncGenerator<string, void> {
  let begun = Buffer.alloc(0)
  for await (const part of parts) {
    const bytes = Buffer.concat([begun, part])
    let start = 0
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      if (end - start > MOST_LINE_BYTES) throw tooLong(collection)
      yield bytes.toString('utf8', start, end)
      start = end + 1
    }
    begun = bytes.subarray(start)
    if (begun.length > MOST_LINE_BYTES) throw tooLong(collection)
  }
  if (begun.length > 0) throw damaged(`items of ${collection}`, 'the last line has no end')
}

function tooLong(collection: string): LogStoreError {
  return damaged(`items of ${collection}`, 'a line is too long')
}
