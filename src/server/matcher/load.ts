import type { Kysely } from 'kysely'
import { openSighting } from '#lib/seal/index.ts'
import type { Tables } from '../schema/tables.ts'
import type { Matcher } from './matcher.ts'

const SETS_AT_A_TIME = 100

/**
 * Takes every set of the database into an open matcher, and says how many could not be opened. Waiting ones come first: a
 * set only ever moves from there to the others. What comes meanwhile is told to the matcher by whoever brings it.
 */
export async function loadMatcher(kysely: Kysely<Tables>, matcher: Matcher): Promise<{ unreadable: number }> {
  let unreadable = 0
  for (const table of ['bank_waiting', 'bank_sets'] as const) {
    for (let after: Buffer = Buffer.alloc(0); ; ) {
      const sets = await kysely
        .selectFrom(table)
        .select(['id', 'body'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(SETS_AT_A_TIME)
        .execute()
      for (const { id, body } of sets) {
        await addSet(kysely, matcher, id, body).catch(() => unreadable++)
      }
      const last = sets.at(-1)
      if (last === undefined) break
      after = last.id
    }
  }
  await loadEarlier(kysely, matcher)
  return { unreadable }
}

async function loadEarlier(kysely: Kysely<Tables>, matcher: Matcher): Promise<void> {
  for (let after: Buffer = Buffer.alloc(0); ; ) {
    const { identity } = matcher
    if (identity === null) return
    const kept = await kysely
      .selectFrom('sightings')
      .select(['id', 'body'])
      .where('state', '=', 'kept')
      .where('id', '>', after)
      .orderBy('id')
      .limit(SETS_AT_A_TIME)
      .execute()
    for (const { id, body } of kept) {
      const sighting = await openSighting(body, identity).catch(() => null)
      if (sighting) matcher.keep(id, sighting)
    }
    const last = kept.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

/** Takes one set that was committed into the matcher, unless it was withdrawn while it was being opened. */
export async function addSet(
  kysely: Kysely<Tables>,
  matcher: Matcher,
  id: Buffer,
  body: Uint8Array,
): Promise<void> {
  const setId = id.toString('hex')
  await matcher.add(setId, body)
  if (!(await isThere(kysely, id))) matcher.remove(setId)
}

async function isThere(kysely: Kysely<Tables>, id: Buffer): Promise<boolean> {
  for (const table of ['bank_sets', 'bank_waiting'] as const) {
    if (await kysely.selectFrom(table).select('id').where('id', '=', id).executeTakeFirst()) return true
  }
  return false
}
