import type * as z from 'zod/mini'

/** What a request carries. Secrets and ids are in bodies and headers, never in a path: paths end up in logs of others. */
export type RequestForm =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly schema: z.ZodMiniType; readonly maxBytes: number }
  /** Raw octets; what else has to be said is in headers, whose names are the keys of the schema. */
  | { readonly kind: 'bytes'; readonly headers: z.ZodMiniType; readonly maxBytes: number }

export type ReplyForm =
  | { readonly kind: 'json'; readonly schema: z.ZodMiniType }
  | { readonly kind: 'bytes'; readonly maxBytes: number }

/**
 * One operation of the API: the only place where its path, forms and errors are written down. The server's routes, the
 * typed client and the OpenAPI document are all made from it.
 */
export interface Operation<
  Request extends RequestForm = RequestForm,
  Reply extends ReplyForm = ReplyForm,
  Code extends string = string,
> {
  /** `<capability>.<verb>` */
  readonly name: string
  readonly summary: string
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: `/api/${string}`
  readonly request: Request
  readonly reply: Reply
  /** The closed list of refusals of this operation, beside `COMMON_ERRORS`, each with its HTTP status. */
  readonly errors: Readonly<Record<Code, number>>
  /** The code given for a request that does not have its form. */
  readonly malformed: NoInfer<Code> | 'REQUEST_INVALID'
}

/** The operation as given, its types kept. */
export function operation<
  const Request extends RequestForm,
  const Reply extends ReplyForm,
  const Code extends string,
>(description: Operation<Request, Reply, Code>): Operation<Request, Reply, Code> {
  return description
}

/** What a caller hands over, and what the handler gets once it was checked. */
export type Input<Of extends Operation> = Of['request'] extends {
  kind: 'json'
  schema: infer Schema extends z.ZodMiniType
}
  ? z.infer<Schema>
  : Of['request'] extends { kind: 'bytes'; headers: infer Headers extends z.ZodMiniType }
    ? { headers: z.infer<Headers>; bytes: Uint8Array }
    : null

/** What comes back. */
export type Output<Of extends Operation> = Of['reply'] extends {
  kind: 'json'
  schema: infer Schema extends z.ZodMiniType
}
  ? z.infer<Schema>
  : Uint8Array

/** The codes an operation may be refused with, those of every operation left out. */
export type RefusalCode<Of extends Operation> = keyof Of['errors'] & string
