import { randomBytes } from 'node:crypto'
import Fastify, { type FastifyInstance } from 'fastify'
import { allOperations } from '#contract/api.ts'
import { openApiDocument } from '#contract/openapi.ts'
import { healthRoutes } from './cap/health/index.ts'
import type { Clock } from './clock.ts'
import type { LiveDatabase } from './database.ts'
import { installHeaders } from './headers.ts'
import { durationBucket, type Log } from './log.ts'
import { installRefusals } from './refuse.ts'
import { VERSION } from './version.ts'

/** What the capabilities are made from. Nothing in the server reaches for a global instead. */
export interface Dependencies {
  readonly database: LiveDatabase
  readonly clock: Clock
  readonly log: Log
  readonly random: (bytes: number) => Uint8Array
  readonly settings: AppSettings
}

export interface AppSettings {
  /** Origins of pages that may use the API from a browser. */
  readonly origins: readonly string[]
  /** Whether a proxy of ours stands in front and its word on who is asking is taken. */
  readonly isBehindProxy: boolean
}

const JSON_BODY_BYTES = 64 * 1024

/** The one place where the server is put together. Listens to nothing yet. */
export function buildApp(dependencies: Dependencies): FastifyInstance {
  const { log, settings } = dependencies
  const app = Fastify({
    // Its logger would write addresses and paths. What is logged is in `log.ts`.
    logger: false,
    bodyLimit: JSON_BODY_BYTES,
    trustProxy: settings.isBehindProxy,
    exposeHeadRoutes: false,
    // A slow sender may take this long for one part of a file over a bad line.
    requestTimeout: 120_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
  })
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  installHeaders(app, settings.origins)
  installRefusals(app, log, () => randomBytes(8).toString('hex'))
  app.addHook('onResponse', async (request, reply) => {
    log.write({
      event: 'request',
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      duration: durationBucket(reply.elapsedTime),
      ...(request.faultReference !== undefined && { reference: request.faultReference }),
    })
  })
  const openApi = JSON.stringify(openApiDocument(allOperations(), VERSION))
  app.get('/api/openapi.json', (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(openApi),
  )
  healthRoutes(app, dependencies)
  return app
}
