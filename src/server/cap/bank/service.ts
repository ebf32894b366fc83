import type { Kysely } from 'kysely'
import type { PrintSetRegistration } from '#contract/bank.ts'
import type { Clock } from '../../clock.ts'
import { Refused } from '../../errors.ts'
import { addSet, type Matcher } from '../../matcher/index.ts'
import type { Tables } from '../../schema/tables.ts'
import { weekAfter } from '../../time.ts'
import { spendSolution } from '../intake/index.ts'
import { deleteSets, insertSet, renewSets } from './store.ts'

/** What nobody renews is erased after so many weeks. */
const KEPT_WEEKS = 26

interface BankService {
  readonly clock: Clock
  readonly matcher: Matcher
}

/**
 * Keeps a set, durable before this resolves, and takes it into the matcher when that is open. The same set again is kept
 * once, whether or not its puzzle was used. Throws POW_STALE, BANK_CONFLICT.
 */
export async function registerSet(
  kysely: Kysely<Tables>,
  { clock, matcher }: BankService,
  { id: text, body: base64, pow }: PrintSetRegistration,
): Promise<void> {
  const [id, body] = [Buffer.from(text, 'base64url'), Buffer.from(base64, 'base64')]
  const expiresWeek = weekAfter(clock.now(), KEPT_WEEKS)
  await kysely.transaction().execute(async (tx) => {
    const isFresh = await spendSolution(tx, pow)
    const outcome = await insertSet(tx, { id, body, expiresWeek })
    if (outcome !== 'same' && !isFresh) throw new Refused('POW_STALE')
    if (outcome === 'conflict') throw new Refused('BANK_CONFLICT')
  })
  // One that cannot be opened is kept all the same: whoever sent it must not learn that.
  if (matcher.isOpen) await addSet(kysely, matcher, id, body).catch(() => undefined)
}

/** Erases the sets, then stops matching them. */
export async function withdraw(
  kysely: Kysely<Tables>,
  { matcher }: BankService,
  ids: readonly string[],
): Promise<void> {
  const sets = ids.map((id) => Buffer.from(id, 'base64url'))
  await kysely.transaction().execute((tx) => deleteSets(tx, sets))
  for (const set of sets) matcher.remove(set.toString('hex'))
}

export async function renew(
  kysely: Kysely<Tables>,
  { clock }: BankService,
  ids: readonly string[],
): Promise<void> {
  const sets = ids.map((id) => Buffer.from(id, 'base64url'))
  await kysely.transaction().execute((tx) => renewSets(tx, sets, weekAfter(clock.now(), KEPT_WEEKS)))
}
