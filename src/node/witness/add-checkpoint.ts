import { equalBytes } from '#lib/bytes/index.ts'
import {
  type AddCheckpoint,
  type Checkpoint,
  checkAdvance,
  cosign,
  formatNote,
  formatSignatureLines,
  formatTreeSize,
  parseAddCheckpoint,
  type SigningKey,
  TlogError,
  type TlogErrorCode,
  verifyNote,
} from '#lib/tlog/index.ts'
import { nativeEd25519 } from '../native-ed25519.ts'
import { findLog } from './known-logs.ts'
import type { RateLimit } from './rate-limit.ts'
import { keepEvidence, type Seen, type SeenCheckpoints } from './seen-checkpoints.ts'

/** What is answered to a request. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly contentType?: string
}

export interface Witness {
  readonly key: SigningKey
  /** Folder of its state. */
  readonly state: string
  readonly seen: SeenCheckpoints
  readonly rate: RateLimit
  readonly now: () => Date
  /** Told what its operator has to know. */
  readonly notice: (message: string) => void
}

/**
 * Answers a log that asks for a co-signature (C2SP tlog-witness): 200 with signature lines; 400 for a malformed request,
 * 404 for a log that is not on the list, 403 without a signature of its key, 409 with the size co-signed last when the
 * log thought of another, 422 for a checkpoint that does not follow from that one, 429, and 503 when our clock has gone
 * back. What is co-signed is on the disk before the signature exists.
 */
export async function answerAddCheckpoint(witness: Witness, body: Uint8Array): Promise<Answer> {
  const request = readRequest(body)
  if (request === null) return { status: 400, body: 'the request is malformed\n' }
  const { origin } = request.checkpoint
  const log = await findLog(witness.state, origin)
  if (log === null) return { status: 404, body: 'this log is not on the list\n' }
  const signatures = logSignatures(request, log.vkeys)
  if (signatures === null)
    return { status: 403, body: 'no valid signature of a key that the log is known by\n' }
  const signed = { ...request, note: { text: request.note.text, signatures } }
  const time = Math.floor(witness.now().getTime() / 1000)
  const decision = await witness.seen.decide(origin, (last) => decide(signed, last, time, witness.rate))
  return react(witness, signed, decision, body)
}

type SignedRequest = AddCheckpoint & { checkpoint: Checkpoint }

/** What to do, by the code of the library; `size` is what was co-signed last. */
type Decision =
  | { readonly kind: 'cosign'; readonly time: number }
  | { readonly kind: 'slower' | 'clock' }
  | { readonly kind: 'refuse'; readonly code: TlogErrorCode; readonly last: Seen | null }

function decide(
  request: SignedRequest,
  last: Seen | null,
  time: number,
  rate: RateLimit,
): { next: Seen | null; answer: Decision } {
  const { origin, size, root } = request.checkpoint
  try {
    checkAdvance(request, last)
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    return { next: null, answer: { kind: 'refuse', code: error.code, last } }
  }
  if (time <= 0 || time < (last?.time ?? 0)) return { next: null, answer: { kind: 'clock' } }
  if (!rate.take(origin)) return { next: null, answer: { kind: 'slower' } }
  const next = { origin, size, root, time, note: formatNote(request.note) }
  return { next, answer: { kind: 'cosign', time } }
}

async function react(
  witness: Witness,
  request: SignedRequest,
  decision: Decision,
  body: Uint8Array,
): Promise<Answer> {
  switch (decision.kind) {
    case 'cosign': {
      const line = cosign(request.note.text, witness.key, decision.time)
      return { status: 200, body: formatSignatureLines([line]) }
    }
    case 'slower':
      return { status: 429, body: 'too many requests for this log\n' }
    case 'clock':
      witness.notice('The clock of this machine has gone back. Nothing is co-signed until it is right again.')
      return { status: 503, body: 'the clock of the witness is wrong\n' }
    case 'refuse':
      return refuse(witness, request, decision, body)
  }
}

async function refuse(
  witness: Witness,
  { checkpoint }: SignedRequest,
  { code, last }: { code: TlogErrorCode; last: Seen | null },
  body: Uint8Array,
): Promise<Answer> {
  if (code === 'WITNESS_CONFLICT') {
    return { status: 409, body: formatTreeSize(last?.size ?? 0), contentType: 'text/x.tlog.size' }
  }
  if (code === 'WITNESS_OLD_SIZE') return { status: 400, body: 'the old size is above the new one\n' }
  const isSplit = last !== null && last.size === checkpoint.size && !equalBytes(last.root, checkpoint.root)
  const file = await keepEvidence(
    witness.state,
    isSplit ? 'split-view' : 'inconsistent',
    checkpoint.origin,
    body,
  )
  if (file !== null) {
    witness.notice(
      isSplit
        ? `SPLIT_VIEW: ${checkpoint.origin} has signed two histories of ${checkpoint.size} entries. The proof is in evidence/${file} and in seen/; send both to whoever relies on this log.`
        : `${checkpoint.origin} has sent a checkpoint that does not follow from the last one. It is kept in evidence/${file}.`,
    )
  }
  return { status: 422, body: 'the checkpoint does not follow from the one co-signed last\n' }
}

function readRequest(body: Uint8Array) {
  try {
    return parseAddCheckpoint(body)
  } catch (error) {
    if (error instanceof TlogError) return null
    throw error
  }
}

/** The valid signatures of the log's known keys, or null when there is none or a false one among them. */
function logSignatures({ note }: AddCheckpoint, vkeys: Parameters<typeof verifyNote>[1]) {
  try {
    return verifyNote(note, vkeys, nativeEd25519).map(({ signature }) => signature)
  } catch (error) {
    if (error instanceof TlogError) return null
    throw error
  }
}
