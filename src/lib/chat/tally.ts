import { bytesToHex } from '../bytes/index.ts'
import type {
  AttachmentState,
  ChatFormat,
  Collection,
  Gap,
  Message,
  Place,
  Repair,
  SourceRecord,
  Warning,
} from './model.ts'

/** More repairs or gaps than this are counted, not kept. */
export const KEPT_FAULTS = 10_000

const YEAR_2000_MS = Date.UTC(2000, 0, 1)
const TWO_DAYS_MS = 2 * 86_400_000
const REPAIR_BYTES = 16

/**
 * Bookkeeping of one pass over an export, the same for every reader: a reader reports what it meets, and asks for the
 * `Collection` at the end. Memory is bounded: faults past `KEPT_FAULTS` are only counted, warnings are kept by code.
 */
export class Tally {
  readonly #format: ChatFormat
  readonly #latestMs: number
  readonly #sources: SourceRecord[] = []
  readonly #places = new Map<string, Place>()
  readonly #repairs: Repair[] = []
  readonly #gaps: Gap[] = []
  readonly #warnings = new Map<string, Warning>()
  readonly #attachments = new Map<AttachmentState, number>()
  #repairCount = 0
  #gapCount = 0
  #messages = 0
  #service = 0
  #unsupported = 0
  #edited = 0
  #forwarded = 0
  #firstMs = Number.POSITIVE_INFINITY
  #lastMs = Number.NEGATIVE_INFINITY

  /** `nowMs`: dates more than two days past it are flagged `DATE_RANGE`. */
  constructor(format: ChatFormat, nowMs: number) {
    this.#format = format
    this.#latestMs = nowMs + TWO_DAYS_MS
  }

  get gapCount(): number {
    return this.#gapCount
  }

  /**
   * Counts one message. `system` counts as service. A known time before the year 2000, past now + 2 days or not finite
   * warns `DATE_RANGE` and stays out of the time range; the message itself is not touched.
   */
  message(message: Message): void {
    if (message.kind === 'message') this.#messages++
    else if (message.kind === 'unsupported') this.#unsupported++
    else this.#service++
    if (message.editedAt !== undefined) this.#edited++
    if (message.forward !== undefined) this.#forwarded++
    for (let i = 0; i < message.attachments.length; i++) {
      const state = message.attachments[i]?.state
      if (state !== undefined) this.#attachments.set(state, (this.#attachments.get(state) ?? 0) + 1)
    }
    const utcMs = message.sentAt.utcMs
    if (utcMs !== null) this.#time(utcMs, message)
  }

  #time(utcMs: number, message: Message): void {
    if (!(utcMs >= YEAR_2000_MS && utcMs <= this.#latestMs)) {
      this.warn('DATE_RANGE', message.id ?? String(message.raw.start))
      return
    }
    if (utcMs < this.#firstMs) this.#firstMs = utcMs
    if (utcMs > this.#lastMs) this.#lastMs = utcMs
  }

  /** Counts a warning; `firstAt` (a message id, or a byte offset as text) is kept the first time only. */
  warn(code: string, firstAt: string): void {
    const known = this.#warnings.get(code)
    if (known) known.count++
    else this.#warnings.set(code, { code, count: 1, firstAt })
  }

  /** Logs bytes that were read otherwise than they stand. Of `before`, the first 16 bytes are kept, as hexadecimal. */
  repair(code: string, file: string, offset: number, before: Uint8Array, after: string): void {
    this.#repairCount++
    if (this.#repairs.length >= KEPT_FAULTS) return
    this.#repairs.push({ code, file, offset, before: bytesToHex(before.subarray(0, REPAIR_BYTES)), after })
  }

  /** Logs a byte range of which no complete message could be made. */
  gap(gap: Gap): void {
    this.#gapCount++
    if (this.#gaps.length < KEPT_FAULTS) this.#gaps.push(gap)
  }

  source(record: SourceRecord): void {
    this.#sources.push(record)
  }

  /** Adds a place, or joins ids and titles to the one of the same key; the first kind that is known stays. */
  place(place: Place): void {
    const known = this.#places.get(place.key)
    if (!known) {
      this.#places.set(place.key, { ...place, ids: [...place.ids], titles: [...place.titles] })
      return
    }
    if (known.kind === 'unknown') known.kind = place.kind
    for (const id of place.ids) if (!known.ids.includes(id)) known.ids.push(id)
    for (const title of place.titles) if (!known.titles.includes(title)) known.titles.push(title)
  }

  /** What was counted so far, warnings by code, as a copy that later reports do not change. */
  collection(): Collection {
    return {
      format: this.#format,
      sources: [...this.#sources],
      places: [...this.#places.values()].map((place) => ({
        ...place,
        ids: [...place.ids],
        titles: [...place.titles],
      })),
      counts: {
        messages: this.#messages,
        service: this.#service,
        unsupported: this.#unsupported,
        edited: this.#edited,
        forwarded: this.#forwarded,
        attachments: Object.fromEntries(this.#attachments),
      },
      repairs: [...this.#repairs],
      repairCount: this.#repairCount,
      gaps: [...this.#gaps],
      gapCount: this.#gapCount,
      warnings: [...this.#warnings.values()].sort(byCode).map((warning) => ({ ...warning })),
      timeRange: this.#lastMs >= this.#firstMs ? { firstMs: this.#firstMs, lastMs: this.#lastMs } : null,
    }
  }
}

function byCode(a: Warning, b: Warning): number {
  return a.code < b.code ? -1 : 1
}
