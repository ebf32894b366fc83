import type { FastifyInstance } from 'fastify'
import { type MatcherState, matches } from '#contract/matches.ts'
import { type AgeIdentity, parseIdentity } from '#lib/seal/index.ts'
import type { Clock } from '../../clock.ts'
import type { LiveDatabase } from '../../database.ts'
import { Refused } from '../../errors.ts'
import { loadMatcher, type Matcher } from '../../matcher/index.ts'
import { route } from '../../route.ts'
import { quarterOf } from '../../time.ts'
import { readRecipient } from '../bank/index.ts'
import { memberOf } from '../members/index.ts'

/** Rows beyond which two windows that agree by chance are no longer out of reach. */
const LARGE_BANK_ROWS = 1_000_000

export interface MatchesDependencies {
  readonly database: LiveDatabase
  readonly clock: Clock
  readonly matcher: Matcher
}

export function matchesRoutes(app: FastifyInstance, dependencies: MatchesDependencies): void {
  const { database, matcher } = dependencies
  let unreadableSets = 0
  const state = (): MatcherState => ({ isOpen: matcher.isOpen, unreadableSets })

  route(app, matches.open, async ({ identity }) => {
    const bank = await bankIdentity(database, identity)
    if (!matcher.isOpen) {
      matcher.open(bank)
      unreadableSets = (await loadMatcher(database.kysely, matcher)).unreadable
    }
    return state()
  })

  route(app, matches.close, async ({ identity }) => {
    await bankIdentity(database, identity)
    matcher.close()
    unreadableSets = 0
    return state()
  })

  route(app, matches.state, async ({ session }) => {
    await memberOf(database.kysely, dependencies, session)
    return {
      isOpen: matcher.isOpen,
      isLargeBank: matcher.rows > LARGE_BANK_ROWS,
      quarter: quarterOf(dependencies.clock.now()),
    }
  })

  route(app, matches.list, async ({ session, quarter }) => {
    await memberOf(database.kysely, dependencies, session)
    const found = await database.kysely
      .selectFrom('hit_lists')
      .select('body')
      .where('quarter', '=', String(quarter))
      .executeTakeFirst()
    if (found === undefined) throw new Refused('LIST_NOT_FOUND')
    return found.body
  })
}

/** Whoever has the identity may open and close: it is what opening is about. Throws BANK_NOT_SET_UP, MATCHER_IDENTITY. */
async function bankIdentity(database: LiveDatabase, text: string): Promise<AgeIdentity> {
  const recipient = await readRecipient(database.kysely)
  if (recipient === null) throw new Refused('BANK_NOT_SET_UP')
  const identity = await parseIdentity(text).catch(() => null)
  if (identity?.recipient !== recipient) throw new Refused('MATCHER_IDENTITY')
  return identity
}
