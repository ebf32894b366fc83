import type { Confidence, Identifier, IdentifierKind } from './identifier.ts'
import type { TextRange } from './mapped.ts'

const FREE = 0
const TAKEN = 1
const IN_LINK = 2

interface TakenRange extends TextRange {
  mark: number
}

const MAX_LISTED = 16

/** What was found in one message so far, and which parts of its text are spoken for. */
export class Findings {
  readonly identifiers: Identifier[] = []
  readonly #length: number
  readonly #taken: TakenRange[] = []
  /** Replaces the list when it grows, so that looking a range up stays cheap. */
  #marks: Uint8Array | null = null

  constructor(textLength: number) {
    this.#length = textLength
  }

  /** Adds a hit at a range of the text; false when a part of the range already belongs to another one. */
  add(
    kind: IdentifierKind,
    range: TextRange,
    value: string,
    masked: string,
    confidence: Confidence,
  ): boolean {
    if (this.#highest(range) !== FREE) return false
    this.#push(kind, range, value, masked, confidence)
    this.#mark(range, TAKEN)
    return true
  }

  /** Adds a web address; numbers inside it can still be added by `addInLink`. */
  addLink(range: TextRange, value: string, masked: string, confidence: Confidence): boolean {
    if (this.#highest(range) !== FREE) return false
    this.#push('url', range, value, masked, confidence)
    this.#mark(range, IN_LINK)
    return true
  }

  isInLink(range: TextRange): boolean {
    return this.#highest(range) === IN_LINK
  }

  addInLink(kind: IdentifierKind, range: TextRange, value: string, masked: string): void {
    this.#push(kind, range, value, masked, 'possible')
    this.#mark(range, TAKEN)
  }

  /** Adds a hit without taking its range: addresses hold house numbers and postcodes, not other identifiers. */
  addLoosely(
    kind: IdentifierKind,
    range: TextRange,
    value: string,
    masked: string,
    confidence: Confidence,
  ): void {
    this.#push(kind, range, value, masked, confidence)
  }

  addOutside(
    where: 'contact' | 'hidden' | 'other',
    kind: IdentifierKind,
    value: string,
    masked: string,
    confidence: Confidence,
  ): void {
    this.identifiers.push({ kind, where, start: -1, end: -1, value, masked, confidence })
  }

  #push(kind: IdentifierKind, range: TextRange, value: string, masked: string, confidence: Confidence): void {
    this.identifiers.push({
      kind,
      where: 'text',
      start: range.start,
      end: range.end,
      value,
      masked,
      confidence,
    })
  }

  #highest(range: TextRange): number {
    let highest = FREE
    if (this.#marks === null) {
      for (const { start, end, mark } of this.#taken) {
        if (start < range.end && range.start < end && mark !== highest)
          highest = highest === TAKEN ? TAKEN : mark
      }
      return highest
    }
    for (let i = range.start; i < range.end; i++) {
      const mark = this.#marks[i] ?? FREE
      if (mark === TAKEN) return TAKEN
      if (mark > highest) highest = mark
    }
    return highest
  }

  #mark(range: TextRange, mark: number): void {
    if (this.#marks === null && this.#taken.push({ start: range.start, end: range.end, mark }) <= MAX_LISTED)
      return
    this.#marks ??= this.#paintTaken()
    this.#marks.fill(mark, range.start, range.end)
  }

  #paintTaken(): Uint8Array {
    const marks = new Uint8Array(this.#length)
    for (const { start, end, mark } of this.#taken) marks.fill(mark, start, end)
    return marks
  }
}
