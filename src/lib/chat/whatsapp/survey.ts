import type { DateLayout } from './date-order.ts'
import { DateOrderSurvey } from './date-order.ts'
import { type LineHeader, parseLineHeader } from './line-header.ts'
import type { ByteLine } from './lines.ts'

/** What only the whole file can say about how to read one line of it. */
export interface SurveyResult {
  style: LineHeader['style']
  layouts: DateLayout[]
  /** Some line has a word for the half of the day, so a line without one is odd. */
  hasMarkers: boolean
  /** No line has such a word, and no hour is 0 or over 12. */
  isHalfDayUnknown: boolean
}

/** A header fits into this many bytes of UTF-8. */
const HEAD_BYTES = 400

/** First look over all lines of a file: nothing is kept of them but counts. */
export class Survey {
  readonly #decoder = new TextDecoder('utf-8')
  readonly #styles: Record<LineHeader['style'], StyleSurvey>

  constructor(nowMs: number) {
    this.#styles = { ios: new StyleSurvey(nowMs), android: new StyleSurvey(nowMs) }
  }

  add(line: ByteLine): void {
    const header = parseLineHeader(this.#decoder.decode(line.bytes.subarray(0, HEAD_BYTES)))
    if (header) this.#styles[header.style].add(header)
  }

  /** Lines of the rarer style are text: somebody pasted or forged them. */
  result(): SurveyResult {
    const { ios, android } = this.#styles
    return ios.count > android.count ? ios.result('ios') : android.result('android')
  }
}

class StyleSurvey {
  readonly #order: DateOrderSurvey
  #hasMarkers = false
  #has24Hours = false
  count = 0

  constructor(nowMs: number) {
    this.#order = new DateOrderSurvey(nowMs)
  }

  add(header: LineHeader): void {
    this.count++
    this.#order.add(header)
    if (header.marker !== null) this.#hasMarkers = true
    else if (header.hour === 0 || header.hour > 12) this.#has24Hours = true
  }

  result(style: LineHeader['style']): SurveyResult {
    return {
      style,
      layouts: this.#order.layouts(),
      hasMarkers: this.#hasMarkers,
      isHalfDayUnknown: !this.#hasMarkers && !this.#has24Hours && this.count > 0,
    }
  }
}
