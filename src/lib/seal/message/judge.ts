import { keysOf } from '../roster/authors.ts'
import {
  type Accepted,
  findBackdated,
  findContradictions,
  findMoved,
  headsOf,
  isComplete,
  type Placed,
  splitDuplicates,
} from './chain.ts'
import {
  type CaseContext,
  type CheckedMessage,
  checkMessage,
  type DeliveredItem,
  type Reason,
} from './check-message.ts'
import { findGaps, type Gap } from './gaps.ts'
import { type Heads, type Message, SURVIVOR } from './model.ts'

/**
 * What a reader is told about one item. Only `verified` may be shown as an ordinary message. `missing-before`: the sender is
 * verified, but something that was written before it was not delivered. `order-changed`: the sender is verified, but it was
 * delivered before something that it answers. `unverified`: its text is hidden behind a warning and is never a reply.
 */
export type JudgedItem =
  | ({ readonly id: string; readonly verdict: 'verified' | 'missing-before' | 'order-changed' } & Pick<
      CheckedMessage,
      'message' | 'role'
    >)
  | { readonly id: string; readonly verdict: 'duplicate'; readonly of: string }
  | {
      readonly id: string
      readonly verdict: 'unverified'
      readonly reason: Reason
      readonly claimed: Message | null
    }

export interface Conversation {
  /** One for each item, in the order of delivery. */
  readonly items: readonly JudgedItem[]
  /** Messages that must exist, because others name or follow them, and were not delivered. */
  readonly missing: readonly Gap[]
  /** The last accepted message of each author: what the next message is tied to. */
  readonly heads: Heads
  /** True when somebody has used a newer roster than the one at hand: the server may be holding it back. */
  readonly isRosterBehind: boolean
}

/**
 * Judges the messages of a case in the order in which they were delivered. `known` is what this reader had of each author
 * before, if anything: with it, a server cannot drop the newest messages unnoticed. Never throws for anything in the items.
 */
export function judgeMessages(
  items: readonly DeliveredItem[],
  context: CaseContext,
  known: Heads = new Map(),
): Conversation {
  const outcomes = items.map((item) => checkMessage(item, context))
  const good = outcomes.flatMap((each, at) => (each.isGood ? [{ ...each.checked, at }] : []))
  const { first, duplicates } = splitDuplicates(good)
  const refused = new Map<number, { readonly reason: Reason; readonly claimed: Message | null }>()
  for (const [at, outcome] of outcomes.entries()) if (!outcome.isGood) refused.set(at, outcome)
  const undisputed = without(first, findContradictions(first, known), 'contradiction', refused)
  const kept = without(undisputed, findBackdated(undisputed), 'retired', refused)
  const accepted = byAuthor(kept)
  // A message that a known key signed was delivered, though it does not count: the warning on it says enough.
  const signed = outcomes.flatMap((each) =>
    !each.isGood && each.signed && each.claimed ? [each.claimed] : [],
  )
  const disputed = first.filter(({ at }) => refused.has(at)).map(({ message }) => message)
  const moved = findMoved(accepted)
  const placed = new Map(kept.map((each) => [each.at, each]))
  return {
    items: items.map(({ id }, at) => {
      const of = items[duplicates.get(at) ?? -1]
      if (of !== undefined) return { id, verdict: 'duplicate', of: of.id }
      const { reason = 'unreadable', claimed = null } = refused.get(at) ?? {}
      const message = placed.get(at)
      return message === undefined
        ? { id, verdict: 'unverified', reason, claimed }
        : { id, verdict: verdictOf(message, accepted, moved), message: message.message, role: message.role }
    }),
    missing: findGaps(accepted, known, [...signed, ...disputed]),
    heads: headsOf(accepted),
    isRosterBehind: kept.some((each) => usesNewerRoster(each, context)),
  }
}

function verdictOf(placed: Placed, accepted: Accepted, moved: ReadonlySet<number>) {
  if (moved.has(placed.at)) return 'order-changed'
  return isComplete(placed.message, accepted) ? 'verified' : 'missing-before'
}

/** Those that are not among the bad ones, whose reason is noted. */
function without(
  messages: readonly Placed[],
  bad: ReadonlySet<number>,
  reason: Reason,
  refused: Map<number, { readonly reason: Reason; readonly claimed: Message | null }>,
): Placed[] {
  for (const { at, message } of messages) if (bad.has(at)) refused.set(at, { reason, claimed: message })
  return messages.filter(({ at }) => !bad.has(at))
}

function byAuthor(messages: readonly Placed[]): Accepted {
  const accepted = new Map<string, Placed[]>()
  for (const each of messages) {
    const chain = accepted.get(each.message.author) ?? []
    chain.push(each)
    accepted.set(each.message.author, chain)
  }
  for (const chain of accepted.values()) chain.sort((a, b) => a.message.seq - b.message.seq)
  return accepted
}

function usesNewerRoster({ message }: Placed, { rosters }: CaseContext): boolean {
  const [own] = rosters
  const theirs =
    message.author === SURVIVOR
      ? own
      : rosters.find(({ roster }) => keysOf(roster, message.author).length > 0)
  return message.roster > (theirs ?? own).roster.v
}
