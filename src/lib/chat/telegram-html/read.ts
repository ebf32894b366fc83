import { ChatError } from '../errors.ts'
import type { ChatReader, Message, ReadOptions, Source, SourceTree } from '../model.ts'
import { Tally } from '../tally.ts'
import { openZone } from '../whatsapp/index.ts'
import { type Block, BlockReader } from './blocks.ts'
import { findByClass, lineOf } from './element.ts'
import { LostMessages } from './lost-messages.ts'
import { MessageMapper } from './message-mapper.ts'
import { TokenReader } from './tokens.ts'

const WINDOW_BYTES = 256 * 1024

/**
 * Reads the pages of a Telegram HTML export, in the order given. Pages hold no ids of people or chat: accounts are
 * `tg:name:…`, the place is `tg:html:` and the beginning of the first page's digest. Each page is read twice: hashed,
 * then parsed.
 *
 * Warnings: `DATE_FORM`, `SUMMER_TIME_AMBIGUOUS`, `DATE_RANGE`, `AUTHOR_MISSING`, `JOINED_TOO_LATE`, `ID_FORM`,
 * `DUPLICATE_ID`, `PATH_HOSTILE`, `ENTRY_TYPE` (a link, a device or a bomb), `PAGE_MISSING`. Gaps: `unsupported`, `too-large`, `nesting`, `truncated` (also for
 * messages that stand in the bytes, but were swallowed by something left open before them). Repairs:
 * `UTF8_INVALID`. Throws `ChatError`: `ZONE_UNKNOWN`, `ABORTED`.
 */
export function readTelegramHtml(
  tree: SourceTree,
  pages: readonly Source[],
  options: ReadOptions,
): ChatReader {
  const tally = new Tally('telegram-html', options.nowMs)
  return {
    format: 'telegram-html',
    batches: () => batches(tree, pages, options, tally),
    summary: () => tally.collection(),
  }
}

async function* batches(
  tree: SourceTree,
  pages: readonly Source[],
  options: ReadOptions,
  tally: Tally,
): AsyncGenerator<Message[], void, undefined> {
  const zone = options.statedZone === undefined ? null : openZone(options.statedZone)
  const progress = progressOf(pages, options)
  warnOfMissingPages(pages, tally)
  let mapper: MessageMapper | null = null
  let placeKey = ''
  for (const page of pages) {
    const sha256 = await hashPage(page, options, progress)
    tally.source({ path: page.path, sizeBytes: page.sizeBytes, sha256 })
    if (!mapper) {
      placeKey = `tg:html:${sha256.slice(0, 16)}`
      tally.place({ key: placeKey, platform: 'telegram', kind: 'unknown', ids: [], titles: [] })
      mapper = new MessageMapper({ tree, placeKey, zone, tally })
    }
    for await (const blocks of blocksOf(page, progress)) {
      const messages = await mapBlocks(blocks, page.path, { mapper, tally, placeKey })
      if (messages.length > 0) yield messages
    }
  }
}

async function mapBlocks(
  blocks: readonly Block[],
  file: string,
  parts: { mapper: MessageMapper; tally: Tally; placeKey: string },
): Promise<Message[]> {
  const { mapper, tally, placeKey } = parts
  const messages: Message[] = []
  for (const block of blocks) {
    const { root, fault, start, end } = block
    if (!root) tally.gap({ kind: fault ?? 'decode-error', file, start, end, detail: 'message on the page' })
    else if (block.kind === 'header') {
      const title = findByClass(root, 'text')
      if (title) {
        tally.place({
          key: placeKey,
          platform: 'telegram',
          kind: 'unknown',
          ids: [],
          titles: [lineOf(title)],
        })
      }
    } else {
      const message = await mapper.map(root, block, file)
      if (message?.isRepaired) tally.repair('UTF8_INVALID', file, start, new Uint8Array(0), '\ufffd')
      if (message) messages.push(message)
    }
  }
  return messages
}

async function* blocksOf(
  page: Source,
  progress: (bytes: number) => void,
): AsyncGenerator<Block[], void, undefined> {
  const blocks = new BlockReader()
  const tokens = new TokenReader(blocks)
  const lost = new LostMessages()
  for await (const bytes of windowsOf(page, progress)) {
    lost.scan(bytes)
    tokens.write(bytes)
    yield lost.fill(blocks.take())
  }
  tokens.end()
  blocks.end(page.sizeBytes)
  yield [...lost.fill(blocks.take()), ...lost.end(page.sizeBytes)]
}

async function hashPage(
  page: Source,
  options: ReadOptions,
  progress: (bytes: number) => void,
): Promise<string> {
  const hash = options.sha256()
  for await (const bytes of windowsOf(page, progress)) hash.update(bytes)
  return hash.hex()
}

async function* windowsOf(
  page: Source,
  progress: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let position = 0
  while (position < page.sizeBytes) {
    const bytes = await page.slice(position, Math.min(position + WINDOW_BYTES, page.sizeBytes))
    if (bytes.length === 0) return
    progress(bytes.length)
    position += bytes.length
    yield bytes
  }
}

function progressOf(pages: readonly Source[], options: ReadOptions): (bytes: number) => void {
  const totalBytes = 2 * pages.reduce((sum, page) => sum + page.sizeBytes, 0)
  let readBytes = 0
  return (bytes) => {
    if (options.signal?.aborted) throw new ChatError('ABORTED', 'Reading was stopped. Nothing was kept.')
    readBytes += bytes
    options.onProgress?.(readBytes, totalBytes)
  }
}

/** `messages.html` is page 1, `messages2.html` page 2 and so on; a hole means a page was not handed over. */
function warnOfMissingPages(pages: readonly Source[], tally: Tally): void {
  let expected = 1
  for (const page of pages) {
    const number = pageNumber(page.path)
    for (; expected < Math.min(number, expected + 1000); expected++)
      tally.warn('PAGE_MISSING', String(expected))
    expected = number + 1
  }
}

/** The number in a page's file name; 1 when there is none. */
export function pageNumber(path: string): number {
  return Number(/(\d{1,9})\.[^./]*$/.exec(path)?.[1] ?? 1)
}
