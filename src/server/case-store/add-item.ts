import { ITEM_BYTES } from '#contract/sizes.ts'
import type { Db } from '../database.ts'
import { nextQuarter } from '../time.ts'

export const ITEM_FMT = 1

export interface NewItem {
  readonly caseId: Buffer
  readonly id: Buffer
  readonly epoch: number
  readonly body: Buffer
}

/** Which of the lengths of `ITEM_BYTES` this is. Only those get here: the contract sees to it. */
export function sizeClassOf(body: Buffer): number {
  const lengths: readonly number[] = ITEM_BYTES
  return lengths.indexOf(body.length)
}

/** Adds an item from her, visible at once. False when another item has this id; the same item again is true. */
export async function addItemIn(tx: Db, item: NewItem): Promise<boolean> {
  return addItem(tx, item, 'in', null)
}

/**
 * Adds a reply. It becomes visible in the mailbox at the next quarter hour, so that the time of writing and the time of
 * fetching cannot be paired. False as with `addItemIn`.
 */
export async function addItemOut(tx: Db, item: NewItem, now: Date): Promise<boolean> {
  return addItem(tx, item, 'out', nextQuarter(now))
}

async function addItem(
  tx: Db,
  { caseId, id, epoch, body }: NewItem,
  direction: 'in' | 'out',
  releaseAt: Date | null,
): Promise<boolean> {
  const added = await tx
    .insertInto('items')
    .values({
      case_id: caseId,
      id,
      epoch,
      body,
      size_class: sizeClassOf(body),
      release_at_quarter: releaseAt,
      direction,
      fmt: ITEM_FMT,
    })
    .onConflict((conflict) => conflict.columns(['case_id', 'id']).doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows === 1n) return true
  const same = await tx
    .selectFrom('items')
    .select('id')
    .where('case_id', '=', caseId)
    .where('id', '=', id)
    .where('epoch', '=', epoch)
    .where('direction', '=', direction)
    .where('body', '=', body)
    .executeTakeFirst()
  return same !== undefined
}
