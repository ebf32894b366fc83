import type { Identifier } from '#lib/chat/index.ts'

export interface LedgerLine {
  kind: Identifier['kind']
  masked: string
  confidence: Identifier['confidence']
  count: number
  /** The first few; the count has them all. */
  messageIds: string[]
}

/** For each kind, so that a flood of one kind cannot hide another. */
const MAX_LINES_PER_KIND = 5_000
const MAX_MESSAGE_IDS = 20

/**
 * The distinct identifiers of an export with how often and where they stand. Bounded: past 5 000 distinct ones of a
 * kind further new ones are only counted, so that memory does not grow with the export.
 */
export class IdentifierLedger {
  readonly #lines = new Map<string, LedgerLine>()
  readonly #linesOfKind = new Map<Identifier['kind'], number>()
  #notListed = 0

  add({ kind, value, masked, confidence }: Identifier, messageId: string | null): void {
    const key = `${kind}:${value}`
    let line = this.#lines.get(key)
    if (!line) {
      const known = this.#linesOfKind.get(kind) ?? 0
      if (known >= MAX_LINES_PER_KIND) {
        this.#notListed++
        return
      }
      this.#linesOfKind.set(kind, known + 1)
      line = { kind, masked, confidence, count: 0, messageIds: [] }
      this.#lines.set(key, line)
    }
    line.count++
    if (messageId !== null && line.messageIds.length < MAX_MESSAGE_IDS) line.messageIds.push(messageId)
  }

  /** Most frequent first. */
  lines(): LedgerLine[] {
    return [...this.#lines.values()].sort((a, b) => b.count - a.count || (a.masked < b.masked ? -1 : 1))
  }

  /** Mentions of identifiers that found no room. */
  get notListed(): number {
    return this.#notListed
  }
}
