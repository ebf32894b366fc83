import { textToUtf8 } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { verifyCosignature } from './cosignature.ts'
import { type Ed25519Verifier, verifyEd25519 } from './ed25519.ts'
import type { Note, NoteSignature } from './note.ts'
import { KEY_TYPE, type Vkey } from './vkey.ts'

/** A signature of a known key over the note's text. */
export interface VerifiedSignature {
  readonly vkey: Vkey
  readonly signature: NoteSignature
  /** Seconds since 1970 for a co-signature, null for a plain signature, which states no time. */
  readonly time: number | null
}

/**
 * The signatures of the given keys on the note, in its order. Signatures of other keys are ignored, and so are keys of
 * types that this version cannot verify. Throws `NOTE_SIGNATURE` when a signature under a given key's name and ID does
 * not verify, whatever else is there, and `NOTE_UNVERIFIED` when no signature is left.
 */
export function verifyNote(
  note: Note,
  vkeys: readonly Vkey[],
  verify: Ed25519Verifier = verifyEd25519,
): VerifiedSignature[] {
  const verified = note.signatures.flatMap((signature) => {
    const known = vkeys.filter((vkey) => isOf(signature, vkey) && isSupported(vkey))
    if (known.length === 0) return []
    const match = known
      .map((vkey) => verifySignature(note.text, signature, vkey, verify))
      .find((v) => v !== null)
    // A key ID has only 32 bits, so two keys of one name can share it; one of them must verify.
    if (match === undefined) {
      throw new TlogError('NOTE_SIGNATURE', `a signature of ${signature.name} does not verify`)
    }
    return [match]
  })
  if (verified.length === 0) throw new TlogError('NOTE_UNVERIFIED', 'no known key has signed the note')
  return verified
}

/** The signature with its key and time, or null when it does not verify under this key. */
export function verifySignature(
  text: string,
  signature: NoteSignature,
  vkey: Vkey,
  verify: Ed25519Verifier = verifyEd25519,
): VerifiedSignature | null {
  if (!isOf(signature, vkey) || !isSupported(vkey)) return null
  if (vkey.type === KEY_TYPE.cosignature) {
    const time = verifyCosignature(vkey, text, signature.signature, verify)
    return time === null ? null : { vkey, signature, time }
  }
  const message = textToUtf8(text)
  const isGood = message !== null && verify(message, signature.signature, vkey.publicKey)
  return isGood ? { vkey, signature, time: null } : null
}

function isOf(signature: NoteSignature, vkey: Vkey): boolean {
  return signature.name === vkey.name && signature.keyId === vkey.id
}

function isSupported(vkey: Vkey): boolean {
  return vkey.type === KEY_TYPE.ed25519 || vkey.type === KEY_TYPE.cosignature
}
