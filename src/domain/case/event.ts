import { type FieldName, type Fields, readFields } from './fields.ts'
import type { RefusalCode } from './refusals.ts'
import { type Action, type Author, type Permission, permissionOf } from './roles.ts'
import type { CaseRules } from './rules.ts'
import type { CaseState } from './state.ts'
import type { CaseStatus } from './states.ts'
import { DAY, type Minute } from './time.ts'

/** What a rule sees of the entry it decides about. */
export interface Context<B = Partial<Fields>> {
  readonly draft: CaseState
  /** Id of the entry. */
  readonly entry: string
  readonly body: B
  readonly by: Author
  /** The earliest minute the entry can be of, and never before what it follows. */
  readonly at: Minute
  /** The latest: waiting times start here. Equal to `at` when the entry gives a time of day. */
  readonly since: Minute
  readonly rules: CaseRules
}

type Body<N extends FieldName, M extends FieldName> = Pick<Fields, N> & Partial<Pick<Fields, M | 'at'>>

/** Who has to be the author of an entry, besides what the role table says. */
export type Belonging =
  /** The survivor, or somebody who is a member at that point of the journal. */
  | 'member'
  /** Somebody outside the case whose signature the rule itself asks for. */
  | 'anyone'

/** One kind of journal entry as data: who may write it, when, and what it holds. */
export interface EventRule {
  readonly action: Action
  /** Cells of the role table's line that permit it. */
  readonly permits: readonly Permission[]
  /** States of the case in which a member of staff may write it. */
  readonly statuses: readonly CaseStatus[]
  /** States in which the survivor may, where these differ. */
  readonly herStatuses: readonly CaseStatus[]
  readonly belonging: Belonging
  readonly needs: readonly FieldName[]
  readonly may: readonly FieldName[]
  /** Changes the draft and returns null, or returns why not and has changed nothing. */
  readonly run: (context: Context<unknown>) => RefusalCode | null
}

interface EventSpec<N extends FieldName, M extends FieldName> {
  readonly action: Action
  readonly permits: readonly Permission[]
  readonly statuses: readonly CaseStatus[]
  readonly herStatuses?: readonly CaseStatus[]
  readonly belonging?: Belonging
  readonly needs: readonly N[]
  readonly may?: readonly M[]
  readonly run: (context: Context<Body<N, M>>) => RefusalCode | null
}

/** A kind of entry whose `run` sees exactly the fields it named. */
export function event<const N extends FieldName, const M extends FieldName = never>(
  spec: EventSpec<N, M>,
): EventRule {
  const may = spec.may ?? []
  return {
    ...spec,
    may,
    herStatuses: spec.herStatuses ?? spec.statuses,
    belonging: spec.belonging ?? 'member',
    run: (context) => {
      const body = readFields(context.body, spec.needs, may)
      // readFields has checked that every field of `needs` is there.
      return body ? spec.run({ ...context, body: body as Body<N, M> }) : 'BODY_INVALID'
    },
  }
}

/** Why this author may not write this kind of entry now, before its body is looked at; null when she may. */
export function refuseAuthor(rule: EventRule, { draft, by, at }: Context<unknown>): RefusalCode | null {
  const member = draft.members.get(by.id)
  const isHers = by.role === 'survivor'
  // She is who she is whatever anybody wrote about members.
  const role = isHers || member?.sessionEnds == null ? by.role : 'interpreter'
  if (!rule.permits.includes(permissionOf(role, rule.action))) return 'ROLE_NOT_ALLOWED'
  if (!isHers && rule.belonging === 'member') {
    if (!member) return 'NOT_A_MEMBER'
    if (member.sessionEnds !== null && at >= member.sessionEnds) return 'SESSION_OVER'
  }
  return (isHers ? rule.herStatuses : rule.statuses).includes(draft.status) ? null : 'CASE_STATE'
}

/** A context without a time of day starts waiting times at the end of its day. */
export function latestMinute(at: Minute, hasTime: boolean): Minute {
  return hasTime ? at : at + DAY - 1
}
