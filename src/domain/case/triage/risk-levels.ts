import { DAY, HOUR, type Minute } from '../time.ts'
import { RISK_LEVELS, type RiskFactor, type RiskLevel } from '../vocabulary.ts'

/** How long a risk level may stand before it is reviewed, and what comes with it. */
export interface RiskRule {
  readonly reviewWithin: Minute
  readonly extra: string
}

export const RISK_RULES: Readonly<Record<RiskLevel, RiskRule>> = {
  urgent: {
    reviewWithin: 4 * HOUR,
    extra: 'two people informed, script on screen, break-glass available',
  },
  high: { reviewWithin: DAY, extra: 'supervisor sees it' },
  medium: { reviewWithin: 7 * DAY, extra: '' },
  low: { reviewWithin: 30 * DAY, extra: '' },
}

// Each line suggests its level when one of its sets of factors is there as a whole.
const SUGGESTIONS: readonly {
  readonly level: RiskLevel
  readonly when: readonly (readonly RiskFactor[])[]
}[] = [
  {
    level: 'urgent',
    when: [['self-harm-plan'], ['child-in-danger'], ['deadline-within-24h'], ['violence-now']],
  },
  {
    level: 'high',
    when: [
      ['address-known', 'threat'],
      ['work-or-school-known', 'threat'],
      ['spreading'],
      ['repeated-extortion'],
      ['minor'],
    ],
  },
  { level: 'medium', when: [['online-known-place'], ['threat'], ['violence-at-home'], ['stalkerware']] },
]

/** The level the answers suggest. It is shown; the level a person sets is the one that counts. */
export function suggestRisk(factors: readonly RiskFactor[]): RiskLevel {
  const line = SUGGESTIONS.find(({ when }) =>
    when.some((set) => set.every((factor) => factors.includes(factor))),
  )
  return line?.level ?? 'low'
}

/** Whether `a` is a lower level than `b`. */
export function isLower(a: RiskLevel, b: RiskLevel): boolean {
  return RISK_LEVELS.indexOf(a) < RISK_LEVELS.indexOf(b)
}

/** When the deputy of an absent worker is told of an urgent case: after half of the review time. */
export function deputyAlertAt(setAt: Minute, nextReview: Minute): Minute {
  return setAt + Math.floor((nextReview - setAt) / 2)
}
