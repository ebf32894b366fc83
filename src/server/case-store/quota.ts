import { sql } from 'kysely'
import { MAX_BLOBS_PER_CASE, PART_BYTES } from '#contract/sizes.ts'
import type { Db } from '../database.ts'
import { Refused } from '../errors.ts'
import type { CaseRow } from './find-case.ts'

export interface QuotaSettings {
  /** What a case may hold until somebody has opened it. */
  readonly unopenedBytes: number
  readonly openedBytes: number
}

export const DEFAULT_QUOTA: QuotaSettings = { unopenedBytes: 64 * PART_BYTES, openedBytes: 2048 * PART_BYTES }

const MAX_ITEMS = 4_096

/**
 * Throws QUOTA unless so much more, and one more file or item, fits into the case. The case has to be locked: two that
 * each fit must not both be let in.
 */
export async function assertFits(
  tx: Db,
  found: CaseRow,
  more: { readonly bytes: number; readonly what: 'item' | 'blob' },
  settings: QuotaSettings,
): Promise<void> {
  const { rows } = await sql<{ items: number; itemBytes: number; blobs: number; blobBytes: number }>`
    select
      (select count(*)::int from items where case_id = ${found.id}) as items,
      (select coalesce(sum(octet_length(body)), 0)::float8 from items where case_id = ${found.id}) as "itemBytes",
      (select count(*)::int from blobs where case_id = ${found.id}) as blobs,
      (select coalesce(sum(size_class::bigint), 0)::float8 from blobs where case_id = ${found.id}) as "blobBytes"
  `.execute(tx)
  const used = rows[0] ?? { items: 0, itemBytes: 0, blobs: 0, blobBytes: 0 }
  // A case that somebody works on has no date of expiry.
  const limit = found.expires_week === null ? settings.openedBytes : settings.unopenedBytes
  const isFull = more.what === 'item' ? used.items >= MAX_ITEMS : used.blobs >= MAX_BLOBS_PER_CASE
  if (isFull || used.itemBytes + used.blobBytes + more.bytes > limit) throw new Refused('QUOTA')
}
