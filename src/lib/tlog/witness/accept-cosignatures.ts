import { TlogError } from '../errors.ts'
import { checkCosignatureTime } from '../note/cosignature.ts'
import type { Ed25519Verifier } from '../note/ed25519.ts'
import { MAX_NOTE_BYTES, type NoteSignature, parseSignatureLines } from '../note/note.ts'
import { plainText } from '../note/plain-text.ts'
import { type VerifiedSignature, verifySignature } from '../note/verify-note.ts'
import { KEY_TYPE, type Vkey } from '../note/vkey.ts'

/**
 * The co-signatures of the given witnesses on the checkpoint's text in the body of a 200 answer. Lines of other keys,
 * forged lines, and lines with an impossible time are left out: an answer can add a witness, never take one away.
 * Times are in seconds since 1970. Throws `WITNESS_MALFORMED` when the body is not signature lines.
 */
export function acceptCosignatures(
  text: string,
  body: Uint8Array | string,
  witnesses: readonly Vkey[],
  times: { now: number; requestedAt: number },
  verify?: Ed25519Verifier,
): VerifiedSignature[] {
  const keys = witnesses.filter(({ type }) => type === KEY_TYPE.cosignature)
  return readLines(body).flatMap((signature) => {
    const verified = keys
      .map((vkey) => verifySignature(text, signature, vkey, verify))
      .find((v) => v !== null)
    return verified !== undefined && hasPossibleTime(verified, times) ? [verified] : []
  })
}

function readLines(body: Uint8Array | string): NoteSignature[] {
  const text = plainText(body, MAX_NOTE_BYTES)
  if (text === null) throw malformed()
  try {
    return parseSignatureLines(text)
  } catch (cause) {
    throw malformed(cause)
  }
}

function hasPossibleTime({ time }: VerifiedSignature, times: { now: number; requestedAt: number }): boolean {
  try {
    checkCosignatureTime(time ?? 0, times)
    return true
  } catch {
    return false
  }
}

function malformed(cause?: unknown): TlogError {
  return new TlogError('WITNESS_MALFORMED', 'the answer of the witness is not signature lines', { cause })
}
