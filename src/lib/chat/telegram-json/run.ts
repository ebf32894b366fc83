import { MINUS, NINE, QUOTE, ZERO } from './ascii.ts'
import type { ElementScan } from './element-scan.ts'
import type { JsonObject } from './json.ts'
import { RAW_TYPES, type RawMessage } from './raw-message.ts'
import { RecurringValues } from './recurring-values.ts'
import { ReducedList } from './reduced-list.ts'
import { SLOT } from './slots.ts'

const MOST_MESSAGES = 512
/** Strings decoded from so few bytes are young objects for a collector; larger ones cost it much more. */
const RUN_BYTES = 48 << 10
const VALUES_PER_MESSAGE = 4
const IN_ASCII = 1
const IN_WIDE = 2
const RARE_SHIFT = 6
const MOST_DIGITS = 15
const TYPE_BYTES = RAW_TYPES.slice(0, 3).map((type) => new TextEncoder().encode(`"${type}"`))
const EMITTED_SLOTS = [SLOT.date, SLOT.text, SLOT.entities]

/**
 * Several messages on their way to objects. Numbers are read from the bytes; of the rest, only what is needed is copied
 * into reduced JSON lists, so that a single decode and a single `JSON.parse` serve hundreds of messages. That is
 * three times faster than parsing the messages themselves, which consist of keys and spaces for the most part and hold
 * their text twice.
 */
export class Run {
  count = 0
  readonly #ids = new Float64Array(MOST_MESSAGES)
  readonly #unixSeconds = new Float64Array(MOST_MESSAGES)
  readonly #replies = new Float64Array(MOST_MESSAGES)
  readonly #starts = new Float64Array(MOST_MESSAGES)
  readonly #ends = new Float64Array(MOST_MESSAGES)
  readonly #types = new Uint8Array(MOST_MESSAGES)
  readonly #froms: unknown[] = new Array(MOST_MESSAGES).fill(null)
  readonly #fromIds: unknown[] = new Array(MOST_MESSAGES).fill(null)
  readonly #values = new RecurringValues()
  /** Two bits for each value of a message that can be absent, in the ASCII or in the wide list. */
  readonly #where = new Uint8Array(MOST_MESSAGES)
  readonly #ascii = new ReducedList(RUN_BYTES)
  readonly #wide = new ReducedList(RUN_BYTES)
  #asciiValues: unknown[] = []
  #wideValues: unknown[] = []
  #isTextWide = false
  #asciiNext = 0
  #wideNext = 0

  /** True when a message of so many bytes may not fit any more. */
  isFullFor(sizeBytes: number): boolean {
    return (
      this.count === MOST_MESSAGES ||
      Math.max(this.#ascii.length, this.#wide.length) + worstCase(sizeBytes) > RUN_BYTES
    )
  }

  /** Empties the run. */
  clear(): void {
    this.count = 0
    this.#ascii.clear()
    this.#wide.clear()
  }

  /**
   * Takes the message just scanned, whose first byte is at `offset` in the file. False, and nothing taken, when it is
   * not of the usual form and must be parsed as a whole.
   */
  add(bytes: Uint8Array, start: number, scan: ElementScan, offset: number): boolean {
    if (scan.needsWhole || scan.isTooDeep || this.isFullFor(scan.next - start)) return false
    const type = typeOf(bytes, scan)
    const id = integerAt(bytes, scan.starts[SLOT.id] ?? 0, scan.ends[SLOT.id] ?? 0)
    const replyTo = optionalInteger(bytes, scan, SLOT.replyTo)
    const unixSeconds = optionalQuotedInteger(bytes, scan, SLOT.unixtime)
    if (type < 0 || id === ODD || replyTo === ODD || unixSeconds === ODD) return false
    const from = this.#recurring(bytes, scan, SLOT.from)
    const fromId = this.#recurring(bytes, scan, SLOT.fromId)
    if (from === undefined || fromId === undefined) return false
    const i = this.count++
    this.#froms[i] = from
    this.#fromIds[i] = fromId
    this.#types[i] = type
    this.#ids[i] = id
    this.#replies[i] = replyTo
    this.#unixSeconds[i] = unixSeconds
    this.#starts[i] = offset
    this.#ends[i] = offset + scan.next - start
    this.#where[i] = this.#reduce(bytes, scan)
    return true
  }

  /** Null when absent, undefined when no JSON. */
  #recurring(bytes: Uint8Array, scan: ElementScan, slot: number): unknown {
    const end = scan.ends[slot] ?? 0
    return end === 0 ? null : this.#values.valueAt(bytes, scan.starts[slot] ?? 0, end)
  }

