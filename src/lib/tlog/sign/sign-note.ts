import { textToUtf8 } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { formatNote, type NoteSignature, parseNote } from '../note/note.ts'
import { KEY_TYPE } from '../note/vkey.ts'
import { type SigningKey, signEd25519 } from './keys.ts'

/**
 * The text signed by each key, as a signed note. The text ends with a line feed. Throws `NOTE_MALFORMED` for a text
 * that no note can hold, `VKEY_TYPE` for a key that is no note key.
 */
export function signNote(text: string, keys: readonly SigningKey[]): string {
  const signed = formatNote({ text, signatures: keys.map((key) => noteSignature(text, key)) })
  const read = parseNote(signed)
  if (read.text !== text) throw new TlogError('NOTE_MALFORMED', 'the text cannot stand in a note')
  return signed
}

function noteSignature(text: string, { vkey, seed }: SigningKey): NoteSignature {
  if (vkey.type !== KEY_TYPE.ed25519) throw new TlogError('VKEY_TYPE', `${vkey.name} does not sign notes`)
  const message = textToUtf8(text)
  if (message === null) throw new TlogError('NOTE_MALFORMED', 'the text has no UTF-8 form')
  return { name: vkey.name, keyId: vkey.id, signature: signEd25519(message, seed) }
}
