import type { FastifyInstance } from 'fastify'

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

const CROSS_ORIGIN = {
  'access-control-allow-methods': 'GET, POST, PUT',
  'access-control-allow-headers': 'content-type, x-saksi-upload, x-saksi-part, x-saksi-sha256',
  // Asking before each request would double what goes over a slow line.
  'access-control-max-age': '7200',
} as const

/**
 * The headers of every answer. Pages lie on other origins than the API; there are no cookies, so an origin that is let in
 * gains nothing but what its visitor types there.
 */
export function installHeaders(app: FastifyInstance, origins: readonly string[]): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS)
    const { origin } = request.headers
    if (origin === undefined || !origins.includes(origin)) return
    reply.headers({ 'access-control-allow-origin': origin, vary: 'origin' })
    if (request.method === 'OPTIONS') return reply.headers(CROSS_ORIGIN).code(204).send()
  })
}
