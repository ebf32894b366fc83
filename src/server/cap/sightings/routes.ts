import type { FastifyInstance } from 'fastify'
import { sightings } from '#contract/sightings.ts'
import type { LiveDatabase } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { Matcher } from '../../matcher/index.ts'
import { route } from '../../route.ts'
import { memberOf } from '../members/index.ts'
import { type AdmissionDependencies, checkAdmission } from './admission.ts'
import { readContext, submit } from './service.ts'
import { SoonMatching } from './soon-matching.ts'

export interface SightingsDependencies extends AdmissionDependencies {
  readonly database: LiveDatabase
  readonly matcher: Matcher
  readonly random: (bytes: number) => Uint8Array
}

/** More than this at a time would only wait for the database, with their bodies in memory. */
const MAX_AT_A_TIME = 32

export function sightingsRoutes(app: FastifyInstance, dependencies: SightingsDependencies): void {
  const { database } = dependencies
  const matching = new SoonMatching(dependencies)
  app.addHook('onClose', () => matching.stop())
  let underWay = 0

  route(app, sightings.submit, async (body, { address, afterReply }) => {
    const admission = checkAdmission(dependencies, body, address)
    if (underWay >= MAX_AT_A_TIME) throw new Refused('SIGHTINGS_BUSY')
    underWay++
    try {
      await submit(database.kysely, dependencies.clock, body, admission)
    } finally {
      underWay--
    }
    afterReply(() => matching.begin())
    return { done: true as const }
  })

  route(app, sightings.context, async ({ session, id }) => {
    await memberOf(database.kysely, dependencies, session)
    return readContext(database.kysely, id)
  })
}
