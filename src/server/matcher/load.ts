import type { Kysely } from 'kysely'
import { type AgeIdentity, openSighting } from '#lib/seal/index.ts'
import type { Tables } from '../schema/tables.ts'
import type { Matcher } from './matcher.ts'

const SETS_AT_A_TIME = 100
const TABLES = ['bank_waiting', 'bank_sets'] as const

/**
 * Takes every set of the database into an open matcher, which then answers, and says how many could not be opened. Waiting
 * ones come first: a set only ever moves from there to the others. What comes meanwhile is told to the matcher by whoever
 * brings it. When the database fails the matcher is closed again, so that it can be opened anew.
 */
export async function loadMatcher(kysely: Kysely<Tables>, matcher: Matcher): Promise<{ unreadable: number }> {
  const { opening } = matcher
  if (opening === null) return { unreadable: 0 }
  const isSame = () => matcher.opening?.number === opening.number
  try {
    const unreadable = await loadSets(kysely, matcher, isSame)
    await loadEarlier(kysely, matcher, opening.identity, isSame)
    matcher.setWhole(opening.number)
    return { unreadable }
  } catch (error) {
    if (isSame()) matcher.close()
    throw error
  }
}

async function loadSets(kysely: Kysely<Tables>, matcher: Matcher, isSame: () => boolean): Promise<number> {
  let unreadable = 0
  for (const table of TABLES) {
    for (let after: Buffer | undefined = Buffer.alloc(0); after !== undefined && isSame(); ) {
      const sets: { id: Buffer; body: Buffer }[] = await kysely
        .selectFrom(table)
        .select(['id', 'body'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(SETS_AT_A_TIME)
        .execute()
      for (const { id, body } of sets) {
        await matcher.add(id.toString('hex'), body).catch(() => unreadable++)
      }
      await removeWithdrawn(
        kysely,
        matcher,
        sets.map(({ id }) => id),
      )
      after = sets.at(-1)?.id
    }
  }
  return unreadable
}

async function loadEarlier(
  kysely: Kysely<Tables>,
  matcher: Matcher,
  identity: AgeIdentity,
  isSame: () => boolean,
): Promise<void> {
  for (let after: Buffer | undefined = Buffer.alloc(0); after !== undefined && isSame(); ) {
    const kept: { id: Buffer; body: Buffer }[] = await kysely
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
    after = kept.at(-1)?.id
  }
}

/** Takes one set that was committed into the matcher, unless it was withdrawn while it was being opened. */
export async function addSet(
  kysely: Kysely<Tables>,
  matcher: Matcher,
  id: Buffer,
  body: Uint8Array,
): Promise<void> {
  await matcher.add(id.toString('hex'), body)
  await removeWithdrawn(kysely, matcher, [id])
}

/** In the order in which a set moves: one that is in neither table was withdrawn. */
async function removeWithdrawn(
  kysely: Kysely<Tables>,
  matcher: Matcher,
  ids: readonly Buffer[],
): Promise<void> {
  if (ids.length === 0) return
  const there = new Set<string>()
  for (const table of TABLES) {
    const found = await kysely.selectFrom(table).select('id').where('id', 'in', ids).execute()
    for (const { id } of found) there.add(id.toString('hex'))
  }
  for (const id of ids.map((one) => one.toString('hex'))) if (!there.has(id)) matcher.remove(id)
}
