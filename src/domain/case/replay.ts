import { noteAccess } from './access/access-view.ts'
import { endBreakGlasses } from './break-glass/events.ts'
import { expireConsents } from './consent/events.ts'
import { type Entry, type JournalEntry, readEntry } from './entry.ts'
import { type Context, latestMinute, refuseAuthor } from './event.ts'
import { ruleOf } from './events.ts'
import { mergeChains, type OrderWarning } from './merge.ts'
import { isMinorsTeam } from './minors/minors-path.ts'
import { runOutClocks } from './notice/events.ts'
import type { RefusalCode } from './refusals.ts'
import type { Author } from './roles.ts'
import type { CaseRules } from './rules.ts'
import { type CaseState, emptyCase } from './state.ts'
import { expireCase } from './status/move-case.ts'
import type { Minute } from './time.ts'

/** An entry that has no effect, and why. */
export interface NotAccepted {
  readonly entry: string
  readonly author: string
  readonly type: string
  readonly code: RefusalCode
}

/** What a case's journal says. */
export interface Replay {
  readonly state: Readonly<CaseState>
  readonly notAccepted: readonly NotAccepted[]
  readonly warnings: readonly OrderWarning[]
  /** Values among the entries that are no entries at all. */
  readonly unreadable: number
}

/** How far the clocks of two honest devices may be apart. */
const CLOCK_SKEW = 10

const TIME_ITSELF: Author = { id: 'time', key: '', role: 'administrator' }

/**
 * Replays the journal of one case, entries already opened and verified, in any order: the result depends only on which entries
 * there are, on `now` and on `rules`. An entry whose rule says no has no effect and is listed with its reason. Entries dated
 * more than ten minutes after `now` wait for their time (`TIME_AHEAD`). Never throws, whatever an entry holds.
 */
export function replayCase(entries: readonly JournalEntry[], now: Minute, rules: CaseRules): Replay {
  const readable: Entry[] = []
  for (const value of entries) {
    const entry = readEntry(value)
    if (entry) readable.push(entry)
  }
  const { ordered, warnings } = mergeChains(readable)
  const draft = emptyCase()
  const notAccepted: NotAccepted[] = []
  for (const entry of ordered) {
    const code = entry.at > now + CLOCK_SKEW ? 'TIME_AHEAD' : applyEntry(draft, entry, rules)
    if (code) notAccepted.push({ entry: entry.id, author: entry.by.id, type: entry.type, code })
  }
  passTime(draft, now, rules)
  return { state: draft, notAccepted, warnings, unreadable: entries.length - readable.length }
}

/**
 * What would become of one more entry, for a console to ask before it is signed: null when it would have its effect. Entries
 * that others wrote meanwhile can still change that.
 */
export function whyNot(
  entries: readonly JournalEntry[],
  candidate: JournalEntry,
  now: Minute,
  rules: CaseRules,
): RefusalCode | null {
  const { notAccepted } = replayCase([...entries, candidate], now, rules)
  return notAccepted.find(({ entry }) => entry === candidate.id)?.code ?? null
}

function applyEntry(draft: CaseState, entry: Entry, rules: CaseRules): RefusalCode | null {
  passTime(draft, entry.at, rules)
  const rule = ruleOf(entry.type)
  if (!rule) return 'ENTRY_TYPE'
  const { id, by, body } = entry
  const at = draft.clock
  const since = Math.max(at, latestMinute(entry.at, entry.hasTime))
  const context = { draft, entry: id, body, by, at, since, rules }
  const refused = refuseAuthor(rule, context) ?? refuseOutsideMinorsTeam(context) ?? rule.run(context)
  if (refused) return refused
  noteRole(context)
  noteAccess(context, entry.type)
  return null
}

/** Once a minors case has its own key, nobody but the minors team writes in it, whatever role a member was added with. */
function refuseOutsideMinorsTeam(context: Context<unknown>): RefusalCode | null {
  const { draft, by, rules } = context
  if (!draft.isMinorsPath || draft.needsNewEpoch || by.role === 'survivor' || by.role === 'oversight')
    return null
  return isMinorsTeam(by.id, by.role, { rules }) ? null : 'MINORS_TEAM_ONLY'
}

/** The roster's role, which the signature vouches for, replaces what somebody else said it was. */
function noteRole({ draft, by }: Context<unknown>): void {
  const member = draft.members.get(by.id)
  if (member && member.role !== by.role && member.sessionEnds === null)
    draft.members.set(by.id, { ...member, role: by.role })
}

/** Time goes on to `at`, never back: what ends by itself ends. */
function passTime(draft: CaseState, at: Minute, rules: CaseRules): void {
  if (at <= draft.clock) return
  draft.clock = at
  const context = { draft, entry: 'time', body: {}, by: TIME_ITSELF, at, since: at, rules }
  expireConsents(context)
  runOutClocks(context)
  endBreakGlasses(context)
  expireCase(context)
}
