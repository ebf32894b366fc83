import { concatBytes } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { parseForeignCheckpoint } from '../note/checkpoint.ts'
import { cosignedMessage } from '../note/cosignature.ts'
import type { NoteSignature } from '../note/note.ts'
import { KEY_TYPE } from '../note/vkey.ts'
import { type SigningKey, signEd25519 } from './keys.ts'

/**
 * A witness's co-signature of the text of a checkpoint, at `time` in seconds since 1970. The caller must have checked
 * that the checkpoint follows from the last one co-signed, and stored it. Throws `CHECKPOINT_MALFORMED` when the text is
 * no checkpoint, `COSIGNATURE_TIME` unless the time is a whole number above 0, `VKEY_TYPE` when the key is no witness's.
 */
export function cosign(text: string, { vkey, seed }: SigningKey, time: number): NoteSignature {
  if (vkey.type !== KEY_TYPE.cosignature) throw new TlogError('VKEY_TYPE', `${vkey.name} does not co-sign`)
  if (time === 0) throw new TlogError('COSIGNATURE_TIME', 'a witness states its time')
  parseForeignCheckpoint(text)
  const message = cosignedMessage(time, text)
  const timeBytes = Uint8Array.from({ length: 8 }, (_, i) => Math.floor(time / 256 ** (7 - i)) % 256)
  return { name: vkey.name, keyId: vkey.id, signature: concatBytes(timeBytes, signEd25519(message, seed)) }
}
