import * as z from 'zod/mini'
import { operation } from './operation.ts'

/** The health of the server, for whatever watches it. Says nothing that depends on who has reported what. */
export const health = {
  check: operation({
    name: 'health.check',
    summary: 'Whether the server can accept and keep something now.',
    method: 'GET',
    path: '/api/health',
    request: { kind: 'none' },
    reply: {
      kind: 'json',
      schema: z.object({
        status: z.literal('ready'),
        version: z.string(),
        /** What needs somebody, though reports are accepted. */
        needs: z.array(
          z.enum([
            /** Setting up is not finished: nobody can read reports. */
            'set-up',
            /** The custody log has halted: what is accepted waits for its place. */
            'custody-log',
            /** A member who may has to open the matcher: what comes in is kept and not matched. */
            'matcher',
          ]),
        ),
      }),
    },
    errors: {},
    malformed: 'REQUEST_INVALID',
  }),
}
