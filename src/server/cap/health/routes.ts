import type { FastifyInstance } from 'fastify'
import { health } from '#contract/health.ts'
import type { LiveDatabase } from '../../database.ts'
import type { Matcher } from '../../matcher/index.ts'
import { route } from '../../route.ts'
import { VERSION } from '../../version.ts'
import { needs } from './service.ts'

export interface HealthDependencies {
  readonly database: LiveDatabase
  readonly matcher: Pick<Matcher, 'isOpen'>
}

export function healthRoutes(app: FastifyInstance, { database, matcher }: HealthDependencies): void {
  route(app, health.check, async () => ({
    status: 'ready' as const,
    version: VERSION,
    needs: await needs(database.kysely, matcher),
  }))
}
