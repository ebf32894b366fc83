import type { SealedItem } from '#contract/cases.ts'
import { addItemOut, assertFits } from '../../case-store/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { CasesServiceDependencies } from './dependencies.ts'
import type { MembersCase } from './store.ts'

/** Throws CASE_CLOSED. */
export function assertTakesIn({ status }: MembersCase): void {
  if (status !== 'open' && status !== 'closing') throw new Refused('CASE_CLOSED')
}

/** Whether these very items are in the case: then the request came before, and its answer got lost. */
export async function isThere(tx: Db, found: MembersCase, items: readonly SealedItem[]): Promise<boolean> {
  const rows = await tx
    .selectFrom('items')
    .select(['id', 'body'])
    .where('case_id', '=', found.id)
    .where(
      'id',
      'in',
      items.map(({ id }) => Buffer.from(id, 'base64url')),
    )
    .execute()
  return items.every(({ id, body }) =>
    rows.some((row) => row.id.toString('base64url') === id && row.body.toString('base64') === body),
  )
}

/**
 * Throws CASE_CHANGED when the case has another number of items than its writer knew. Every message is tied to those before it,
 * and of two that follow the same one neither would count.
 */
export async function assertUnchanged(
  tx: Db,
  found: MembersCase,
  items: readonly SealedItem[],
  count: number | undefined,
): Promise<void> {
  if (count === undefined || (await isThere(tx, found, items))) return
  const there = await tx
    .selectFrom('items')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('case_id', '=', found.id)
    .executeTakeFirstOrThrow()
  if (Number(there.count) !== count) throw new Refused('CASE_CHANGED')
}

/** Adds an item; the same again is no second one. Throws QUOTA, CASE_CONFLICT. */
export async function addOnce(
  tx: Db,
  found: MembersCase,
  item: SealedItem,
  { clock, quota }: Pick<CasesServiceDependencies, 'clock' | 'quota'>,
): Promise<void> {
  const body = Buffer.from(item.body, 'base64')
  await assertFits(tx, found, { bytes: body.length, what: 'item' }, quota)
  const row = { caseId: found.id, id: Buffer.from(item.id, 'base64url'), epoch: item.epoch, body }
  if (!(await addItemOut(tx, row, clock.now()))) throw new Refused('CASE_CONFLICT')
}
