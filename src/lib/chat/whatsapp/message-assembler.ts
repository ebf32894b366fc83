import type { Attachment, Message, SourceTree } from '../model.ts'
import type { Tally } from '../tally.ts'
import { refusalOf } from '../telegram-json/index.ts'
import { authorKey, splitAuthor } from './author.ts'
import type { Clock } from './clock.ts'
import { findAttachment, looksLikeOmitted } from './find-attachment.ts'
import { type LineHeader, parseLineHeader } from './line-header.ts'
import type { DecodedLine } from './line-text.ts'
import { type ByteLine, LONGEST_LINE_BYTES } from './lines.ts'

/** Where WhatsApp stops exporting, with and without media; the oldest messages are left out without a word. */
const EXPORT_CAPS = [10_000, 40_000]
const CAP_SLACK = 0.01

/** A message whose lines are all read, before its file is looked for. */
export interface OpenMessage {
  header: LineHeader
  lines: string[]
  keptBytes: number
  start: number
  end: number
  isRepaired: boolean
}

export interface AssemblerParts {
  tree: SourceTree
  path: string
  placeKey: string
  clock: Clock
  tally: Tally
}

/** Joins lines to messages and keeps the books on what is odd about them. */
export class MessageAssembler {
  readonly #parts: AssemblerParts
  readonly #folder: string
  readonly #authors = new Set<string>()
  #open: OpenMessage | null = null
  #seq = 0
  #previousWallMs: number | null = null
  #prologueEnd = 0

  constructor(parts: AssemblerParts) {
    this.#parts = parts
    this.#folder = parts.path.slice(0, parts.path.lastIndexOf('/') + 1)
    const name = parts.path.slice(this.#folder.length).replace(/\.txt$/i, '')
    const title = name === '_chat' ? parts.tree.name.replace(/\.zip$/i, '') : name
    parts.tally.place({
      key: parts.placeKey,
      platform: 'whatsapp',
      kind: 'unknown',
      ids: [],
      titles: [title],
    })
  }

  /** Takes the next line; returns the message before it when this line begins another. */
  add(line: ByteLine, decoded: DecodedLine, style: LineHeader['style']): OpenMessage | null {
    const header = parseLineHeader(decoded.text)
    if (header && header.style === style) {
      const done = this.finish()
      this.#open = {
        header,
        lines: [decoded.text.slice(header.restAt)],
        keptBytes: line.bytes.length,
        start: line.start,
        end: line.end,
        isRepaired: decoded.isRepaired,
      }
      if (line.isCut) this.#gapTooLarge(line.start + line.bytes.length, line.end)
      return done
    }
    // The header of the other application's style, in the middle of a message: pasted, or meant to be taken for one.
    if (header) this.#parts.tally.warn('POSSIBLE_INJECTED_LINE', String(line.start))
    this.#continue(line, decoded)
    return null
  }

  finish(): OpenMessage | null {
    const done = this.#open
    this.#open = null
    return done
  }

  /** Makes the neutral message, looking up whether its file is there. */
  async attach(open: OpenMessage): Promise<Message> {
    const { tally, clock, placeKey, path } = this.#parts
    const time = clock.read(open.header)
    for (const code of time.warnings) tally.warn(code, String(open.start))
    this.#checkOrder(open, time.wallMs)
    const author = splitAuthor(open.lines[0] ?? '')
    const firstLine = author ? author.text : (open.lines[0] ?? '')
    const found = author ? findAttachment(firstLine) : null
    if (author && !found && looksLikeOmitted(firstLine))
      tally.warn('MEDIA_PHRASE_UNKNOWN', String(open.start))
    const shown = found ? found.text : firstLine
    const rest = open.lines.slice(1)
    const message: Message = {
      seq: this.#seq++,
      kind: author ? 'message' : 'system',
      placeKey,
      id: null,
      sentAt: time.moment,
      authorKey: author ? authorKey(author.name) : null,
      authorName: author ? author.name : null,
      text: (found && shown === '' ? rest : [shown, ...rest]).join('\n'),
      entities: [],
      attachments: found ? [await this.#attachment(found, open.start)] : [],
      raw: { file: path, start: open.start, end: open.end },
    }
    if (open.isRepaired) message.isRepaired = true
    if (message.authorKey !== null) this.#countAuthor(message.authorKey)
    tally.message(message)
    return message
  }

  /** Ends the bookkeeping: what no message holds, and whether the export was cut by WhatsApp. */
  close(): void {
    const { tally, path } = this.#parts
    if (this.#prologueEnd > 0) {
      tally.gap({
        kind: 'decode-error',
        file: path,
        start: 0,
        end: this.#prologueEnd,
        detail: 'no message begins here',
      })
    }
    for (const cap of EXPORT_CAPS) {
      if (Math.abs(this.#seq - cap) <= cap * CAP_SLACK) tally.warn('WA_CAP', String(this.#seq))
    }
  }

  #continue(line: ByteLine, decoded: DecodedLine): void {
    const open = this.#open
    if (!open) {
      if (decoded.text.trim() !== '' || this.#prologueEnd > 0) this.#prologueEnd = line.end
      return
    }
    open.end = line.end
    if (decoded.isRepaired) open.isRepaired = true
    const room = LONGEST_LINE_BYTES - open.keptBytes
    if (line.bytes.length > room) {
      this.#gapTooLarge(line.start, line.end)
      return
    }
    open.lines.push(decoded.text)
    open.keptBytes += line.bytes.length + 1
    if (line.isCut) this.#gapTooLarge(line.start + line.bytes.length, line.end)
  }

  #gapTooLarge(start: number, end: number): void {
    this.#parts.tally.gap({
      kind: 'too-large',
      file: this.#parts.path,
      start,
      end,
      detail: 'text past 4 MiB of one message',
    })
  }

  /** WhatsApp writes messages in order. One that is older than the one before it may be text made to look like one. */
  #checkOrder(open: OpenMessage, wallMs: number | null): void {
    if (wallMs === null) return
    const previous = this.#previousWallMs
    this.#previousWallMs = wallMs
    if (previous === null || wallMs >= previous) return
    const { tally, path } = this.#parts
    tally.warn('POSSIBLE_INJECTED_LINE', String(open.start))
    tally.gap({
      kind: 'date-jump-back',
      file: path,
      start: open.start,
      end: open.end,
      detail: open.header.local,
    })
  }

  #countAuthor(key: string): void {
    if (this.#authors.size > 2) return
    this.#authors.add(key)
    if (this.#authors.size !== 3) return
    const { tally, placeKey } = this.#parts
    tally.place({ key: placeKey, platform: 'whatsapp', kind: 'group', ids: [], titles: [] })
  }

  async #attachment(
    found: { kind: Attachment['kind']; fileName: string | null },
    start: number,
  ): Promise<Attachment> {
    if (found.fileName === null) return { kind: found.kind, state: 'not-included' }
    const path = this.#folder + found.fileName
    const asked = this.#parts.tree.state(path)
    const state = typeof asked === 'string' ? asked : await asked
    if (state === 'refused') {
      this.#parts.tally.warn(refusalOf(path), String(start))
      return { kind: found.kind, state, fileName: found.fileName }
    }
    return { kind: found.kind, state, path, fileName: found.fileName }
  }
}
