import { ChatError } from '../errors.ts'
import type { ChatReader, Collection, Message, Place, ReadOptions, Source, SourceTree } from '../model.ts'
import { Tally } from '../tally.ts'
import { OPEN_LIST } from './ascii.ts'
import { ByteWindow, WINDOW_BYTES } from './byte-window.ts'
import {
  fullAccountError,
  type Header,
  isFullAccountKey,
  isHeaderKey,
  placeOf,
  readHeader,
} from './header.ts'
import { MessageList } from './message-list.ts'
import { MessageMapper } from './message-mapper.ts'
import { RootCursor, type RootEnd } from './root-cursor.ts'

const FINGERPRINT_BYTES = 65_536
const FINGERPRINT_DIGITS = 16

/**
 * Reads Telegram Desktop's export of one chat as JSON, in one pass and with the memory of one window (`windowBytes`,
 * 1 MiB) whatever the size of the file. Attachment paths are relative to the file's folder and looked up in `tree`,
 * never opened.
 *
 * Batches throw `ChatError`: `TG_FULL_ACCOUNT` (no value was read, only key names), `FORMAT_UNKNOWN` (no JSON object, or
 * one without messages), `JSON_DAMAGED` (ends or breaks before the messages; more than 1000 unreadable messages, or 100
 * and 1 %), `ABORTED`. Faults within are repairs, gaps and warnings of the summary.
 */
export function readTelegramJson(
  tree: SourceTree,
  source: Source,
  options: ReadOptions,
  windowBytes = WINDOW_BYTES,
): ChatReader {
  return new TelegramJsonReader(tree, source, options, windowBytes)
}

class TelegramJsonReader implements ChatReader {
  readonly format = 'telegram-json'
  readonly #tree: SourceTree
  readonly #source: Source
  readonly #options: ReadOptions
  readonly #windowBytes: number
  #tally: Tally

  constructor(tree: SourceTree, source: Source, options: ReadOptions, windowBytes: number) {
    this.#tree = tree
    this.#source = source
    this.#options = options
    this.#windowBytes = windowBytes
    this.#tally = new Tally(this.format, options.nowMs)
  }

  summary(): Collection {
    return this.#tally.collection()
  }

  async *batches(): AsyncGenerator<Message[], void, undefined> {
    const tally = new Tally(this.format, this.#options.nowMs)
    this.#tally = tally
    const { onProgress, signal } = this.#options
    const hash = this.#options.sha256()
    const window = new ByteWindow(this.#source, { windowBytes: this.#windowBytes, hash, onProgress, signal })
    yield* this.#root(window, tally)
    await window.drain()
    tally.source({ path: this.#source.path, sizeBytes: window.readBytes, sha256: hash.hex() })
  }

  async *#root(window: ByteWindow, tally: Tally): AsyncGenerator<Message[], void, undefined> {
    const cursor = new RootCursor(window)
    const header: Header = {}
    const file = this.#source.path
    let list: MessageList | null = null
    let place: Place | null = null
    for (;;) {
      const step = await cursor.next()
      if (typeof step === 'string') {
        if (!list) throw noMessagesError(step)
        if (!list.isTruncated) await this.#noteEnd(step, window, cursor)
        break
      }
      if (isFullAccountKey(step.key)) {
        window.wipe()
        throw fullAccountError(step.key)
      }
      const isList = step.key === 'messages' && (await cursor.peek()) === OPEN_LIST
      if (isList) {
        if (list) tally.warn('DUPLICATE_KEY', String(window.offsetOf(window.pos)))
        window.pos++
        place ??= await this.#place(header)
        tally.place(place)
        list ??= new MessageList(window, new MessageMapper(this.#tree, file, place, tally), tally, file)
        yield* list.batches()
      } else if (isHeaderKey(step.key)) {
        if (Object.hasOwn(header, step.key)) tally.warn('DUPLICATE_KEY', String(window.offsetOf(window.pos)))
        header[step.key] = await cursor.scalar()
      } else await cursor.skip()
    }
    if (place && typeof header.name === 'string') tally.place({ ...place, titles: [header.name] })
    if (cursor.hasBom) tally.repair('BOM', file, 0, Uint8Array.of(0xef, 0xbb, 0xbf), '')
  }

  /** Every message names its place, so type and id must be known before the first one. */
  async #place(header: Header): Promise<Place> {
    const isKnown = header.type !== undefined && header.id !== undefined
    const whole = isKnown ? header : await readHeader(this.#source, this.#windowBytes)
    return placeOf(whole, whole.id === undefined ? await this.#fingerprint() : '')
  }

  /** Digest of the file's first bytes: names the place of an export that has no id. */
  async #fingerprint(): Promise<string> {
    const hash = this.#options.sha256()
    const window = new ByteWindow(this.#source, { windowBytes: FINGERPRINT_BYTES, hash })
    await window.more()
    return hash.hex().slice(0, FINGERPRINT_DIGITS)
  }

  async #noteEnd(step: RootEnd, window: ByteWindow, cursor: RootCursor): Promise<void> {
    const offset = window.offsetOf(window.pos)
    if (step === 'truncated') this.#tally.warn('TRUNCATED', String(offset))
    if (step === 'damaged' || (step === 'end' && (await cursor.peek()) !== -1)) {
      this.#tally.warn('TRAILING', String(window.offsetOf(window.pos)))
    }
  }
}

function noMessagesError(step: RootEnd): ChatError {
  if (step === 'end' || step === 'no-object') {
    return new ChatError(
      'FORMAT_UNKNOWN',
      'This JSON file has no list of messages: it is no export of a chat.',
    )
  }
  return new ChatError(
    'JSON_DAMAGED',
    'The file ends or breaks before its messages begin. Nothing was kept. Export the chat again.',
  )
}
