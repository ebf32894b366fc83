import { TlogError } from '../errors.ts'
import { type ForeignCheckpoint, parseForeignCheckpoint } from '../note/checkpoint.ts'
import { formatNote, MAX_NOTE_BYTES, type Note, parseNote } from '../note/note.ts'
import { plainText } from '../note/plain-text.ts'
import { formatHashLines, parseHashLines } from '../proof/hash-lines.ts'
import { parseDecimal } from '../tree/size.ts'

/** The most that a witness reads. */
export const MAX_ADD_CHECKPOINT_BYTES = MAX_NOTE_BYTES

/** What a log asks a witness: co-sign this checkpoint, which follows from the one you have (C2SP tlog-witness). */
export interface AddCheckpoint {
  /** The size the log believes the witness to have co-signed last; 0 at first. */
  readonly oldSize: number
  /** The consistency proof from the old size to that of the checkpoint. */
  readonly proof: readonly Uint8Array[]
  readonly note: Note
}

/** The body of the request. Throws `WITNESS_MALFORMED`, `HASH_LENGTH`. */
export function formatAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  const text = `old ${oldSize}\n${formatHashLines(proof)}\n${formatNote(note)}`
  parseAddCheckpoint(text)
  return text
}

/**
 * Reads the body of a request, and the checkpoint in it. Nothing is verified yet. Throws `WITNESS_MALFORMED`, to be
 * answered with 400, with what was wrong inside as its cause.
 */
export function parseAddCheckpoint(
  input: Uint8Array | string,
): AddCheckpoint & { checkpoint: ForeignCheckpoint } {
  const text = plainText(input, MAX_ADD_CHECKPOINT_BYTES)
  if (text === null) throw malformed('it is too large, not UTF-8, or has a control character')
  const end = text.indexOf('\n\n')
  if (end < 0) throw malformed('it has no empty line')
  const [oldLine = '', ...lines] = text.slice(0, end).split('\n')
  const oldSize = oldLine.startsWith('old ') ? parseDecimal(oldLine.slice(4)) : null
  const proof = parseHashLines(lines)
  if (oldSize === null) throw malformed('its first line has no old size')
  if (proof === null) throw malformed('a proof line is no hash, or there are too many')
  try {
    const note = parseNote(text.slice(end + 2))
    return { oldSize, proof, note, checkpoint: parseForeignCheckpoint(note.text) }
  } catch (cause) {
    throw malformed('what follows is no checkpoint', cause)
  }
}

/** The body of a 409 answer (`text/x.tlog.size`): the size that the witness has co-signed last. */
export function formatTreeSize(size: number): string {
  if (parseDecimal(String(size)) === null) throw malformed('a size is a whole number up to 2^48')
  return `${size}\n`
}

/** The size in the body of a 409 answer. Throws `WITNESS_MALFORMED`. */
export function parseTreeSize(input: Uint8Array | string): number {
  const text = plainText(input, 32)
  const size = text?.endsWith('\n') ? parseDecimal(text.slice(0, -1)) : null
  if (size === null) throw malformed('a size is one line with a decimal number')
  return size
}

function malformed(what: string, cause?: unknown): TlogError {
  return new TlogError('WITNESS_MALFORMED', `not a message of the witness protocol: ${what}`, { cause })
}
