import type { Context } from '../event.ts'
import type { Fields } from '../fields.ts'
import { fire } from '../machine.ts'
import type { RefusalCode } from '../refusals.ts'
import { CASE_TABLE, type CaseEvent } from './table.ts'

/** Moves the case along its table; nothing changes when the table refuses. */
export function moveCase(context: Context<Partial<Fields>>, moved: CaseEvent): RefusalCode | null {
  const { draft } = context
  const outcome = fire(CASE_TABLE, draft.status, moved, context)
  if ('refused' in outcome) return outcome.refused
  if (outcome.to !== draft.status) draft.statusSince = context.since
  draft.status = outcome.to
  return null
}

/** A closed case is open again when she writes. */
export function reopenOnHerMessage(context: Context<Partial<Fields>>): void {
  moveCase(context, 'reopen')
}

/** What nobody opened, or what was closed, withdrawn, transferred or set aside long enough ago, is erased. */
export function expireCase(context: Context): void {
  moveCase(context, 'expire')
}
