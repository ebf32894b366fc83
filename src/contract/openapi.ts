import * as z from 'zod/mini'
import { COMMON_ERRORS, refusal } from './errors.ts'
import type { Operation } from './operation.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
const OCTETS: Json = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }

/** The OpenAPI 3.1 document of these operations. */
export function openApiDocument(operations: readonly Operation[], version: string): Record<string, Json> {
  const paths: Record<string, Record<string, Json>> = {}
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describe(operation),
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Saksi', version },
    paths,
    components: { schemas: { Refusal: schemaOf(refusal) } },
  }
}

function describe(operation: Operation): Json {
  const { request, reply } = operation
  return {
    operationId: operation.name,
    summary: operation.summary,
    ...(request.kind === 'json' && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(request.schema) } } },
    }),
    ...(request.kind === 'bytes' && {
      parameters: headerParameters(request.headers),
      requestBody: { required: true, content: OCTETS },
    }),
    responses: {
      200: {
        description: 'done',
        content: reply.kind === 'json' ? { 'application/json': { schema: schemaOf(reply.schema) } } : OCTETS,
      },
      ...refusals({ ...COMMON_ERRORS, ...operation.errors }),
    },
  }
}

function refusals(errors: Readonly<Record<string, number>>): Record<string, Json> {
  const byStatus = new Map<number, string[]>()
  for (const [code, status] of Object.entries(errors)) {
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.join(', '),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
      },
    ]),
  )
}

function headerParameters(headers: z.ZodMiniType): Json {
  const schema = z.toJSONSchema(headers, { unrepresentable: 'any', io: 'input' })
  return Object.entries(schema.properties ?? {}).map(([name, form]) => ({
    name,
    in: 'header',
    required: schema.required?.includes(name) ?? false,
    schema: JSON.parse(JSON.stringify(form)) as Json,
  }))
}

/** By way of text: what zod makes is JSON, but typed more loosely. */
function schemaOf(schema: z.ZodMiniType): Json {
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }))) as Json
}
