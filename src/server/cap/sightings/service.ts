import type { Kysely } from 'kysely'
import type { SightingSubmission } from '#contract/sightings.ts'
import type { Clock } from '../../clock.ts'
import { Refused } from '../../errors.ts'
import type { Tables } from '../../schema/tables.ts'
import { weekAfter } from '../../time.ts'
import type { Admission } from './admission.ts'

/** Women register after an export was taken: so many weeks a sighting can still be asked about. */
const KEPT_WEEKS = 13
const SIGHTING_FMT = 1

/**
 * Keeps a sighting, durable before this resolves. It is matched later, whatever it is, so that neither answer nor time tells
 * whether it was found. Throws POW_STALE, PASS_SPENT, SIGHTING_CONFLICT.
 */
export async function submit(
  kysely: Kysely<Tables>,
  clock: Clock,
  sent: SightingSubmission,
  admission: Admission,
): Promise<void> {
  const id = Buffer.from(sent.id, 'base64url')
  const [body, context] = [Buffer.from(sent.body, 'base64'), Buffer.from(sent.context, 'base64')]
  await kysely.transaction().execute(async (tx) => {
    const isFresh = await admission.use(tx)
    const inserted = await tx
      .insertInto('sightings')
      .values({
        id,
        body,
        context,
        state: 'waiting',
        expires_week: weekAfter(clock.now(), KEPT_WEEKS),
        fmt: SIGHTING_FMT,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (inserted.numInsertedOrUpdatedRows === 1n) {
      if (!isFresh) throw new Refused(admission.usedCode)
      return
    }
    const kept = await tx.selectFrom('sightings').select('context').where('id', '=', id).executeTakeFirst()
    // The prints may have been sealed anew since; the context is as it came.
    if (kept?.context.equals(context) !== true) {
      throw new Refused(isFresh ? 'SIGHTING_CONFLICT' : admission.usedCode)
    }
  })
}

/** Throws SIGHTING_NOT_FOUND. */
export async function readContext(kysely: Kysely<Tables>, id: string): Promise<Uint8Array> {
  const found = await kysely
    .selectFrom('sightings')
    .select('context')
    .where('id', '=', Buffer.from(id, 'base64url'))
    .executeTakeFirst()
  if (found === undefined) throw new Refused('SIGHTING_NOT_FOUND')
  return found.context
}
