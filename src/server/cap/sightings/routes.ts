import type { FastifyInstance } from 'fastify'
import { sightings } from '#contract/sightings.ts'
import type { LiveDatabase } from '../../database.ts'
import { Refused } from '../../errors.ts'
import { route } from '../../route.ts'
import { checkSolution, type PuzzleDependencies } from '../intake/index.ts'
import { memberOf } from '../members/index.ts'
import { readContext, submit } from './service.ts'

export interface SightingsDependencies extends PuzzleDependencies {
  readonly database: LiveDatabase
}

/** More than this at a time would only wait for the database, with their bodies in memory. */
const MAX_AT_A_TIME = 32

export function sightingsRoutes(app: FastifyInstance, dependencies: SightingsDependencies): void {
  const { database } = dependencies
  let underWay = 0

  route(app, sightings.submit, async (body, { address }) => {
    checkSolution(dependencies, body.pow, address)
    if (underWay >= MAX_AT_A_TIME) throw new Refused('SIGHTINGS_BUSY')
    underWay++
    try {
      await submit(database.kysely, dependencies.clock, body)
    } finally {
      underWay--
    }
    return { done: true as const }
  })

  route(app, sightings.context, async ({ session, id }) => {
    await memberOf(database.kysely, dependencies, session)
    return readContext(database.kysely, id)
  })
}
