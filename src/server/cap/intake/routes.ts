import type { FastifyInstance } from 'fastify'
import { intake } from '#contract/intake.ts'
import type { LiveDatabase } from '../../database.ts'
import { Refused } from '../../errors.ts'
import { route } from '../../route.ts'
import { readOrganisation } from './organisation.ts'
import { assertNotFlooded, checkSolution, newPuzzle, type PuzzleDependencies } from './puzzles.ts'
import { ReportQueue } from './report-queue.ts'
import { openReport, type ReportDependencies } from './service.ts'

export interface IntakeDependencies extends ReportDependencies, PuzzleDependencies {
  readonly database: LiveDatabase
}

/** More than this at a time would only wait for the database, with their bodies in memory. */
const MAX_AT_A_TIME = 128
/** So many times what is foreseen for one address, even with the hardest puzzles. */
const HARD_FACTOR = 20

export function intakeRoutes(app: FastifyInstance, dependencies: IntakeDependencies): void {
  const { limits } = dependencies
  const queue = new ReportQueue(dependencies)
  let underWay = 0

  route(app, intake.organisation, async () => {
    const found = await readOrganisation(dependencies.database.kysely)
    if (found === null) throw new Refused('ORGANISATION_NOT_SET_UP')
    return found
  })

  route(app, intake.challenge, async ({ lowPower }, { address }) =>
    newPuzzle(dependencies, dependencies.random, { address, lowPower }),
  )

  route(app, intake.open, async (body, { address }) => {
    checkSolution(dependencies, body.pow, address)
    assertNotFlooded(limits)
    if (limits.count('open', address) > limits.settings.opensPerHour * HARD_FACTOR) {
      throw new Refused('RATE_LIMITED')
    }
    if (underWay >= MAX_AT_A_TIME) throw new Refused('INTAKE_BUSY')
    underWay++
    try {
      return await openReport(dependencies.database, queue, dependencies, body)
    } finally {
      underWay--
    }
  })
}
