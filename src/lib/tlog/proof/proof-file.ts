import { base64ToBytes, bytesToBase64 } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { formatNote, MAX_NOTE_BYTES, type Note, parseNote } from '../note/note.ts'
import { plainText } from '../note/plain-text.ts'
import { MAX_TREE_SIZE, parseDecimal } from '../tree/size.ts'
import { formatHashLines, parseHashLines } from './hash-lines.ts'

export const MAX_EXTRA_BYTES = 16 * 1024
/** A note, the longest proof, and the largest `extra` in base64. */
export const MAX_PROOF_FILE_BYTES = MAX_NOTE_BYTES + 32 * 1024

/** A `.tlog-proof` file (C2SP tlog-proof): all that shows one leaf to be in a log. Nothing in it is verified yet. */
export interface ProofFile {
  /** Ours is the opening of the leaf. Nothing vouches for it but that it gives the leaf. */
  readonly extra: Uint8Array | null
  readonly index: number
  /** From the leaf's sibling up to the root's child. */
  readonly hashes: readonly Uint8Array[]
  /** The checkpoint with its signatures. */
  readonly note: Note
}

/** The text of the file. Throws `PROOF_MALFORMED`, `HASH_LENGTH`, `NOTE_MALFORMED`. */
export function formatProof({ extra, index, hashes, note }: ProofFile): string {
  const extraLine = extra === null ? '' : `extra ${bytesToBase64(extra)}\n`
  const text = `${FIRST_LINE}\n${extraLine}index ${index}\n${formatHashLines(hashes)}\n${formatNote(note)}`
  parseProof(text)
  return text
}

/** Reads the file. Throws `PROOF_MALFORMED`, and `NOTE_MALFORMED` for what stands after the first empty line. */
export function parseProof(input: Uint8Array | string): ProofFile {
  const text = plainText(input, MAX_PROOF_FILE_BYTES)
  if (text === null) throw malformed('it is too large, not UTF-8, or has a control character')
  const end = text.indexOf('\n\n')
  if (end < 0) throw malformed('it has no empty line')
  const [first, ...lines] = text.slice(0, end).split('\n')
  if (first !== FIRST_LINE) throw malformed('its first line is another')
  const extra = lines[0]?.startsWith(EXTRA) ? parseExtra(lines.shift() ?? '') : null
  const index = parseIndex(lines.shift() ?? '')
  const hashes = parseHashLines(lines)
  if (hashes === null) throw malformed('a line is no hash, or there are too many')
  return { extra, index, hashes, note: parseNote(text.slice(end + 2)) }
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1'
const EXTRA = 'extra '
const INDEX = 'index '

function parseExtra(line: string): Uint8Array {
  const extra = base64ToBytes(line.slice(EXTRA.length))
  if (extra === null || extra.length === 0 || extra.length > MAX_EXTRA_BYTES) {
    throw malformed('its extra line is no base64, empty, or too long')
  }
  return extra
}

function parseIndex(line: string): number {
  const index = line.startsWith(INDEX) ? parseDecimal(line.slice(INDEX.length)) : null
  if (index === null || index === MAX_TREE_SIZE) throw malformed('it has no index line')
  return index
}

function malformed(what: string): TlogError {
  return new TlogError('PROOF_MALFORMED', `not a proof of logging: ${what}`)
}
