import { sql } from 'kysely'
import type { health } from '#contract/health.ts'
import type { Output } from '#contract/operation.ts'
import { withCodedErrors } from '#node/db/index.ts'
import type { Db } from '../../database.ts'
import type { Matcher } from '../../matcher/index.ts'

type Need = Output<typeof health.check>['needs'][number]

/**
 * What needs somebody. Throws `DatabaseError` unless the database answers and is in the schema that this program works with.
 */
export async function needs(db: Db, matcher: Pick<Matcher, 'isOpen'>): Promise<Need[]> {
  const { rows } = await withCodedErrors(() =>
    sql<{ isSetUp: boolean; isHalted: boolean }>`
      select exists (select from migrations) and exists (select from organisation where is_acknowledged) as "isSetUp",
        exists (select from custody_state where name = 'halted') as "isHalted"`.execute(db),
  )
  const isSetUp = rows[0]?.isSetUp === true
  return [
    ...(isSetUp ? [] : (['set-up'] as const)),
    ...(rows[0]?.isHalted === true ? (['custody-log'] as const) : []),
    // Before there is a bank there is nothing to open.
    ...(isSetUp && !matcher.isOpen ? (['matcher'] as const) : []),
  ]
}
