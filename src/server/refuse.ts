import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { COMMON_ERRORS, type Refusal } from '#contract/errors.ts'
import { AppError } from '#lib/errors/index.ts'
import { DatabaseError, translateError } from '#node/db/index.ts'
import { type Log, placesOf } from './log.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: string
    malformed?: string
    errors?: Readonly<Record<string, number>>
  }
  interface FastifyRequest {
    faultReference?: string
  }
}

/** Codes of Fastify for a request that never reached an operation. */
const OF_FASTIFY: Readonly<Record<string, keyof typeof COMMON_ERRORS>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'REQUEST_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'REQUEST_INVALID',
  FST_ERR_CTP_INVALID_JSON_BODY: 'REQUEST_INVALID',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'REQUEST_INVALID',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'REQUEST_INVALID',
  FST_ERR_BAD_URL: 'NOT_FOUND',
}

const UNAVAILABLE = new Set([
  'DATABASE_UNREACHABLE',
  'DATABASE_TIMEOUT',
  'DATABASE_CLOSED',
  'DATABASE_CANCELLED',
])

/**
 * The one place where an error becomes an answer: its code with the status of the contract, or INTERNAL with a reference.
 * Nothing of the request and nothing of the error's message is sent or logged.
 */
export function installRefusals(app: FastifyInstance, log: Log, reference: () => string): void {
  app.setErrorHandler((thrown, request, reply) => {
    const { code, status } = refusalOf(thrown, request)
    if (code !== 'INTERNAL') return send(reply, status, { error: { code } })
    const known = reference()
    request.faultReference = known
    log.write({
      event: 'fault',
      reference: known,
      name: thrown instanceof Error ? thrown.constructor.name : typeof thrown,
      code: codeOf(thrown),
      at: placesOf(thrown),
    })
    return send(reply, status, { error: { code, reference: known } })
  })
  app.setNotFoundHandler((_request, reply) =>
    send(reply, COMMON_ERRORS.NOT_FOUND, { error: { code: 'NOT_FOUND' } }),
  )
}

function refusalOf(thrown: unknown, request: FastifyRequest): { code: string; status: number } {
  const error = translateError(thrown)
  const { errors, malformed } = request.routeOptions.config
  const code = codeOf(error)
  const fastify = OF_FASTIFY[code]
  if (fastify !== undefined) {
    const shown = fastify === 'REQUEST_INVALID' && malformed !== undefined ? malformed : fastify
    return { code: shown, status: statusOf(shown, errors) ?? COMMON_ERRORS[fastify] }
  }
  if (error instanceof DatabaseError && UNAVAILABLE.has(code)) {
    return { code: 'UNAVAILABLE', status: COMMON_ERRORS.UNAVAILABLE }
  }
  const status = error instanceof AppError ? statusOf(code, errors) : null
  return status === null ? { code: 'INTERNAL', status: COMMON_ERRORS.INTERNAL } : { code, status }
}

/** A code that the operation does not declare is a fault of ours. */
function statusOf(code: string, errors: Readonly<Record<string, number>> | undefined): number | null {
  return new Map(Object.entries({ ...COMMON_ERRORS, ...errors })).get(code) ?? null
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function send(reply: FastifyReply, status: number, body: Refusal): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(body))
}
