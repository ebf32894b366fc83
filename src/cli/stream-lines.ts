const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/**
 * The lines of a byte stream as UTF-8 text, without their ends; null for a line of more than `maxBytes`, of which nothing
 * is kept. An unfinished last line counts as one. Memory: one chunk and one line.
 */
export async function* streamLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<string | null> {
  let rest: Buffer | null = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let start = 0
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      yield textOf(join(rest, bytes.subarray(start, end), maxBytes))
      rest = Buffer.alloc(0)
      start = end + 1
    }
    rest = join(rest, bytes.subarray(start), maxBytes)
  }
  if (rest === null || rest.length > 0) yield textOf(rest)
}

function join(rest: Buffer | null, part: Buffer, maxBytes: number): Buffer | null {
  if (rest === null || rest.length + part.length > maxBytes) return null
  return Buffer.concat([rest, part])
}

function textOf(line: Buffer | null): string | null {
  if (line === null) return null
  const end = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length
  return line.toString('utf8', 0, end)
}