  /**
   * ASCII and other values go into lists of their own: strings of one byte per character are decoded and parsed several
   * times faster, and a single wide character would make the whole list wide.
   */
  #reduce(bytes: Uint8Array, scan: ElementScan): number {
    let where = 0
    for (let k = 0; k < EMITTED_SLOTS.length; k++) {
      const slot = EMITTED_SLOTS[k] ?? 0
      const end = scan.ends[slot] ?? 0
      if (end === 0 || (slot === SLOT.entities && scan.isPlainText)) continue
      where |= this.#put(bytes, scan.starts[slot] ?? 0, end, slot === SLOT.date) << (2 * k)
    }
    return scan.rareCount === 0 ? where : where | this.#reduceRare(bytes, scan)
  }

  /** A text is tried as what the text before it was, so that few are copied twice; wide lists may hold ASCII too. */
  #put(bytes: Uint8Array, start: number, end: number, isDate: boolean): number {
    if (!isDate && this.#isTextWide) {
      this.#isTextWide = this.#wide.add(bytes, start, end) >= 128
      return IN_WIDE
    }
    const before = this.#ascii.length
    if (this.#ascii.add(bytes, start, end) < 128) return IN_ASCII
    this.#ascii.takeBack(before)
    this.#wide.add(bytes, start, end)
    this.#isTextWide = true
    return IN_WIDE
  }

  #reduceRare(bytes: Uint8Array, scan: ElementScan): number {
    const before = this.#ascii.length
    const isAscii = this.#ascii.addObject(bytes, scan.rare, scan.rareCount) < 128
    if (isAscii) return IN_ASCII << RARE_SHIFT
    this.#ascii.takeBack(before)
    this.#wide.addObject(bytes, scan.rare, scan.rareCount)
    return IN_WIDE << RARE_SHIFT
  }

  /** Makes the values of all messages taken, for `fill`; false when any of them is no JSON or no UTF-8. */
  parse(): boolean {
    const ascii = this.#ascii.parse()
    const wide = this.#wide.parse()
    if (!ascii || !wide) return false
    this.#asciiValues = ascii
    this.#wideValues = wide
    this.#asciiNext = 0
    this.#wideNext = 0
    return true
  }

  /** Fills `raw` with message number `i`; to be called for all of them in order, after `parse`. */
  fill(raw: RawMessage, i: number): void {
    raw.type = RAW_TYPES[this.#types[i] ?? 0] ?? 'other'
    raw.id = this.#ids[i] ?? 0
    raw.idText = null
    raw.unixSeconds = this.#unixSeconds[i] ?? 0
    raw.isUnixOdd = false
    raw.replyTo = this.#replies[i] ?? 0
    raw.start = this.startOf(i)
    raw.end = this.endOf(i)
    raw.isRepaired = false
    raw.from = this.#froms[i]
    raw.fromId = this.#fromIds[i]
    const where = this.#where[i] ?? 0
    raw.date = this.#next(where)
    raw.text = this.#next(where >> 2)
    raw.entities = this.#next(where >> 4)
    const rare = this.#next(where >> RARE_SHIFT)
    // `reduce` puts nothing but objects here.
    raw.rare = typeof rare === 'object' ? (rare as JsonObject | null) : null
  }

  #next(where: number): unknown {
    if ((where & IN_ASCII) !== 0) return this.#asciiValues[this.#asciiNext++]
    return (where & IN_WIDE) !== 0 ? this.#wideValues[this.#wideNext++] : undefined
  }

  startOf(i: number): number {
    return this.#starts[i] ?? 0
  }

  endOf(i: number): number {
    return this.#ends[i] ?? 0
  }
}

/** Each byte is copied once at most; beside them stand separators, marks and braces. */
function worstCase(sizeBytes: number): number {
  return 2 * sizeBytes + 4 * VALUES_PER_MESSAGE
}

function typeOf(bytes: Uint8Array, scan: ElementScan): number {
  const start = scan.starts[SLOT.type] ?? 0
  const length = (scan.ends[SLOT.type] ?? 0) - start
  for (let type = 0; type < TYPE_BYTES.length; type++) {
    const wanted = TYPE_BYTES[type]
    if (wanted === undefined || wanted.length !== length) continue
    let i = 0
    while (i < length && bytes[start + i] === wanted[i]) i++
    if (i === length) return type
  }
  return -1
}

/** Not an integer of the usual form; no number read from digits is infinite. */
const ODD = Number.POSITIVE_INFINITY

function optionalInteger(bytes: Uint8Array, scan: ElementScan, slot: number): number {
  const end = scan.ends[slot] ?? 0
  return end === 0 ? Number.NaN : integerAt(bytes, scan.starts[slot] ?? 0, end)
}

function optionalQuotedInteger(bytes: Uint8Array, scan: ElementScan, slot: number): number {
  const end = scan.ends[slot] ?? 0
  if (end === 0) return Number.NaN
  const start = scan.starts[slot] ?? 0
  if (bytes[start] !== QUOTE || end - start < 3) return ODD
  return integerAt(bytes, start + 1, end - 1)
}

/** The integer written at `start`..`end` in at most 15 digits, else ODD. */
function integerAt(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = bytes[start] === MINUS
  const first = isNegative ? start + 1 : start
  const digits = end - first
  if (digits < 1 || digits > MOST_DIGITS || (bytes[first] === ZERO && (digits > 1 || isNegative))) return ODD
  let value = 0
  for (let p = first; p < end; p++) {
    const byte = bytes[p] ?? 0
    if (byte < ZERO || byte > NINE) return ODD
    value = value * 10 + byte - ZERO
  }
  return isNegative ? -value : value
}
