import { entryOf, type JournalEntry, type Role } from '#domain/index.ts'
import {
  type Conversation,
  type DeliveredItem,
  type Message,
  messageDigest,
  type SignedMessage,
} from '#lib/seal/index.ts'

/**
 * Messages before those that follow them. A server gives items in the order of their random ids; each message says how many it
 * follows, its author's and others', and one that follows another follows more than that.
 */
export function inOrder(items: readonly DeliveredItem[]): DeliveredItem[] {
  return items
    .map((item) => ({ item, after: countBefore(item.payload) }))
    .sort((a, b) => a.after - b.after || (a.item.id < b.item.id ? -1 : 1))
    .map(({ item }) => item)
}

function countBefore(payload: unknown): number {
  const b = isRecord(payload) ? payload['b'] : null
  if (!isRecord(b)) return Number.MAX_SAFE_INTEGER
  const seen = isRecord(b['seen']) ? Object.values(b['seen']) : []
  return [b['seq'], ...seen].reduce<number>((sum, n) => sum + (typeof n === 'number' ? n : 0), 0)
}

/**
 * The journal in the verified messages of a conversation. Messages that hold no entry are left out, and the others numbered
 * anew, so that a list of files is no gap; what is really missing is in `missing` of the conversation.
 */
export function journalOf(
  { items }: Conversation,
  delivered: readonly DeliveredItem[],
  roleOf: (entry: string) => Role | undefined,
): JournalEntry[] {
  const payloads = new Map(delivered.map(({ id, payload }) => [id, payload]))
  const entries: JournalEntry[] = []
  for (const item of items) {
    if (item.verdict === 'unverified' || item.verdict === 'duplicate') continue
    const { message, role } = item
    // It was verified, so it is a signed message.
    const { by: key } = payloads.get(item.id) as SignedMessage
    const entry = entryOf({ message, sha256: messageDigest(message), key, role }, roleOf)
    if (entry !== null) entries.push(entry)
  }
  return numberedAnew(entries)
}

function numberedAnew(entries: readonly JournalEntry[]): JournalEntry[] {
  const chains = new Map<string, JournalEntry[]>()
  for (const entry of entries) chains.set(entry.author, [...(chains.get(entry.author) ?? []), entry])
  for (const chain of chains.values()) chain.sort((a, b) => a.seq - b.seq)
  const countUpTo = (author: string, seq: number) =>
    (chains.get(author) ?? []).filter((entry) => entry.seq <= seq).length
  return entries.map(({ prev: _, ...entry }) => {
    const seq = countUpTo(entry.author, entry.seq)
    const before = chains.get(entry.author)?.[seq - 2]
    const seen = Object.entries(entry.seen)
      .map(([author, last]) => [author, countUpTo(author, last)] as const)
      .filter(([, count]) => count > 0)
    return {
      ...entry,
      seq,
      ...(before !== undefined && { prev: before.id }),
      seen: Object.fromEntries(seen),
    }
  })
}

/** True for the record that opens a case, which is no message. */
export function isCaseOpen(payload: unknown): boolean {
  return isRecord(payload) && isRecord(payload['b']) && payload['b']['t'] === 'case-open'
}

/** True for the record of the epoch behind this one, as it says itself. */
export function saysEpoch(payload: unknown, epoch: number): boolean {
  if (!isRecord(payload) || !isRecord(payload['b'])) return false
  const { t, epoch: said } = payload['b']
  return t === 'epoch' && said === epoch
}

/**
 * The newest epoch that there is by anything that was delivered: verified records of new keys above all. A server that keeps
 * somebody's key back shows by it.
 */
export function newestEpoch(
  conversation: Conversation,
  delivered: readonly { readonly epoch: number }[],
): number {
  const recorded = [...verifiedMessages(conversation)].flatMap(({ t, epoch }) =>
    t === 'epoch' ? [epoch] : [],
  )
  return Math.max(1, ...recorded, ...delivered.map(({ epoch }) => epoch))
}

/** The verified messages of a conversation, in their order. */
export function* verifiedMessages({ items }: Conversation): Generator<Message> {
  for (const item of items) {
    if (item.verdict !== 'unverified' && item.verdict !== 'duplicate') yield item.message
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
