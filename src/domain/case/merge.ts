import type { Entry } from './entry.ts'

/** What a reader should be told about the order of the entries; nothing is refused for it. */
export type OrderWarningCode =
  /** The same entry came twice; the second is ignored. */
  | 'DUPLICATE'
  /** A number is missing in the author's chain: a message was dropped, or has not arrived. */
  | 'CHAIN_GAP'
  /** Two entries of one author have the same number. Both count. */
  | 'CHAIN_FORK'
  /** The entry does not follow the one before it in its author's chain. */
  | 'CHAIN_BROKEN'
  /** The author had seen an entry of somebody else that is not here. */
  | 'SEEN_MISSING'
  /** The entry says that it was written before something that it follows. */
  | 'TIME_BACKWARDS'
  /** Entries claim to have seen each other; the dates decide. */
  | 'SEEN_CYCLE'

export interface OrderWarning {
  readonly entry: string
  readonly code: OrderWarningCode
}

/** The entries in the one order that every reader of the same entries gets. */
export interface Merged {
  readonly ordered: readonly Entry[]
  readonly warnings: readonly OrderWarning[]
}

interface Chain {
  readonly entries: readonly Entry[]
  next: number
}

/**
 * One order for chains of several authors, whatever order they arrived in: an entry comes after its author's earlier ones and
 * after all it had seen; of those that could come next, the one with the earliest time, then author, then number, then id.
 * Entries with one `id` are one entry. Time: entries x authors. Warnings come in the same order.
 */
export function mergeChains(entries: readonly Entry[]): Merged {
  const warnings: OrderWarning[] = []
  const chains = chainsOf(entries, warnings)
  const ordered: Entry[] = []
  let latest = 0
  while (ordered.length < countOf(chains)) {
    const heads = [...chains.values()].flatMap(({ entries: own, next }) => own[next] ?? [])
    const ready = heads.filter((entry) => hasSeenArrived(entry, chains))
    const entry = earliest(ready.length > 0 ? ready : heads)
    if (!entry) break
    if (ready.length === 0) warnings.push({ entry: entry.id, code: 'SEEN_CYCLE' })
    if (entry.at < latest && entry.hasTime) warnings.push({ entry: entry.id, code: 'TIME_BACKWARDS' })
    latest = Math.max(latest, entry.at)
    ordered.push(entry)
    const chain = chains.get(entry.by.id)
    if (chain) chain.next++
  }
  return { ordered, warnings }
}

function countOf(chains: ReadonlyMap<string, Chain>): number {
  let count = 0
  for (const { entries } of chains.values()) count += entries.length
  return count
}

function chainsOf(entries: readonly Entry[], warnings: OrderWarning[]): Map<string, Chain> {
  const byAuthor = new Map<string, Entry[]>()
  for (const entry of entries) {
    const own = byAuthor.get(entry.by.id)
    if (own) own.push(entry)
    else byAuthor.set(entry.by.id, [entry])
  }
  const chains = new Map<string, Chain>()
  const authors = [...byAuthor.keys()].sort(compareText)
  for (const author of authors) {
    const own = (byAuthor.get(author) ?? []).sort(compareInChain)
    chains.set(author, { entries: withoutCopies(own, warnings), next: 0 })
  }
  for (const { entries: own } of chains.values()) checkChain(own, chains, warnings)
  return chains
}

function withoutCopies(sorted: readonly Entry[], warnings: OrderWarning[]): Entry[] {
  const kept: Entry[] = []
  const ids = new Set<string>()
  for (const entry of sorted) {
    if (ids.has(entry.id)) warnings.push({ entry: entry.id, code: 'DUPLICATE' })
    else kept.push(entry)
    ids.add(entry.id)
  }
  return kept
}

function checkChain(
  own: readonly Entry[],
  chains: ReadonlyMap<string, Chain>,
  warnings: OrderWarning[],
): void {
  let last: Entry | null = null
  for (const entry of own) {
    const warn = (code: OrderWarningCode) => warnings.push({ entry: entry.id, code })
    const before = last?.seq ?? 0
    if (entry.seq === before) warn('CHAIN_FORK')
    else if (entry.seq > before + 1) warn('CHAIN_GAP')
    else if (entry.prev !== (last?.id ?? null)) warn('CHAIN_BROKEN')
    for (const [author, seq] of entry.seen)
      if (author !== entry.by.id && seq > (chains.get(author)?.entries.at(-1)?.seq ?? 0)) warn('SEEN_MISSING')
    last = entry
  }
}

function hasSeenArrived(entry: Entry, chains: ReadonlyMap<string, Chain>): boolean {
  for (const [author, seq] of entry.seen) {
    const chain = author === entry.by.id ? undefined : chains.get(author)
    const waiting = chain?.entries[chain.next]
    if (waiting && waiting.seq <= seq) return false
  }
  return true
}

function earliest(entries: readonly Entry[]): Entry | undefined {
  let first: Entry | undefined
  for (const entry of entries) if (!first || compareAcross(entry, first) < 0) first = entry
  return first
}

function compareAcross(a: Entry, b: Entry): number {
  return a.at - b.at || compareText(a.by.id, b.by.id) || compareInChain(a, b)
}

function compareInChain(a: Entry, b: Entry): number {
  return a.seq - b.seq || a.at - b.at || compareText(a.id, b.id)
}

/** By UTF-16 units: the same everywhere, unlike the order of a language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
