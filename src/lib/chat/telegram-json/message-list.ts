import { ChatError } from '../errors.ts'
import type { Gap, Message } from '../model.ts'
import type { Tally } from '../tally.ts'
import { CLOSE_LIST, COMMA, OPEN_OBJECT, skipSpace } from './ascii.ts'
import type { ByteWindow } from './byte-window.ts'
import { ElementScan } from './element-scan.ts'
import type { MessageMapper } from './message-mapper.ts'
import { RawMessage } from './raw-message.ts'
import { Run } from './run.ts'
import { SiblingFinder } from './sibling-finder.ts'
import { skipValue } from './skip-value.ts'
import { fillFromWhole, wholeElementOf } from './whole-element.ts'

export const LARGEST_MESSAGE_BYTES = 4 << 20
const MOST_PER_BATCH = 4096
const LONGEST_LEAD = 4096
const MOST_UNREADABLE = 1000
/** Below this many unreadable messages, their share of the file says nothing. */
const FEWEST_FOR_SHARE = 100
const HIGHEST_SHARE = 0.01

/** Why the scan of what the window holds stopped. */
type Stop = 'more' | 'batch-full' | 'too-large' | 'closed'

/** The list under `messages`: cuts it into messages, hands out batches, and turns what cannot be read into gaps. */
export class MessageList {
  /** The file ended inside the list. */
  isTruncated = false
  /** Messages met, readable or not. */
  #met = 0
  #unreadable = 0
  #batch: Message[] = []
  /** Messages of the batch whose attachment states may not be known yet. */
  #uncounted: Message[] = []
  #needsComma = false
  #finder = new SiblingFinder(new Uint8Array(0))
  readonly #scan = new ElementScan()
  /** For messages met before the one `#scan` is at. */
  readonly #rescan = new ElementScan()
  readonly #run = new Run()
  readonly #raw = new RawMessage()
  readonly #window: ByteWindow
  readonly #mapper: MessageMapper
  readonly #tally: Tally
  readonly #file: string

  constructor(window: ByteWindow, mapper: MessageMapper, tally: Tally, file: string) {
    this.#window = window
    this.#mapper = mapper
    this.#tally = tally
    this.#file = file
  }

