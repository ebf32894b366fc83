import { type QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import { bytesToUnits, unitsOfCodePoint } from './byte-text.ts'

/** What a page consists of. Positions are byte offsets in the file; names and values are byte strings. */
export interface TokenHandler {
  open(tag: OpenTag): void
  close(name: string, end: number): void
  text(units: string): void
}

export interface OpenTag {
  name: string
  attributes: ReadonlyMap<string, string>
  start: number
  end: number
}

/** A tag or attribute name may begin at most this long before the bytes at hand. */
const HISTORY_UNITS = 64 * 1024
const LONGEST_VALUE = 64 * 1024
const MOST_ATTRIBUTES = 64

/**
 * Cuts bytes into HTML tokens as a browser would, but builds, runs and loads nothing. Memory stays bounded whatever the
 * page: attribute values are cut at 64 KiB, attributes past 64 of one tag are dropped, comments are not kept.
 */
export class TokenReader {
  readonly #tokenizer: Tokenizer
  readonly #handler: TokenHandler
  #units = ''
  #base = 0
  #name = ''
  #start = 0
  #attributes = new Map<string, string>()
  #attribute = ''
  #value = ''

  constructor(handler: TokenHandler) {
    this.#handler = handler
    this.#tokenizer = new Tokenizer({ xmlMode: false, decodeEntities: true }, this.#callbacks())
  }

  write(bytes: Uint8Array): void {
    const kept = this.#units.slice(-HISTORY_UNITS)
    this.#base += this.#units.length - kept.length
    const units = bytesToUnits(bytes)
    this.#units = kept + units
    this.#tokenizer.write(units)
  }

  end(): void {
    this.#tokenizer.end()
  }

  #callbacks(): TokenizerCallbacks {
    const ignore = () => {}
    return {
      onopentagname: (start, end) => this.#openTag(start, end),
      onattribname: (start, end) => {
        this.#attribute = this.#slice(start, end).toLowerCase()
        this.#value = ''
      },
      onattribdata: (start, end) => this.#addValue(this.#slice(start, end)),
      onattribentity: (codePoint) => this.#addValue(unitsOfCodePoint(codePoint)),
      onattribend: (_quote: QuoteType) => this.#endAttribute(),
      onopentagend: (end) => this.#endTag(end + 1),
      onselfclosingtag: (end) => this.#endTag(end + 1),
      onclosetag: (start, end) => this.#handler.close(this.#slice(start, end).toLowerCase(), end + 1),
      ontext: (start, end) => this.#handler.text(this.#slice(start, end)),
      ontextentity: (codePoint) => this.#handler.text(unitsOfCodePoint(codePoint)),
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onend: ignore,
    }
  }

  #openTag(start: number, end: number): void {
    this.#name = this.#slice(start, end).toLowerCase()
    this.#start = start - 1
    this.#attributes = new Map()
  }

  #addValue(units: string): void {
    if (this.#value.length < LONGEST_VALUE) this.#value += units.slice(0, LONGEST_VALUE - this.#value.length)
  }

  #endAttribute(): void {
    // Of two attributes of one name, browsers take the first.
    if (this.#attributes.size >= MOST_ATTRIBUTES || this.#attributes.has(this.#attribute)) return
    this.#attributes.set(this.#attribute, this.#value)
  }

  #endTag(end: number): void {
    this.#handler.open({ name: this.#name, attributes: this.#attributes, start: this.#start, end })
  }

  #slice(start: number, end: number): string {
    return start < this.#base ? '' : this.#units.slice(start - this.#base, end - this.#base)
  }
}
