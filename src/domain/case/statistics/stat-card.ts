import { refuseConsent } from '../consent/enforce.ts'
import { isRecord } from '../entry.ts'
import type { RefusalCode } from '../refusals.ts'
import type { CaseState } from '../state.ts'

/** What is counted of one case: codes only. */
export interface StatCard {
  /** `2026-Q1`. */
  readonly quarter: string
  readonly state: string
  /** Minors are one band, whatever was answered. */
  readonly ageBand: 'adult' | 'minor' | 'unknown'
  readonly platform: string
  readonly harms: readonly string[]
  readonly source: string
  readonly outcome: string
  readonly days: '0-1' | '2-7' | '8-30' | '31-90' | '91+'
}

/** The codes that a year's tables count, fixed before it begins. */
export interface CodeLists {
  readonly state: readonly string[]
  readonly platform: readonly string[]
  readonly harms: readonly string[]
  readonly source: readonly string[]
  readonly outcome: readonly string[]
}

const DAYS = ['0-1', '2-7', '8-30', '31-90', '91+'] as const
const NAMES = ['quarter', 'state', 'platform', 'harms', 'source', 'outcome', 'days'] as const

/**
 * The card of a case, or why there is none: without her consent to statistics (`CONSENT_MISSING`, `CONSENT_EXPIRED`), or when
 * `choices` has a word that is in no list, a field too many, or any text (`BODY_INVALID`). A case of a minor
 * counts nationally only: its card names no state. `analyst` is the recipient her consent names.
 */
export function statCard(
  state: Readonly<CaseState>,
  analyst: string,
  choices: unknown,
  lists: CodeLists,
): StatCard | RefusalCode {
  const reasons = [...state.consents.values()].map((consent) =>
    refuseConsent(
      consent,
      { recipient: analyst, purpose: 'statistics', dataClasses: [], exhibits: [] },
      state.clock,
    ),
  )
  if (!reasons.includes(null))
    return reasons.includes('CONSENT_EXPIRED') ? 'CONSENT_EXPIRED' : 'CONSENT_MISSING'
  return readChoices(choices, state, lists) ?? 'BODY_INVALID'
}

function readChoices(choices: unknown, state: Readonly<CaseState>, lists: CodeLists): StatCard | null {
  if (!isRecord(choices)) return null
  if (Object.keys(choices).some((name) => !NAMES.some((known) => known === name))) return null
  const code = (name: 'state' | 'platform' | 'source' | 'outcome') =>
    lists[name].find((word) => word === choices[name])
  const quarter = choices['quarter']
  const days = DAYS.find((band) => band === choices['days'])
  const harms = choices['harms']
  const [place, platform, source, outcome] = [
    code('state'),
    code('platform'),
    code('source'),
    code('outcome'),
  ]
  if (typeof quarter !== 'string' || !/^20\d\d-Q[1-4]$/.test(quarter) || !Array.isArray(harms)) return null
  const known = lists.harms.filter((harm) => harms.includes(harm))
  if (!place || !platform || !source || !outcome || !days || known.length !== harms.length) return null
  const isMinor = state.isMinorsPath
  const ageBand = isMinor ? 'minor' : state.ageBand === 'adult' ? 'adult' : 'unknown'
  return {
    quarter,
    state: isMinor ? 'national' : place,
    ageBand,
    platform,
    harms: known,
    source,
    outcome,
    days,
  }
}
