import type { Context } from '../event.ts'
import type { Effect } from '../machine.ts'
import { hasSafetyWord } from '../message/safety-words.ts'
import { enterMinorsPath } from '../minors/minors-path.ts'
import { isUnder18 } from '../minors/picture-rule.ts'
import { cancelUnsent } from '../notice/events.ts'
import { TIMES } from '../rules.ts'
import { blankCase } from '../state.ts'
import { cancelAllTasks, meetTasks, openTask } from '../task/tasks.ts'
import { addWorkingDays, DAY } from '../time.ts'
import { RISK_RULES, suggestRisk } from '../triage/risk-levels.ts'

export type CaseEffect =
  | 'take-in'
  | 'first-answer'
  | 'remember-proposer'
  | 'quarantine'
  | 'plan'
  | 'transfer'
  | 'minors-path'
  | 'ask-her'
  | 'second'
  | 'agree'
  | 'close'
  | 'keep-open'
  | 'reopen'
  | 'stop-work'
  | 'resume'
  | 'shred'

function effect(says: string, run: (context: Context) => void): Effect<Context> {
  return { says, run }
}

/** The effects of the table of the case. */
export const CASE_EFFECTS: Readonly<Record<CaseEffect, Effect<Context>>> = {
  'take-in': effect('members and exclusions are those she chose; kept 90 days if never opened', takeIn),
  'first-answer': effect(
    'first-answer task: working days as the pack says (default 2), 4 h if urgent',
    (context) => {
      const { draft, at, rules } = context
      const isUrgent = (draft.risk?.level ?? draft.suggestedRisk) === 'urgent'
      const due = isUrgent
        ? at + TIMES.urgentFirstAnswer
        : addWorkingDays(at, rules.firstAnswerWorkingDays, rules.holidays)
      openTask(context, { kind: 'first-answer', due, owner: context.by.id })
      draft.junk = null
      draft.expires = null
    },
  ),
  'remember-proposer': effect('waits for a second person', ({ draft, by, since }) => {
    draft.junk = { by, since }
  }),
  quarantine: effect('nothing deleted for 30 days; the mailbox still answers', ({ draft, since }) => {
    draft.expires = since + TIMES.quarantine
  }),
  plan: effect('plan task', (context) => openTask(context, { kind: 'plan' })),
  transfer: effect('handover protocol; kept as a closed case is', (context) => {
    openTask(context, { kind: 'handover-protocol', link: context.body.recipient ?? null })
    context.draft.expires = keptUntil(context)
  }),
  'minors-path': effect(
    'path = minors: picture functions removed, minors team wrap, statutory notice shown',
    enterMinorsPath,
  ),
  'ask-her': effect('survivor asked through the mailbox', ({ draft, by, since, body }) => {
    if (body.closeReason === undefined) return
    const answer = { second: null, hasAgreed: false, hasAnswered: false }
    draft.closing = { by, since, reason: body.closeReason, ...answer }
  }),
  second: effect('the second person is noted', ({ draft, by }) => {
    if (draft.closing) draft.closing = { ...draft.closing, second: by }
  }),
  agree: effect('her agreement is noted', ({ draft }) => {
    if (draft.closing) draft.closing = { ...draft.closing, hasAgreed: true }
  }),
  close: effect('retention clock starts; access narrowed to lead and supervisor', close),
  'keep-open': effect('the proposal is void', ({ draft }) => {
    draft.closing = null
  }),
  reopen: effect('new epoch if members changed; risk is reviewed anew', reopen),
  'stop-work': effect('work stops, notices not sent, clocks cancelled, keep-until date', (context) => {
    const { draft, body } = context
    cancelUnsent(context)
    cancelAllTasks(draft, 'withdrawn')
    draft.closing = null
    draft.closed = null
    draft.junk = null
    draft.expires = (body.keepUntil ?? 0) + DAY
  }),
  resume: effect('nothing expires', ({ draft }) => {
    draft.expires = null
  }),
  shred: effect('shredding: wraps first, then everything else', ({ draft }) => {
    for (const part of Object.values(draft)) if (part instanceof Map || part instanceof Set) part.clear()
    Object.assign(draft, blankCase(), { clock: draft.clock })
    draft.access.length = 0
  }),
}

function takeIn(context: Context): void {
  const { draft, body, since, rules } = context
  for (const entry of body.exclude ?? []) draft.excluded.add(entry)
  for (const entry of body.members ?? [])
    if (!draft.excluded.has(entry))
      draft.members.set(entry, { role: rules.roster.get(entry) ?? 'intake', since, sessionEnds: null })
  if (body.text !== undefined) draft.hasSafetyWord = hasSafetyWord(body.text, rules.safetyWords)
  if (body.factors !== undefined) draft.suggestedRisk = suggestRisk(body.factors)
  draft.ageBand = body.ageBand ?? null
  draft.expires = since + TIMES.neverOpened
  if (isUnder18(draft.ageBand)) enterMinorsPath(context)
}

function keptUntil({ draft, since }: Context): number {
  return since + (draft.isMinorsPath ? TIMES.closedKeptMinors : TIMES.closedKept)
}

function close(context: Context): void {
  const { draft, at } = context
  if (!draft.closing) return
  draft.closed = { reason: draft.closing.reason, at, keptUntil: keptUntil(context) }
  draft.expires = draft.closed.keptUntil
  draft.closing = null
  meetTasks(draft, 'risk-review', null, 'closed')
  const narrowed = [...draft.members].filter(([id, { role }]) => id !== draft.lead && role !== 'supervisor')
  if (narrowed.length === 0) return
  for (const [id] of narrowed) draft.members.delete(id)
  draft.needsNewEpoch = true
  openTask(context, { kind: 'new-epoch', closedBy: 'epoch.new' })
}

function reopen(context: Context): void {
  const { draft, at } = context
  draft.closed = null
  draft.expires = null
  if (!draft.risk) return
  const nextReview = at + RISK_RULES[draft.risk.level].reviewWithin
  draft.risk = { ...draft.risk, nextReview }
  openTask(context, { kind: 'risk-review', due: nextReview, closedBy: 'risk.set' })
}
