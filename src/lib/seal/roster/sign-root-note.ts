import { addSignatures, noteKey, parseNote, type SigningKey, signNote } from '../../tlog/index.ts'
import { ROOT_KEYS, rootInvalid, rootKeyName } from './root.ts'

/** The key of one officer; `number` is 1, 2 or 3, `seed` 32 random bytes that never leave the officer's device. */
export function rootSigningKey(org: string, number: number, seed: Uint8Array): SigningKey {
  if (!Number.isInteger(number) || number < 1 || number > ROOT_KEYS)
    throw rootInvalid('a root has keys 1 to 3')
  return noteKey(rootKeyName(org, number), seed)
}

/** The first officer's signature of the text of a roster or of a change of keys: a signed note (C2SP signed-note). */
export function signRootText(text: string, key: SigningKey): string {
  return signNote(text, [key])
}

/**
 * The note with another officer's signature, which is made over the text the note has: the officer must have read it.
 * Throws `NOTE_MALFORMED`.
 */
export function addRootSignature(note: string, key: SigningKey): string {
  const parsed = parseNote(note)
  return addSignatures(parsed, parseNote(signNote(parsed.text, [key])).signatures)
}
