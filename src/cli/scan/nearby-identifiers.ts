import type { ReportedIdentifier } from '#contract/scan-report.ts'
import type { Identifier } from '#lib/chat/index.ts'

interface Mention {
  seq: number
  messageId: string | null
  identifiers: readonly Identifier[]
}

/** How many messages before and after a picture belong to its surroundings: captions are often posted on their own. */
const REACH = 3

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
    const mention = { seq, messageId, identifiers }
    this.#recent = [...this.#recent.filter((one) => seq - one.seq <= REACH), mention]
    if (seq - this.#lastPictureSeq <= REACH) this.#kept.set(seq, mention)
  }

  picture(seq: number): void {
    this.#lastPictureSeq = seq
    for (const mention of this.#recent) if (seq - mention.seq <= REACH) this.#kept.set(mention.seq, mention)
  }

  /** In message order; complete once three further messages have been read. */
  around(seq: number): ReportedIdentifier[] {
    const found: ReportedIdentifier[] = []
    for (let at = seq - REACH; at <= seq + REACH; at++) {
      const mention = this.#kept.get(at)
      if (!mention) continue
      for (const { kind, masked, confidence } of mention.identifiers) {
        found.push({ kind, masked, confidence, messageId: mention.messageId, messagesApart: at - seq })
      }
    }
    return found
  }
}
