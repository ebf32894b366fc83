import { COMMON_ERRORS, refusal } from '#contract/errors.ts'
import type { Input, Operation, Output } from '#contract/operation.ts'
import { AppError } from '#lib/errors/index.ts'

/** Beside what the server refuses with: no answer at all, or one that is not of the contract. */
export type TransportCode = 'CLIENT_NO_ANSWER' | 'CLIENT_BAD_ANSWER'

/** A call that did not succeed. `code` is that of the contract, or of `TransportCode`. */
export class CallError extends AppError {}

export interface ClientOptions {
  /** Where the API is, without `/api`: `https://api.example.org`. */
  readonly baseUrl: string
  readonly fetch?: typeof globalThis.fetch
  readonly signal?: AbortSignal
}

/** How one operation is called. */
export type Call = <Of extends Operation>(operation: Of, input: Input<Of>) => Promise<Output<Of>>

/**
 * Calls operations of the contract over HTTP. Throws `CallError`: a code that the operation declares, one of
 * `COMMON_ERRORS`, or of `TransportCode`. An answer is held against the contract before it is handed on.
 */
export function createCall(options: ClientOptions): Call {
  const send = options.fetch ?? globalThis.fetch
  return async (operation, input) => {
    const response = await send(new URL(operation.path, options.baseUrl), {
      method: operation.method,
      ...requestOf(operation, input),
      ...(options.signal !== undefined && { signal: options.signal }),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    }).catch((cause: unknown) => {
      throw new CallError('CLIENT_NO_ANSWER', 'The server did not answer.', { cause })
    })
    if (!response.ok) throw await refusalOf(operation, response)
    return readReply(operation, response)
  }
}

function requestOf<Of extends Operation>(operation: Of, input: Input<Of>): RequestInit {
  const { request } = operation
  if (request.kind === 'none') return {}
  if (request.kind === 'json') {
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(input) }
  }
  // By the form of the request the input has these two parts, which TypeScript does not follow.
  const { headers, bytes } = input as { headers: Record<string, string>; bytes: Uint8Array<ArrayBuffer> }
  return { headers: { ...headers, 'content-type': 'application/octet-stream' }, body: bytes }
}

async function refusalOf(operation: Operation, response: Response): Promise<CallError> {
  const parsed = refusal.safeParse(await response.json().catch(() => null))
  const code = parsed.success ? parsed.data.error.code : null
  if (code === null || !(code in operation.errors || code in COMMON_ERRORS)) {
    return new CallError(
      'CLIENT_BAD_ANSWER',
      'The server refused with an answer that is not of its contract.',
    )
  }
  return new CallError(code, `The server refused ${operation.name}.`)
}

async function readReply<Of extends Operation>(operation: Of, response: Response): Promise<Output<Of>> {
  const { reply } = operation
  try {
    // Each is what `Output` says for this form of reply.
    if (reply.kind === 'json') return reply.schema.parse(await response.json()) as Output<Of>
    return new Uint8Array(await response.arrayBuffer()) as Output<Of>
  } catch (cause) {
    throw new CallError('CLIENT_BAD_ANSWER', 'The answer is incomplete or not of the contract.', { cause })
  }
}
