import * as z from 'zod/mini'

/** Refusals that any operation may give, each with its HTTP status. */
export const COMMON_ERRORS = {
  /** No operation has this path and method. */
  NOT_FOUND: 404,
  /** The request does not have the form of the operation. */
  REQUEST_INVALID: 400,
  /** Larger than the operation takes. Nothing was stored. */
  REQUEST_TOO_LARGE: 413,
  /** Too many requests from one place. Nothing was stored; the same may be sent again later. */
  RATE_LIMITED: 429,
  /** The database cannot be reached at the moment. What was not acknowledged was not accepted: send it again. */
  UNAVAILABLE: 503,
  /** A fault of ours, with a reference that the operator finds in the log. Send it again: that is safe. */
  INTERNAL: 500,
} as const

export type CommonErrorCode = keyof typeof COMMON_ERRORS

/** The body of every refusal. It never repeats anything of the request. */
export const refusal = z.object({
  error: z.object({
    code: z.string().check(z.regex(/^[A-Z][A-Z_]{2,40}$/)),
    /** Only with INTERNAL: finds the fault in the operator's log, says nothing of the request. */
    reference: z.optional(z.string().check(z.regex(/^[0-9a-f]{16}$/))),
  }),
})

export type Refusal = z.infer<typeof refusal>
