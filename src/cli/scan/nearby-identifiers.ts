import type { ReportedIdentifier } from '#contract/scan-report.ts'
import type { Identifier } from '#lib/chat/index.ts'

interface Mention {
  seq: number
  messageId: string | null
  identifiers: readonly Identifier[]
}

/** How many messages before and after a picture belong to its surroundings: captions are often posted on their own. */
const REACH = 3
const NEAREST_FIRST = [0, -1, 1, -2, 2, -3, 3]
/** A flood of numbers around a picture must fill neither memory nor report. */
const MAX_KEPT_PER_MESSAGE = 200
const MAX_REPORTED = 50

/**
 * Identifiers posted in, shortly before or shortly after a message with a picture. Only the surroundings of pictures are
 * kept, so memory follows the number of pictures, not of messages.
 */
export class NearbyIdentifiers {
  #recent: Mention[] = []
  readonly #kept = new Map<number, Mention>()
  #lastPictureSeq = Number.NEGATIVE_INFINITY

  /** In message order, `picture` before `mention` for the same message or after it. */
  mention(seq: number, messageId: string | null, identifiers: readonly Identifier[]): void {
    const mention = { seq, messageId, identifiers: identifiers.slice(0, MAX_KEPT_PER_MESSAGE) }
    this.#recent = [...this.#recent.filter((one) => seq - one.seq <= REACH), mention]
    if (seq - this.#lastPictureSeq <= REACH) this.#kept.set(seq, mention)
  }

  picture(seq: number): void {
    this.#lastPictureSeq = seq
    for (const mention of this.#recent) if (seq - mention.seq <= REACH) this.#kept.set(mention.seq, mention)
  }

  /**
   * Each identifier once, from the nearest message that has it, in message order; at most 50. Complete once three further
   * messages have been read.
   */
  around(seq: number): { identifiers: ReportedIdentifier[]; leftOut: number } {
    const nearest = new Map<string, ReportedIdentifier>()
    for (const apart of NEAREST_FIRST) {
      const mention = this.#kept.get(seq + apart)
      if (!mention) continue
      for (const { kind, value, masked, confidence } of mention.identifiers) {
        const key = `${kind}:${value}`
        if (nearest.has(key)) continue
        nearest.set(key, { kind, masked, confidence, messageId: mention.messageId, messagesApart: apart })
      }
    }
    const found = [...nearest.values()]
    return {
      identifiers: found.slice(0, MAX_REPORTED).sort((a, b) => a.messagesApart - b.messagesApart),
      leftOut: Math.max(0, found.length - MAX_REPORTED),
    }
  }
}
