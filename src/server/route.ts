import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type * as z from 'zod/mini'
import type { Input, Operation, Output } from '#contract/operation.ts'
import { Refused } from './errors.ts'

/** What a handler may know of who is asking: nothing that is ever stored. */
export interface Caller {
  /** The network address, for limits in memory only. It must not reach a table, a log or an error. */
  readonly address: string
  /**
   * Has work done once the answer has left, or the connection is gone: its sender cannot tell from the answer or its time what
   * the work came to. It must not throw.
   */
  afterReply(work: () => void): void
}

/** Parses, calls one service function, shapes the reply. */
export type Handler<Of extends Operation> = (input: Input<Of>, caller: Caller) => Promise<Output<Of>>

/**
 * Makes the route of an operation. A request that does not have its form is refused before the handler sees it; of a
 * reply only what the contract declares leaves the server.
 */
export function route<Of extends Operation>(app: FastifyInstance, operation: Of, handler: Handler<Of>): void {
  const { request: form, reply: replyForm } = operation
  app.route({
    method: operation.method,
    url: operation.path,
    ...(form.kind !== 'none' && { bodyLimit: form.maxBytes }),
    config: { operation: operation.name, malformed: operation.malformed, errors: operation.errors },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const input = readInput(operation, request)
      const output = await handler(input, {
        address: request.ip,
        afterReply: (work) => void reply.raw.once('close', work),
      })
      if (replyForm.kind === 'json') return sendJson(reply, replyForm.schema, output)
      // A handler of an operation that replies with bytes returns bytes: `Output` says so.
      return sendBytes(reply, output as Uint8Array)
    },
  })
}

function readInput<Of extends Operation>(operation: Of, request: FastifyRequest): Input<Of> {
  const { request: form, malformed } = operation
  // `Input` is a type made from the very schema that has just been used, which TypeScript cannot follow.
  if (form.kind === 'none') return null as Input<Of>
  if (form.kind === 'json') return parse(form.schema, request.body, malformed) as Input<Of>
  if (!Buffer.isBuffer(request.body)) throw new Refused(malformed)
  return { headers: parse(form.headers, request.headers, malformed), bytes: request.body } as Input<Of>
}

function parse(schema: z.ZodMiniType, value: unknown, malformed: string): unknown {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new Refused(malformed)
  return parsed.data
}

function sendJson(reply: FastifyReply, schema: z.ZodMiniType, output: unknown): FastifyReply {
  const declared = schema.parse(output)
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(declared))
}

function sendBytes(reply: FastifyReply, bytes: Uint8Array): FastifyReply {
  return reply
    .header('content-type', 'application/octet-stream')
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}
