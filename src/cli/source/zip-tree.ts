import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'
import type { ZipFile } from 'yauzl'
import type { EntryState, Source } from '#lib/chat/index.ts'
import { isHostilePath } from '#lib/chat/index.ts'
import { readRange } from './descriptor-cache.ts'
import { notReadable, tooLarge } from './folder-tree.ts'
import type { LocalTree } from './local-tree.ts'
import { invalid, readZipDirectory, type ZipEntry, type ZipLimits } from './zip-directory.ts'
import { wrongChecksum, ZipStream } from './zip-stream.ts'

const MOST_STREAMS = 8
const inflate = promisify(inflateRaw)

/**
 * A zip archive as an export, read in place: nothing is unpacked to disk and archives inside it are not opened. `slice`
 * costs little while it moves forwards; a step backwards unpacks the file from its start again.
 */
export async function openZipTree(path: string, limits: ZipLimits): Promise<LocalTree> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const { entries, refused, zip } = await readZipDirectory(handle, size, limits)
    return zipTree(basename(path), { handle, zip, entries, refused })
  } catch (error) {
    await handle.close()
    throw error
  }
}

interface OpenZip {
  handle: FileHandle
  zip: ZipFile
  entries: ReadonlyMap<string, ZipEntry>
  refused: LocalTree['refused']
}

function zipTree(name: string, { handle, zip, entries, refused }: OpenZip): LocalTree {
  const streams = new StreamPool(zip)
  const refusedPaths = new Set(refused.map((entry) => entry.path))
  const state = (path: string): EntryState => {
    if (entries.has(path)) return 'present'
    return refusedPaths.has(path) || isHostilePath(path) ? 'refused' : 'missing'
  }
  return {
    name,
    refused,
    state,
    files: async () => [...entries.values()].map(({ path, sizeBytes }) => ({ path, sizeBytes })),
    open: async (path) => {
      const entry = entries.get(path)
      return entry ? entrySource(entry, streams) : null
    },
    read: async (path, maxBytes) => {
      const entry = entries.get(path)
      if (!entry) throw notReadable(path, state(path))
      if (entry.sizeBytes > maxBytes) throw tooLarge(path, maxBytes)
      return await readWhole(handle, entry)
    },
    close: async () => {
      streams.close()
      await handle.close()
    },
  }
}

function entrySource(entry: ZipEntry, streams: StreamPool): Source {
  let last: Promise<unknown> = Promise.resolve()
  return {
    path: entry.path,
    sizeBytes: entry.sizeBytes,
    // One stream serves one file, so reads of it wait for each other.
    slice: (start, end) => {
      const turn = last.then(() => streams.read(entry, Math.max(0, start), Math.min(end, entry.sizeBytes)))
      last = turn.catch(() => {})
      return turn
    },
  }
}

/** Keeps the streams of the files read last, at most `MOST_STREAMS`. */
class StreamPool {
  readonly #zip: ZipFile
  readonly #streams = new Map<string, ZipStream>()

  constructor(zip: ZipFile) {
    this.#zip = zip
  }

  async read(entry: ZipEntry, start: number, end: number): Promise<Uint8Array> {
    if (end <= start) return new Uint8Array(0)
    const stream = this.#take(entry.path, start) ?? (await ZipStream.open(this.#zip, entry))
    try {
      const bytes = await stream.read(start, end)
      if (stream.position < entry.sizeBytes) this.#keep(entry.path, stream)
      else stream.close()
      return bytes
    } catch (error) {
      stream.close()
      throw error
    }
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.close()
    this.#streams.clear()
  }

  /** A stream that can still reach `start`. It is out of the pool while in use: nobody else moves or closes it. */
  #take(path: string, start: number): ZipStream | null {
    const known = this.#streams.get(path)
    if (!known) return null
    this.#streams.delete(path)
    if (known.position <= start) return known
    known.close()
    return null
  }

  #keep(path: string, stream: ZipStream): void {
    this.#streams.get(path)?.close()
    this.#streams.set(path, stream)
    for (const [oldest, old] of this.#streams) {
      if (this.#streams.size <= MOST_STREAMS) return
      this.#streams.delete(oldest)
      old.close()
    }
  }
}

async function readWhole(handle: FileHandle, entry: ZipEntry): Promise<Uint8Array> {
  const packed = await readRange(handle, entry.dataStart, entry.dataStart + entry.packedBytes)
  const bytes = entry.isDeflated ? await unpack(packed, entry) : packed
  if (bytes.length !== entry.sizeBytes) throw invalid('a file in it has another size than it says')
  if (crc32(bytes) !== entry.crc32) throw wrongChecksum()
  return bytes
}

async function unpack(packed: Uint8Array, entry: ZipEntry): Promise<Uint8Array> {
  try {
    // One byte more than promised is allowed, to tell a longer file from one of the right size.
    return await inflate(packed, { maxOutputLength: entry.sizeBytes + 1 })
  } catch (error) {
    throw invalid('a file in it is damaged', error)
  }
}
