import { base64ToBytes, bytesToBase64, bytesToHex, concatBytes, hexToBytes } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { plainText } from './plain-text.ts'
import { isKeyName } from './vkey.ts'

export const MAX_NOTE_BYTES = 256 * 1024
export const MAX_NOTE_SIGNATURES = 64

/** A signature line of a note. Nothing about it is verified yet. */
export interface NoteSignature {
  readonly name: string
  /** Eight lower-case hexadecimal digits. */
  readonly keyId: string
  /** What follows the key ID. */
  readonly signature: Uint8Array
}

/** A signed note (C2SP signed-note) as it was read. Nothing in it is verified yet. */
export interface Note {
  /** Ends with a line feed. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/**
 * Reads a signed note of at most `MAX_NOTE_BYTES` with 1 to `MAX_NOTE_SIGNATURES` signature lines. Throws
 * `NOTE_MALFORMED`: not UTF-8, a control character other than the line feed, no empty line before the signatures, a
 * line that is no signature line.
 */
export function parseNote(input: Uint8Array | string): Note {
  const note = plainText(input, MAX_NOTE_BYTES)
  if (note === null) throw malformed('it is too large, not UTF-8, or has a control character')
  const end = note.lastIndexOf('\n\n')
  const text = note.slice(0, end + 1)
  if (end < 0) throw malformed('it has no empty line')
  return { text, signatures: parseSignatureLines(note.slice(end + 2)) }
}

/** The note's bytes as one text: what `parseNote` reads. */
export function formatNote({ text, signatures }: Note): string {
  return `${text}\n${formatSignatureLines(signatures)}`
}

/** The note with more signature lines after those it has. Throws `NOTE_MALFORMED` beyond the limits of a note. */
export function addSignatures(note: Note, signatures: readonly NoteSignature[]): string {
  const joined = formatNote({ text: note.text, signatures: [...note.signatures, ...signatures] })
  parseNote(joined)
  return joined
}

/** Lines `— <name> <base64>`, one per signature. */
export function formatSignatureLines(signatures: readonly NoteSignature[]): string {
  return signatures.map(formatSignatureLine).join('')
}

/** Reads 1 to `MAX_NOTE_SIGNATURES` signature lines, each ending with a line feed. Throws `NOTE_MALFORMED`. */
export function parseSignatureLines(text: string): NoteSignature[] {
  if (!text.endsWith('\n')) throw malformed('it does not end with a signature line')
  const lines = text.slice(0, -1).split('\n', MAX_NOTE_SIGNATURES + 1)
  if (lines.length > MAX_NOTE_SIGNATURES) throw malformed('it has too many signatures')
  return lines.map(parseSignatureLine)
}

function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  const id = hexToBytes(keyId)
  if (id?.length !== 4 || !isKeyName(name)) throw malformed('a signature has no key name or key ID')
  return `— ${name} ${bytesToBase64(concatBytes(id, signature))}\n`
}

function parseSignatureLine(line: string): NoteSignature {
  const [dash, name = '', data = '', ...rest] = line.split(' ', 4)
  const blob = base64ToBytes(data)
  if (dash !== '—' || rest.length > 0 || !isKeyName(name)) throw malformed('a line is no signature line')
  if (blob === null || blob.length < 5)
    throw malformed('a signature is no base64 of a key ID and a signature')
  return { name, keyId: bytesToHex(blob.subarray(0, 4)), signature: blob.subarray(4) }
}

function malformed(what: string): TlogError {
  return new TlogError('NOTE_MALFORMED', `not a signed note: ${what}`)
}
