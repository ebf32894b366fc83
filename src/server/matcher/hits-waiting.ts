import { sql } from 'kysely'
import { type AgeIdentity, openWaitingHit, type SealedHit, sealWaitingHit } from '#lib/seal/index.ts'
import type { Db } from '../database.ts'

const HIT_FMT = 1
const ID_BYTES = 16
const NO_HIT: SealedHit = {
  sightingId: new Uint8Array(ID_BYTES),
  contextKey: new Uint8Array(32),
  distance: 0,
  orientation: 0,
  scope: { width: 1, height: 1, shorterSide: 1 },
  place: null,
}

/** A hit, and the row it is of. */
export interface HitOfRow extends SealedHit {
  readonly rowId: Uint8Array
}

/**
 * Keeps hits, sealed for the matcher itself, until they are put into a list. With `sealedAtLeast` so many are sealed even if
 * there are fewer, and what is too much is dropped: sealing is most of what hits cost, and how long a server is busy with a
 * picture must not tell whoever sent it whether it was found.
 */
export async function keepHits(
  tx: Db,
  bank: AgeIdentity,
  hits: readonly HitOfRow[],
  random: (bytes: number) => Uint8Array,
  { sealedAtLeast = 0 }: { readonly sealedAtLeast?: number } = {},
): Promise<void> {
  for (let n = hits.length; n < sealedAtLeast; n++) sealWaitingHit(bank, random(ID_BYTES), NO_HIT, random)
  if (hits.length === 0) return
  const rows = hits.map(({ rowId, ...hit }) => ({
    id: Buffer.from(random(16)),
    body: Buffer.from(sealWaitingHit(bank, rowId, hit, random)),
    fmt: HIT_FMT,
  }))
  await tx.insertInto('hits_waiting').values(rows).execute()
}

/** Takes up to `limit` hits out, at random. What cannot be opened with this identity is left. */
export async function takeHits(tx: Db, bank: AgeIdentity, limit: number): Promise<HitOfRow[]> {
  const waiting = await tx
    .selectFrom('hits_waiting')
    .select(['id', 'body'])
    .orderBy(sql`random()`)
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  const taken: Buffer[] = []
  const hits = waiting.flatMap(({ id, body }) => {
    try {
      const { rowId, hit } = openWaitingHit(bank, body)
      taken.push(id)
      return [{ ...hit, rowId }]
    } catch {
      return []
    }
  })
  if (taken.length > 0) await tx.deleteFrom('hits_waiting').where('id', 'in', taken).execute()
  return hits
}
