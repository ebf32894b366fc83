import { ChatError } from '../errors.ts'
import type { ChatReader, Collection, Message, ReadOptions, Source, SourceTree } from '../model.ts'
import { Tally } from '../tally.ts'
import { Clock } from './clock.ts'
import { parseLineHeader } from './line-header.ts'
import { LineText } from './line-text.ts'
import { readLines } from './lines.ts'
import { MessageAssembler } from './message-assembler.ts'
import { Survey, type SurveyResult } from './survey.ts'

const BATCH_MESSAGES = 1000

/**
 * Reads a WhatsApp chat as text: `[date, time] name: text` (iOS) or `date, time - name: text` (Android). The file is
 * read twice: once to hash it and to learn its date order and clock, once for the messages.
 *
 * Warnings: `DATE_ORDER_AMBIGUOUS`, `HOUR12_UNMARKED`, `TIME_MARKER_UNKNOWN`, `TIME_REPEATED`, `TIME_SKIPPED` (clocks set
 * back or forward), `DATE_RANGE`, `POSSIBLE_INJECTED_LINE`, `MEDIA_PHRASE_UNKNOWN`, `PATH_HOSTILE`, `ENTRY_TYPE`, `WA_CAP`. Repairs:
 * `BOM`, `UTF8_INVALID`, `NUL`. Throws `ChatError`: `ZONE_UNKNOWN`, `ABORTED`.
 */
export function readWhatsappText(tree: SourceTree, source: Source, options: ReadOptions): ChatReader {
  const tally = new Tally('whatsapp-text', options.nowMs)
  return {
    format: 'whatsapp-text',
    batches: () => batches(tree, source, options, tally),
    summary: (): Collection => tally.collection(),
  }
}

async function* batches(
  tree: SourceTree,
  source: Source,
  options: ReadOptions,
  tally: Tally,
): AsyncGenerator<Message[], void, undefined> {
  const progress = new Progress(source, options)
  const { survey, sha256 } = await surveyFile(source, options, progress)
  tally.source({ path: source.path, sizeBytes: source.sizeBytes, sha256 })
  const assembler = new MessageAssembler({
    tree,
    path: source.path,
    placeKey: `wa:${sha256.slice(0, 16)}`,
    clock: new Clock(survey, options),
    tally,
  })
  const text = new LineText(source.path, tally)
  let batch: Message[] = []
  for await (const lines of readLines(source, (bytes) => progress.advance(bytes.length))) {
    for (const line of lines) {
      const done = assembler.add(line, text.decode(line), survey.style)
      if (done) batch.push(await assembler.attach(done))
    }
    if (batch.length < BATCH_MESSAGES) continue
    yield batch
    batch = []
  }
  const last = assembler.finish()
  if (last) batch.push(await assembler.attach(last))
  assembler.close()
  if (batch.length > 0) yield batch
}

async function surveyFile(
  source: Source,
  options: ReadOptions,
  progress: Progress,
): Promise<{ survey: SurveyResult; sha256: string }> {
  const hash = options.sha256()
  const survey = new Survey(options.nowMs)
  const onBytes = (bytes: Uint8Array) => {
    hash.update(bytes)
    progress.advance(bytes.length)
  }
  for await (const lines of readLines(source, onBytes)) {
    for (const line of lines) survey.add(line)
  }
  return { survey: survey.result(), sha256: hash.hex() }
}

/** Counts both passes. */
class Progress {
  readonly #options: ReadOptions
  readonly #totalBytes: number
  #readBytes = 0

  constructor(source: Source, options: ReadOptions) {
    this.#options = options
    this.#totalBytes = source.sizeBytes * 2
  }

  advance(bytes: number): void {
    if (this.#options.signal?.aborted)
      throw new ChatError('ABORTED', 'Reading was stopped. Nothing was kept.')
    this.#readBytes += bytes
    this.#options.onProgress?.(this.#readBytes, this.#totalBytes)
  }
}

/** Share of lines that begin a message, among the first lines of a file; for finding out what a file is. */
export function countHeaders(lines: readonly string[]): number {
  return lines.filter((line) => parseLineHeader(line) !== null).length
}
