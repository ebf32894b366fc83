import { type AgeIdentity, openSighting, type Sighting, sealSighting } from '#lib/seal/index.ts'
import type { Db } from '../../database.ts'
import type { JobKind } from '../../jobs/index.ts'
import { keepHits, MAX_HITS, type Matcher } from '../../matcher/index.ts'
import { isoWeekOf } from '../../time.ts'

export const MATCH_JOB = 'sightings.match'
export const EXPIRE_SIGHTINGS_JOB = 'sightings.expire'

/** How long one transaction may work on sightings. */
const WORK_MS = 2_000
const DAY_MS = 24 * 60 * 60_000

/**
 * Asks the bank about sightings that wait, while the matcher is open. Their hits and their new state are one commit, so that
 * a crash neither loses a hit nor tells it twice. Afterwards only prints of the whole picture are kept, sealed anew.
 */
export function matchJob(matcher: Matcher, random: (bytes: number) => Uint8Array): JobKind {
  return {
    recurring: { everyMs: 1_000 },
    handle: async (tx) => {
      const startedMs = performance.now()
      while (performance.now() - startedMs < WORK_MS) {
        if (!(await matchNext(tx, matcher, random, 'wait'))) return
      }
    },
  }
}

/**
 * Asks the bank about one sighting that waits, in the caller's transaction. False when there is none, and while the matcher
 * is not open. One that somebody else works on is left to them, or waited for: whatever came before is matched then.
 */
export async function matchNext(
  tx: Db,
  matcher: Matcher,
  random: (bytes: number) => Uint8Array,
  whenTaken: 'wait' | 'skip',
): Promise<boolean> {
  const { identity } = matcher
  return identity !== null && (await matchOne(tx, { matcher, identity, random, whenTaken }))
}

interface Matching {
  readonly matcher: Matcher
  readonly identity: AgeIdentity
  readonly random: (bytes: number) => Uint8Array
  readonly whenTaken: 'wait' | 'skip'
}

async function matchOne(tx: Db, { matcher, identity, random, whenTaken }: Matching): Promise<boolean> {
  const next = tx
    .selectFrom('sightings')
    .select(['id', 'body'])
    .where('state', '=', 'waiting')
    .orderBy('id')
    .limit(1)
    .forUpdate()
  const found = await (whenTaken === 'skip' ? next.skipLocked() : next).executeTakeFirst()
  if (found === undefined) return false
  const sighting = await openSighting(found.body, identity).catch(() => null)
  if (sighting !== null) {
    const hits = await matcher.ask(sighting)
    const { contextKey, scope } = sighting
    await keepHits(
      tx,
      identity,
      hits.map((hit) => ({ ...hit, sightingId: found.id, contextKey, scope })),
      random,
      { sealedAtLeast: MAX_HITS },
    )
  }
  const kept = sighting === null ? found.body : Buffer.from(await wholeOnly(sighting, identity))
  if (sighting !== null) matcher.keep(found.id, sighting)
  await tx.updateTable('sightings').set({ state: 'kept', body: kept }).where('id', '=', found.id).execute()
  return true
}

function wholeOnly(sighting: Sighting, identity: AgeIdentity): Promise<Uint8Array> {
  const prints = sighting.prints.filter(({ place }) => place === null)
  return sealSighting({ ...sighting, prints }, identity.recipient)
}

/** Erases sightings whose week is over. */
export function expireSightingsJob(matcher: Matcher): JobKind {
  return {
    recurring: { everyMs: DAY_MS },
    handle: async (tx, _payload, now) => {
      const over = await tx
        .deleteFrom('sightings')
        .where('expires_week', '<', isoWeekOf(now))
        .returning('id')
        .execute()
      for (const { id } of over) matcher.forget(id)
    },
  }
}
