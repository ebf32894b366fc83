import type { JobKind } from '../../jobs/index.ts'
import { keepHits, type Matcher } from '../../matcher/index.ts'

export const ASK_EARLIER_JOB = 'bank.ask-earlier'

const SETS_AT_A_TIME = 50

/**
 * Women register after an export was taken: sets that came are looked for among pictures that were seen before, once, while
 * the matcher is open.
 */
export function askEarlierJob(matcher: Matcher, random: (bytes: number) => Uint8Array): JobKind {
  return {
    recurring: { everyMs: 1_000 },
    handle: async (tx) => {
      const { identity } = matcher
      if (identity === null) return
      const sets = await tx
        .selectFrom('bank_waiting')
        .select(['id', 'body'])
        .where('is_asked', '=', false)
        .orderBy('id')
        .limit(SETS_AT_A_TIME)
        .forUpdate()
        .skipLocked()
        .execute()
      for (const { id, body } of sets) {
        // One that cannot be opened is counted when the matcher opens.
        const hits = await matcher.askEarlier(body, identity).catch(() => [])
        await keepHits(tx, identity, hits, random)
        await tx.updateTable('bank_waiting').set({ is_asked: true }).where('id', '=', id).execute()
      }
    },
  }
}
