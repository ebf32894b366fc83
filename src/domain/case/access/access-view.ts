import type { Context } from '../event.ts'
import type { AccessNote, CaseState } from '../state.ts'
import { type Minute, weekOf } from '../time.ts'

/**
 * Kinds of entries that tell the survivor who had access, what was sent to whom, and what was decided about her. What she did
 * herself is listed too: a stolen code shows there.
 */
const SHOWN = [
  'case.',
  'consent.',
  'referral.send',
  'referral.revoke',
  'notice.send',
  'notice.escalate',
  'exhibit.open',
  'exhibit.withhold',
  'exhibit.erase',
  'prints.',
  'match.found',
  'place.approve-override',
  'place.choose-now',
  'member.',
  'handover.accept',
  'epoch.new',
  'hold.',
  'breakglass.',
  'risk.',
  'clock.start',
] as const

/** Writes an accepted entry into her list of what happened, where it belongs there. */
export function noteAccess({ draft, entry, by, at, body }: Context<unknown>, type: string): void {
  if (!SHOWN.some((kind) => type === kind || (kind.endsWith('.') && type.startsWith(kind)))) return
  draft.access.push({
    id: entry,
    what: type,
    role: by.role,
    week: weekOf(at),
    about: aboutOf(body),
    delayedUntil: null,
    delay: null,
  })
}

function aboutOf(body: unknown): string | null {
  // The rule of the entry has accepted the body, so these are ids where they are there at all.
  const { about, id } = body as { readonly about?: string; readonly id?: string }
  return about ?? id ?? null
}

/** A line as she sees it: by role and week, never by name. */
export type AccessLine = Pick<AccessNote, 'id' | 'what' | 'role' | 'week' | 'about'>

/** What the survivor is shown: everything but lines that two people delayed, for 30 days at most, because it would endanger her. */
export function accessView(state: CaseState, now: Minute): AccessLine[] {
  return state.access
    .filter(({ delayedUntil }) => delayedUntil === null || now >= delayedUntil)
    .map(({ id, what, role, week, about }) => ({ id, what, role, week, about }))
}
