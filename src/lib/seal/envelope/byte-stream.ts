/** Bytes in pieces of any size: a Node stream, a generator, a web stream through `bytesOfStream`. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

interface StreamReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
  cancel(reason?: unknown): Promise<void>
}

/** A web stream as pieces, for browsers whose streams cannot be iterated. Leaving the loop early cancels the stream. */
export async function* bytesOfStream(stream: { getReader(): StreamReader }): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  let isAtEnd = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      if (value && value.length > 0) yield value
    }
    isAtEnd = true
  } finally {
    // Whoever stops reading before the end must not leave the source open. What cancelling answers is of no use by then.
    if (!isAtEnd) await reader.cancel().catch(() => undefined)
  }
}

/** A web stream of the pieces that is read only as fast as it is drained. */
export function streamOfBytes(source: ByteSource): ReadableStream<Uint8Array> {
  const pieces = iteratorOf(source)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await pieces.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}

/** All pieces in one array. Only for what is known to be small. */
export async function collectBytes(source: ByteSource): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of source) {
    pieces.push(piece)
    length += piece.length
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

async function* iteratorOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  yield* source
}
