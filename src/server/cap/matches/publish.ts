import { HIT_LIST_BYTES } from '#contract/sizes.ts'
import { decoyHit, HIT_BYTES, sealHit } from '#lib/seal/index.ts'
import type { JobKind } from '../../jobs/index.ts'
import { type HitOfRow, type Matcher, takeHits } from '../../matcher/index.ts'
import { quarterOf } from '../../time.ts'

export const PUBLISH_JOB = 'matches.publish'

const HITS_PER_LIST = HIT_LIST_BYTES / HIT_BYTES
/** A client that was away longer asks a colleague; her hits are in the sealed case by then. */
const KEPT_QUARTERS = 30 * 24 * 4

/**
 * One list for each quarter of an hour, always full: hits that waited, and decoys. Locked or idle, the matcher's lists are
 * decoys alone, and look the same.
 */
export function publishJob(matcher: Matcher, random: (bytes: number) => Uint8Array): JobKind {
  return {
    recurring: { everyMs: 60_000 },
    handle: async (tx, _payload, now) => {
      const quarter = quarterOf(now)
      const reserved = await tx
        .insertInto('hit_lists')
        .values({ quarter, body: Buffer.alloc(HIT_LIST_BYTES) })
        .onConflict((conflict) => conflict.column('quarter').doNothing())
        .executeTakeFirst()
      if (reserved.numInsertedOrUpdatedRows === 0n) return
      const { identity } = matcher
      const hits = identity === null ? [] : await takeHits(tx, identity, HITS_PER_LIST)
      const body = listOf(hits, quarter, random)
      await tx.updateTable('hit_lists').set({ body }).where('quarter', '=', String(quarter)).execute()
      await tx
        .deleteFrom('hit_lists')
        .where('quarter', '<', String(quarter - KEPT_QUARTERS))
        .execute()
    },
  }
}

function listOf(hits: readonly HitOfRow[], quarter: number, random: (bytes: number) => Uint8Array): Buffer {
  const told = new Map<string, number>()
  const sealed = hits.map(({ rowId, ...hit }) => {
    const row = Buffer.from(rowId).toString('hex')
    const nth = told.get(row) ?? 0
    told.set(row, nth + 1)
    return sealHit(rowId, { quarter, nth }, hit, random)
  })
  while (sealed.length < HITS_PER_LIST) sealed.push(decoyHit(random))
  // In the order of their tags, which are as good as random: place says nothing either.
  return Buffer.concat(sealed.sort((a, b) => Buffer.compare(a, b)))
}
