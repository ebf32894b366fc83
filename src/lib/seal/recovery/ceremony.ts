import { SealError } from '../errors.ts'
import { RECOVERY_THRESHOLD, RECOVERY_TOTAL } from './share.ts'

/** An approval, or a ceremony that was only planned, is void after so long. */
export const APPROVAL_SECONDS = 7 * 86_400

export type CeremonyState =
  | 'requested'
  | 'approved'
  | 'scheduled'
  | 'shares-entered'
  | 'reconstructed'
  | 'wraps-opened'
  | 'destroyed'
  | 'reported'
  | 'aborted'

/** Which step leads where; everything else is refused. A step with enough of its kind moves on, see `CEREMONY_NEEDS`. */
export const CEREMONY_STEPS = {
  approve: { from: ['requested'], to: 'approved' },
  schedule: { from: ['approved'], to: 'scheduled' },
  'enter-share': { from: ['scheduled'], to: 'shares-entered' },
  reconstruct: { from: ['shares-entered'], to: 'reconstructed' },
  'open-wraps': { from: ['reconstructed'], to: 'wraps-opened' },
  destroy: { from: ['reconstructed', 'wraps-opened'], to: 'destroyed' },
  report: { from: ['destroyed'], to: 'reported' },
  abort: { from: ['requested', 'approved', 'scheduled', 'shares-entered'], to: 'aborted' },
} as const satisfies Record<string, { readonly from: readonly CeremonyState[]; readonly to: CeremonyState }>

/** How many different people or shares a step needs before the state changes; 1 where nothing stands here. */
export const CEREMONY_NEEDS = { approve: 2, 'enter-share': RECOVERY_THRESHOLD } as const

export type CeremonyEvent =
  | { readonly step: 'approve'; readonly by: string; readonly role: string; readonly atSeconds: number }
  | { readonly step: 'enter-share'; readonly number: number; readonly atSeconds: number }
  | {
      readonly step: Exclude<keyof typeof CEREMONY_STEPS, 'approve' | 'enter-share'>
      readonly atSeconds: number
    }

/** A recovery, from the request to the report. It never holds a share or a key. */
export interface Ceremony {
  readonly state: CeremonyState
  /** Roster entry of the person who asked for it. */
  readonly requestedBy: string
  readonly reason: string
  /** The cases to be opened, and for whom: nothing else may be imported or exported. */
  readonly cases: readonly string[]
  readonly recipients: readonly string[]
  /** Share numbers of holders who stand on the conflict list of one of the cases. */
  readonly blockedShares: readonly number[]
  readonly approvals: readonly string[]
  readonly enteredShares: readonly number[]
  /** Of the second approval, in seconds since 1970. */
  readonly approvedAtSeconds?: number
}

/** A new request. Throws `RECOVERY_STEP` without a reason, cases or recipients, or when the block list leaves no three shares. */
export function requestCeremony(
  request: Pick<Ceremony, 'requestedBy' | 'reason' | 'cases' | 'recipients' | 'blockedShares'>,
): Ceremony {
  const { reason, cases, recipients, blockedShares } = request
  if (reason.trim() === '' || cases.length === 0 || recipients.length === 0)
    throw stepRefused('a reason, cases and recipients are needed')
  if (RECOVERY_TOTAL - new Set(blockedShares).size < RECOVERY_THRESHOLD)
    throw stepRefused('too many holders are in conflict; others must be named first')
  return { ...request, state: 'requested', approvals: [], enteredShares: [] }
}

/**
 * The ceremony after one event. Throws `RECOVERY_STEP` and leaves it as it was: a step that is not next; an approval by no
 * supervisor, by the one who asked, or by the same person again; a share that is blocked, entered already or none; a step
 * before the shares are joined when the second approval is seven days old.
 */
export function advanceCeremony(ceremony: Ceremony, event: CeremonyEvent): Ceremony {
  const { from, to } = CEREMONY_STEPS[event.step]
  const allowed: readonly CeremonyState[] = from
  if (!allowed.includes(ceremony.state)) throw stepRefused(`${event.step} does not follow ${ceremony.state}`)
  if (event.step !== 'abort' && isExpired(ceremony, event.atSeconds))
    throw stepRefused('the approval is older than seven days')
  if (event.step === 'approve') return approve(ceremony, event)
  if (event.step === 'enter-share') return enterShare(ceremony, event.number)
  return { ...ceremony, state: to }
}

function approve(ceremony: Ceremony, event: Extract<CeremonyEvent, { step: 'approve' }>): Ceremony {
  const { by, role, atSeconds } = event
  if (role !== 'supervisor') throw stepRefused('only supervisors approve')
  if (by === ceremony.requestedBy || ceremony.approvals.includes(by))
    throw stepRefused('another person has to approve')
  const approvals = [...ceremony.approvals, by]
  return approvals.length < CEREMONY_NEEDS.approve
    ? { ...ceremony, approvals }
    : { ...ceremony, approvals, state: CEREMONY_STEPS.approve.to, approvedAtSeconds: atSeconds }
}

function enterShare(ceremony: Ceremony, number: number): Ceremony {
  if (!Number.isInteger(number) || number < 1 || number > RECOVERY_TOTAL)
    throw stepRefused('there is no such share')
  if (ceremony.blockedShares.includes(number))
    throw stepRefused('its holder is in conflict with one of the cases')
  if (ceremony.enteredShares.includes(number)) throw stepRefused('this share was entered already')
  const enteredShares = [...ceremony.enteredShares, number]
  const isEnough = enteredShares.length >= CEREMONY_NEEDS['enter-share']
  return { ...ceremony, enteredShares, state: isEnough ? CEREMONY_STEPS['enter-share'].to : ceremony.state }
}

function isExpired({ state, approvedAtSeconds }: Ceremony, atSeconds: number): boolean {
  const isBeforeKey = state === 'approved' || state === 'scheduled' || state === 'shares-entered'
  return isBeforeKey && !(atSeconds < (approvedAtSeconds ?? 0) + APPROVAL_SECONDS)
}

function stepRefused(what: string): SealError {
  return new SealError('RECOVERY_STEP', `This step of the recovery is refused: ${what}.`)
}
