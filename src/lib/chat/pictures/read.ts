import { ChatError } from '../errors.ts'
import type { ChatReader, Message, ReadOptions, SourceTree } from '../model.ts'
import { Tally } from '../tally.ts'
import { PICTURE_MAGIC_BYTES, pictureTypeOf } from './picture-type.ts'

const BATCH_MESSAGES = 500
const WINDOW_BYTES = 1024 * 1024
const PLACE_KEY = 'files'

/**
 * Reads a folder of pictures: every picture file, known by its first bytes, becomes one message with one attachment.
 * Nothing is claimed about where, when or by whom it was sent. Each picture is hashed but not decoded; files that are
 * no pictures are counted as `NOT_A_PICTURE`. Throws `ChatError` `ABORTED`.
 */
export function readPictures(tree: SourceTree, options: ReadOptions): ChatReader {
  const tally = new Tally('pictures', options.nowMs)
  return {
    format: 'pictures',
    batches: () => batches(tree, options, tally),
    summary: () => tally.collection(),
  }
}

async function* batches(
  tree: SourceTree,
  options: ReadOptions,
  tally: Tally,
): AsyncGenerator<Message[], void, undefined> {
  tally.place({ key: PLACE_KEY, platform: 'files', kind: 'unknown', ids: [], titles: [tree.name] })
  const files = await tree.files()
  const progress = progressOf(files, options)
  let batch: Message[] = []
  let seq = 0
  for (const file of files) {
    const read = await readFile(tree, file.path, options, progress)
    if (!read) {
      progress(file.sizeBytes)
      tally.warn('NOT_A_PICTURE', file.path)
      continue
    }
    tally.source({ path: file.path, sizeBytes: file.sizeBytes, sha256: read.sha256 })
    const message = messageOf(seq++, file, read.mime)
    tally.message(message)
    batch.push(message)
    if (batch.length < BATCH_MESSAGES) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function readFile(
  tree: SourceTree,
  path: string,
  options: ReadOptions,
  progress: (bytes: number) => void,
): Promise<{ mime: string; sha256: string } | null> {
  const source = await tree.open(path)
  if (!source) return null
  const hash = options.sha256()
  let mime: string | null = null
  for (let position = 0; position < source.sizeBytes; ) {
    const length = mime === null ? PICTURE_MAGIC_BYTES : WINDOW_BYTES
    const bytes = await source.slice(position, Math.min(position + length, source.sizeBytes))
    if (bytes.length === 0) break
    mime ??= pictureTypeOf(bytes)
    if (mime === null) return null
    hash.update(bytes)
    progress(bytes.length)
    position += bytes.length
  }
  return mime === null ? null : { mime, sha256: hash.hex() }
}

function messageOf(seq: number, file: { path: string; sizeBytes: number }, mime: string): Message {
  return {
    seq,
    kind: 'message',
    placeKey: PLACE_KEY,
    id: null,
    sentAt: { utcMs: null, local: null, precision: 'day', zone: 'unknown' },
    authorKey: null,
    authorName: null,
    text: '',
    entities: [],
    attachments: [
      {
        kind: 'photo',
        state: 'present',
        path: file.path,
        fileName: file.path.slice(file.path.lastIndexOf('/') + 1),
        sizeBytes: file.sizeBytes,
        mime,
      },
    ],
    raw: { file: file.path, start: 0, end: file.sizeBytes },
  }
}

function progressOf(files: readonly { sizeBytes: number }[], options: ReadOptions): (bytes: number) => void {
  const totalBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
  let readBytes = 0
  return (bytes) => {
    if (options.signal?.aborted) throw new ChatError('ABORTED', 'Reading was stopped. Nothing was kept.')
    readBytes += bytes
    options.onProgress?.(readBytes, totalBytes)
  }
}
