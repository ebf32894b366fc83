import { utf8ToText } from '#lib/bytes/index.ts'
import {
  type AddCheckpoint,
  acceptCosignatures,
  formatAddCheckpoint,
  MAX_NOTE_BYTES,
  type NoteSignature,
  parseTreeSize,
  type Vkey,
} from '#lib/tlog/index.ts'
import { nativeEd25519 } from '../native-ed25519.ts'
import { originDigest } from './origin-digest.ts'

/** A witness that co-signs our checkpoints, and where it is reached. */
export interface WitnessPeer {
  readonly name: string
  readonly vkey: Vkey
  readonly url: string
}

/** What came of asking a witness. */
export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly signatures: readonly NoteSignature[] }
  /** It has co-signed this size last, another than we thought. */
  | { readonly kind: 'conflict'; readonly size: number }
  /** It does not know our log. */
  | { readonly kind: 'unknown-log' }
  /** It knows our log under another key. */
  | { readonly kind: 'other-key' }
  /** It says that our checkpoint does not follow from what it has seen. Request and reply are evidence. */
  | { readonly kind: 'refused'; readonly request: string; readonly reply: string }
  /** Nothing that can be relied on: asking again later is right. */
  | { readonly kind: 'unavailable'; readonly why: string }

export interface AskOptions {
  readonly now: () => Date
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * Asks a witness to co-sign a checkpoint (C2SP tlog-witness). Never throws for what the witness or the network does: a
 * lie or a failure of one witness is an answer of its own. Signatures are those of this witness, verified, with a time
 * that is possible; everything else in its answer is left out.
 */
export async function askWitness(
  peer: WitnessPeer,
  request: AddCheckpoint,
  { now, timeoutMs, signal }: AskOptions,
): Promise<WitnessAnswer> {
  const body = formatAddCheckpoint(request)
  const requestedAt = seconds(now())
  try {
    const response = await fetch(`${peer.url}/add-checkpoint`, {
      method: 'POST',
      body,
      redirect: 'error',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    const reply = await readLimited(response, MAX_NOTE_BYTES)
    if (response.status === 200) {
      const times = { now: seconds(now()), requestedAt }
      const verified = acceptCosignatures(request.note.text, reply, [peer.vkey], times, nativeEd25519)
      const signatures = verified.map(({ signature }) => signature)
      return signatures.length > 0
        ? { kind: 'cosigned', signatures }
        : { kind: 'unavailable', why: 'it answered without a co-signature of its key' }
    }
    return refusal(response, reply, body)
  } catch (error) {
    return { kind: 'unavailable', why: reasonOf(error) }
  }
}

/**
 * The checkpoint of a log that the witness has co-signed last, as it shows it to anybody, or null when it shows none.
 * Nothing about it is verified.
 */
export async function askNewest(
  peer: WitnessPeer,
  origin: string,
  { timeoutMs, signal }: AskOptions,
): Promise<string | null> {
  try {
    const response = await fetch(`${peer.url}/${originDigest(origin)}/checkpoint`, {
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    return response.status === 200 ? utf8ToText(await readLimited(response, MAX_NOTE_BYTES)) : null
  } catch {
    return null
  }
}

function refusal(response: Response, reply: Uint8Array, request: string): WitnessAnswer {
  switch (response.status) {
    case 409:
      if (response.headers.get('content-type') !== 'text/x.tlog.size') {
        return { kind: 'unavailable', why: 'it answered 409 without a size' }
      }
      return { kind: 'conflict', size: parseTreeSize(reply) }
    case 404:
      return { kind: 'unknown-log' }
    case 403:
      return { kind: 'other-key' }
    case 422:
      return { kind: 'refused', request, reply: utf8ToText(reply) ?? '' }
    default:
      return { kind: 'unavailable', why: `it answered ${response.status}` }
  }
}

/** Throws for a body of more than `limit` bytes, having read no more than that. */
async function readLimited(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  if (response.body === null) return new Uint8Array(0)
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > limit) throw new Error('its answer is too large')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it cannot be reached'
  if (error.name === 'TimeoutError') return 'it did not answer in time'
  return error.message === 'fetch failed' ? 'it cannot be reached' : error.message.slice(0, 200)
}

const seconds = (time: Date): number => Math.floor(time.getTime() / 1000)
