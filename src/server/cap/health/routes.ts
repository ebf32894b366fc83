import type { FastifyInstance } from 'fastify'
import { health } from '#contract/health.ts'
import type { LiveDatabase } from '../../database.ts'
import { route } from '../../route.ts'
import { VERSION } from '../../version.ts'
import { assertDatabaseAnswers } from './service.ts'

export function healthRoutes(app: FastifyInstance, { database }: { database: LiveDatabase }): void {
  route(app, health.check, async () => {
    await assertDatabaseAnswers(database.kysely)
    return { status: 'ready' as const, version: VERSION }
  })
}
