import type { FastifyInstance } from 'fastify'
import type { Served } from '#node/log-store/index.ts'
import { Refused } from '../errors.ts'

/**
 * Serves the custody log below `/log/` for everybody: checkpoint, tiles, policy and public openings, in the layout of
 * C2SP tlog-tiles, so that a plain copy is a mirror. It is read by strangers' programs and so not of the contract.
 */
export function logRoutes(app: FastifyInstance, read: (path: string) => Promise<Served | null>): void {
  app.get<{ Params: { '*': string } }>('/log/*', async (request, reply) => {
    const found = await read(request.params['*'])
    if (found === null) throw new Refused('NOT_FOUND')
    return reply
      .headers({
        'content-type': found.contentType,
        'cache-control': found.cacheControl,
        'access-control-allow-origin': '*',
      })
      .send(Buffer.from(found.bytes))
  })
}
