import * as z from 'zod/mini'
import { POW_ERRORS } from './bank.ts'
import { base64Of, id16 } from './forms.ts'
import { puzzle } from './intake.ts'
import { shownPass } from './invites.ts'
import { SESSION_ERRORS, session } from './members.ts'
import { operation } from './operation.ts'
import { CONTEXT_SIZES, SIGHTING_BYTES } from './sizes.ts'

const submission = z
  .object({
    id: id16,
    body: base64Of([SIGHTING_BYTES]),
    context: base64Of(CONTEXT_SIZES),
    /** A solved puzzle, from anybody. */
    pow: z.optional(z.extend(puzzle, { counter: z.int().check(z.gte(0), z.lte(0xffffffff)) })),
    /** Or a pass that was issued for an invite, used for this id. */
    pass: z.optional(shownPass),
  })
  .check(z.refine(({ pow, pass }) => (pow === undefined) !== (pass === undefined)))

export type SightingSubmission = z.infer<typeof submission>

const done = z.object({ done: z.literal(true) })

/** Pictures that witnesses saw. Whether one was found in the bank is never told to who submits it. */
export const sightings = {
  submit: operation({
    name: 'sightings.submit',
    summary:
      'Keeps a sealed sighting and its sealed context. Answers once they are durable, always the same. The same again is kept once.',
    method: 'POST',
    path: '/api/sightings/submit',
    request: { kind: 'json', schema: submission, maxBytes: 1024 * 1024 },
    reply: { kind: 'json', schema: done },
    errors: {
      ...POW_ERRORS,
      /** Not issued by this server, not for this sighting, or more than two weeks ago. */
      PASS_INVALID: 403,
      /** Used for this very sighting before, which is kept, or for another one. */
      PASS_SPENT: 409,
      /** This organisation takes sightings by invite only. */
      INVITE_NEEDED: 403,
      /** Another sighting has this id. */
      SIGHTING_CONFLICT: 409,
      /** Too much at once. Nothing was stored; try again in a few minutes. */
      SIGHTINGS_BUSY: 503,
    },
    malformed: 'REQUEST_INVALID',
  }),
  context: operation({
    name: 'sightings.context',
    summary: 'The sealed context of a sighting, for staff. Whoever has a hit of it has its key.',
    method: 'POST',
    path: '/api/sightings/context',
    request: { kind: 'json', schema: z.object({ session, id: id16 }), maxBytes: 256 },
    reply: { kind: 'bytes', maxBytes: 262_184 },
    errors: { ...SESSION_ERRORS, SIGHTING_NOT_FOUND: 404 },
    malformed: 'REQUEST_INVALID',
  }),
}