  /** Reads from behind the `[` to behind the `]`. The last yield may come before the file's end is noted. */
  async *batches(): AsyncGenerator<Message[], void, undefined> {
    await this.#learnIndent()
    for (;;) {
      const stop = this.#scanWindow()
      this.#flush()
      if (this.#batch.length > 0) yield await this.#finishBatch()
      if (stop === 'closed') return
      if (stop === 'too-large') await this.#skipTooLarge()
      if (stop === 'more' && !(await this.#window.more())) {
        const sibling = this.#findSibling()
        if (sibling < 0) return this.#noteTruncated()
        this.#resumeAt(sibling)
      }
    }
  }

  async #finishBatch(): Promise<Message[]> {
    await this.#mapper.attachments.settle()
    for (const message of this.#uncounted) this.#tally.message(message)
    this.#uncounted = []
    const batch = this.#batch
    this.#batch = []
    return batch
  }

  #push(message: Message): void {
    this.#batch.push(message)
    if (this.#mapper.attachments.isSettled) this.#tally.message(message)
    else this.#uncounted.push(message)
  }

  async #learnIndent(): Promise<void> {
    const window = this.#window
    let p = window.pos
    for (;;) {
      p = skipSpace(window.bytes, window.pos)
      if (p < window.end || p - window.pos > LONGEST_LEAD || !(await window.more())) break
    }
    if (p - window.pos <= LONGEST_LEAD) this.#finder = new SiblingFinder(window.bytes.subarray(window.pos, p))
  }

  #scanWindow(): Stop {
    const window = this.#window
    const { bytes, end } = window
    for (;;) {
      const p = skipSpace(bytes, window.pos)
      window.pos = Math.min(p, end)
      if (p >= end) return 'more'
      if (this.#batch.length + this.#run.count >= MOST_PER_BATCH) return 'batch-full'
      const byte = bytes[p]
      if (byte === CLOSE_LIST) {
        window.pos++
        return 'closed'
      }
      if (byte === COMMA && this.#needsComma) {
        this.#needsComma = false
        window.pos++
        continue
      }
      if (byte === OPEN_OBJECT) {
        if (this.#needsComma) this.#tally.warn('COMMA_MISSING', String(window.offsetOf(p)))
        this.#needsComma = false
        const stop = this.#element(p)
        if (stop !== null) return stop
      } else if (!this.#leaveDamaged()) return this.#isTooLarge() ? 'too-large' : 'more'
    }
  }

  /** Takes the message at `p`; a reason to stop when that cannot be done with what the window holds. */
  #element(p: number): Stop | null {
    const window = this.#window
    const scan = this.#scan
    const result = scan.scan(window.bytes, p, window.end)
    if (result === 'more') return this.#isTooLarge() ? 'too-large' : 'more'
    if (result === 'damaged') {
      if (this.#leaveDamaged()) return null
      return this.#isTooLarge() ? 'too-large' : 'more'
    }
    if (scan.next - p > LARGEST_MESSAGE_BYTES) return 'too-large'
    this.#met++
    this.#needsComma = true
    const offset = window.offsetOf(p)
    if (scan.isTooDeep) this.#gapOf('nesting', 'NESTING', offset, window.offsetOf(scan.next))
    else this.#take(p, offset)
    window.pos = scan.next
    return null
  }

  #take(p: number, offset: number): void {
    const scan = this.#scan
    if (this.#run.isFullFor(scan.next - p)) this.#flush()
    if (this.#run.add(this.#window.bytes, p, scan, offset)) return
    const element = wholeElementOf(this.#window.bytes, p, offset, scan)
    const hasDuplicateKey = scan.hasDuplicateKey
    this.#flush()
    if (hasDuplicateKey) this.#tally.warn('DUPLICATE_KEY', String(offset))
    this.#takeWhole(element)
  }

  #takeWhole(element: ReturnType<typeof wholeElementOf>): void {
    if (fillFromWhole(this.#raw, element, this.#file, this.#tally)) {
      this.#push(this.#mapper.map(this.#raw))
    } else this.#noteUnreadable(element.offset, element.offset + element.bytes.length)
  }

  /** Makes messages of the run; one by one when a value in it is not what JSON or UTF-8 allow. */
  #flush(): void {
    const run = this.#run
    if (run.count === 0) return
    const isParsed = run.parse()
    for (let i = 0; i < run.count; i++) {
      if (isParsed) {
        run.fill(this.#raw, i)
        this.#push(this.#mapper.map(this.#raw))
        continue
      }
      const window = this.#window
      const p = run.startOf(i) - window.offsetOf(0)
      this.#rescan.scan(window.bytes, p, window.end)
      this.#takeWhole(wholeElementOf(window.bytes, p, run.startOf(i), this.#rescan))
    }
    run.clear()
  }

  #isTooLarge(): boolean {
    return this.#window.end - this.#window.pos > LARGEST_MESSAGE_BYTES
  }

  #findSibling(): number {
    const { bytes, pos, end } = this.#window
    return this.#finder.find(bytes, pos + 1, end)
  }

  /** Turns the bytes up to the next message into a gap; false when the next message is not in the window yet. */
  #leaveDamaged(): boolean {
    const sibling = this.#findSibling()
    if (sibling < 0) return false
    this.#resumeAt(sibling)
    return true
  }

  #resumeAt(sibling: number): void {
    const window = this.#window
    this.#flush()
    this.#met++
    this.#noteUnreadable(window.offsetOf(window.pos), window.offsetOf(sibling))
    window.pos = sibling
    this.#needsComma = false
  }

  async #skipTooLarge(): Promise<void> {
    const window = this.#window
    const start = window.offsetOf(window.pos)
    this.#met++
    this.#needsComma = true
    const result = await skipValue(window, true)
    if (result === 'broken') {
      await this.#seekSibling()
      this.#needsComma = false
    }
    this.#gapOf('too-large', 'MESSAGE_TOO_LARGE', start, window.offsetOf(window.pos))
  }

  async #seekSibling(): Promise<void> {
    const window = this.#window
    for (;;) {
      const sibling = this.#finder.find(window.bytes, window.pos, window.end)
      if (sibling >= 0) {
        window.pos = sibling
        return
      }
      window.pos = Math.max(window.pos, window.end - this.#finder.lookaheadBytes)
      if (await window.more()) continue
      window.pos = window.end
      return
    }
  }

  #noteTruncated(): void {
    const window = this.#window
    const start = window.offsetOf(window.pos)
    const end = window.offsetOf(window.end)
    this.isTruncated = true
    this.#tally.warn('TRUNCATED', String(end))
    const detail = 'the file ends inside the list of messages'
    this.#tally.gap({ kind: 'truncated', file: this.#file, start, end, detail })
    window.pos = window.end
  }

  #noteUnreadable(start: number, end: number): void {
    this.#unreadable++
    const detail = 'not readable as JSON'
    this.#tally.gap({ kind: 'decode-error', file: this.#file, start, end, detail })
    const isShareHigh = this.#unreadable >= FEWEST_FOR_SHARE && this.#unreadable > this.#met * HIGHEST_SHARE
    if (this.#unreadable <= MOST_UNREADABLE && !isShareHigh) return
    throw new ChatError(
      'JSON_DAMAGED',
      `${this.#unreadable} of the first ${this.#met} messages could not be read. The file was damaged or changed ` +
        'after it was written. Nothing was kept. Export the chat again, and hand over the file as it is.',
    )
  }

  #gapOf(kind: Gap['kind'], code: string, start: number, end: number): void {
    this.#flush()
    this.#tally.warn(code, String(start))
    this.#tally.gap({ kind, file: this.#file, start, end, detail: code })
  }
}
