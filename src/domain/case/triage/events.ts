import { type Context, event } from '../event.ts'
import type { Fields } from '../fields.ts'
import type { RefusalCode } from '../refusals.ts'
import { isSamePerson } from '../roles.ts'
import type { Risk } from '../state.ts'
import { ALIVE, OPEN } from '../states.ts'
import { meetTasks, openTask } from '../task/tasks.ts'
import { isLower, RISK_RULES, suggestRisk } from './risk-levels.ts'

type RiskBody = Context<Pick<Fields, 'at' | 'level' | 'factors' | 'reason' | 'nextReview'>>

/** Triage answers and the risk level. */
export const TRIAGE_EVENTS = {
  'triage.answer': event({
    action: 'evidence',
    permits: ['own', 'yes'],
    statuses: OPEN,
    herStatuses: ALIVE,
    needs: ['factors'],
    may: ['safetyAnswer', 'lead'],
    run: ({ draft, body, by }) => {
      if (body.lead !== undefined && (by.role === 'survivor' || !canLead(draft.members.get(body.lead))))
        return 'LEAD_MISSING'
      // Whoever has the duty keeps it until somebody accepts it: from then on the lead changes by handover.
      const isTaken = draft.lead !== null && draft.status !== 'new' && draft.status !== 'triage'
      if (isTaken && body.lead !== undefined && body.lead !== draft.lead) return 'TRANSITION_REFUSED'
      draft.suggestedRisk = suggestRisk(body.factors)
      draft.safetyAnswer = body.safetyAnswer ?? draft.safetyAnswer
      draft.lead = body.lead ?? draft.lead
      return null
    },
  }),
  'risk.set': event({
    action: 'set-risk',
    permits: ['yes', 'overrule'],
    statuses: OPEN,
    needs: ['at', 'level', 'factors', 'reason', 'nextReview'],
    run: (context) => {
      const { draft, body } = context
      const refused = refuseReview(context)
      if (refused) return refused
      if (draft.risk?.level === 'urgent' && isLower(body.level, 'urgent')) return 'SECOND_PERSON_NEEDED'
      settle(context, riskOf(context))
      return null
    },
  }),
  'risk.propose-lower': event({
    action: 'set-risk',
    permits: ['yes', 'overrule'],
    statuses: OPEN,
    needs: ['at', 'level', 'factors', 'reason', 'nextReview'],
    run: (context) => {
      const { draft, body, by, since } = context
      if (draft.risk?.level !== 'urgent' || !isLower(body.level, 'urgent')) return 'TRANSITION_REFUSED'
      const refused = refuseReview(context)
      if (refused) return refused
      draft.riskProposal = { by, since, risk: riskOf(context) }
      return null
    },
  }),
  'risk.approve-lower': event({
    action: 'set-risk',
    permits: ['yes', 'overrule'],
    statuses: OPEN,
    needs: ['at'],
    run: (context) => {
      const { draft, by, at } = context
      const proposal = draft.riskProposal
      if (!proposal) return 'NO_PROPOSAL'
      if (isSamePerson(proposal.by, by)) return 'SELF_APPROVAL'
      if (proposal.risk.nextReview <= at) return 'REVIEW_TOO_LATE'
      settle(context, proposal.risk)
      return null
    },
  }),
} as const

function canLead(member: { readonly sessionEnds: number | null } | undefined): boolean {
  return member !== undefined && member.sessionEnds === null
}

function refuseReview({ body, at }: RiskBody): RefusalCode | null {
  const wait = body.nextReview - at
  return wait <= 0 || wait > RISK_RULES[body.level].reviewWithin ? 'REVIEW_TOO_LATE' : null
}

function riskOf({ body, by, at }: RiskBody): Risk {
  const { level, factors, reason, nextReview } = body
  return { level, factors, reason, setBy: by, setAt: at, nextReview }
}

/** The review is a task that only the next setting of the risk does: nobody can tick it off. */
function settle(context: Context<unknown>, risk: Risk): void {
  const { draft } = context
  draft.risk = risk
  draft.riskProposal = null
  meetTasks(draft, 'risk-review', null, risk.level)
  openTask(context, { kind: 'risk-review', due: risk.nextReview, closedBy: 'risk.set' })
}
