import { timeStampQuery, verifyTimeStamp } from '#lib/bundle/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { BundleFileError } from './errors.ts'

const TIMEOUT_MS = 15_000
const MOST_BYTES = 64 * 1024
const MOST_CLOCK_DIFFERENCE_MS = 10 * 60_000

export interface TimeStampAuthorityAddress {
  name: string
  /** The only place that is contacted. */
  url: string
  /** PEM. */
  roots: string
  chain: string
}

export interface TimeStampRequest {
  /** What to stamp; only its digest leaves the house. */
  data: Uint8Array
  digest: Uint8Array
  /** 8 random bytes. */
  nonce: Uint8Array
  nowMs: number
  signal: AbortSignal
}

/** A time stamp that was verified before it was accepted. */
export interface AcceptedTimeStamp {
  query: Uint8Array
  reply: Uint8Array
  atMs: number
  /** DER, signer first, root last. */
  path: readonly Uint8Array[]
}

/**
 * Asks an authority for a time stamp (RFC 3161 section 3.4) and verifies the reply against the configured roots. Anything
 * that is not a good time stamp, of now, over this data, is refused: throws `BundleFileError` `SEAL_TIMESTAMP`, with the
 * cause. Redirects are not followed.
 */
export async function askTimeStamp(
  authority: TimeStampAuthorityAddress,
  request: TimeStampRequest,
): Promise<AcceptedTimeStamp> {
  const query = timeStampQuery(request.digest, request.nonce)
  const { roots, chain } = authority
  try {
    const reply = await post(authority.url, query, request.signal)
    const { atMs, path } = await verifyTimeStamp({ data: request.data, query, reply, roots, chain })
    if (Math.abs(atMs - request.nowMs) > MOST_CLOCK_DIFFERENCE_MS)
      throw new Error('its clock and the clock of this computer differ by more than ten minutes')
    return { query, reply, atMs, path }
  } catch (error) {
    if (request.signal.aborted) throw error
    const why = error instanceof AppError ? `${error.message} [${error.code}]` : reason(error)
    throw new BundleFileError(
      'SEAL_TIMESTAMP',
      `The time-stamp authority ${authority.name} gave no time stamp that can be accepted: ${why} Nothing was written.`,
      { cause: error },
    )
  }
}

async function post(url: string, query: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/timestamp-query', Accept: 'application/timestamp-reply' },
    body: Uint8Array.from(query),
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  })
  if (response.status !== 200) throw new Error(`it answered with status ${response.status}`)
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/timestamp-reply')
    throw new Error('it answered with something else than a time stamp')
  return await readLimited(response)
}

/** An authority must not be able to fill the memory. */
async function readLimited(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  const reader = response.body?.getReader()
  for (let step = await reader?.read(); step && !step.done; step = await reader?.read()) {
    size += step.value.length
    if (size > MOST_BYTES) {
      await reader?.cancel()
      throw new Error('it sent more than 64 KiB')
    }
    parts.push(step.value)
  }
  return Buffer.concat(parts)
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'it could not be reached.'
  if (error.name === 'TimeoutError') return 'it did not answer within 15 seconds.'
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return `${error.message}${cause}.`
}
