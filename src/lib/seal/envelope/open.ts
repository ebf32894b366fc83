import { Decrypter } from 'age-encryption'
import { SealError } from '../errors.ts'
import type { AgeIdentity } from '../keys/identity.ts'
import { type ByteSource, bytesOfStream, streamOfBytes } from './byte-stream.ts'
import { brokenError, checkHeader, withCheckedHeader } from './header.ts'
import { MAX_HELD_BYTES } from './sizes.ts'

// The one refusal of the library that is not a broken file; the published test vectors would show a changed wording.
const NOT_FOR_THIS_KEY = "no identity matched any of the file's recipients"

/**
 * Opens an age file with the first of the identities that fits. All of it was read and proven whole before this returns.
 * Errors: `SEAL_NOT_FOR_THIS_KEY`; `SEAL_BROKEN` for altered, shortened or extended files and for what is none; `SEAL_IDENTITY`;
 * `SEAL_TOO_LARGE`. That it was sealed to you says nothing about who sealed it.
 */
export async function openBytes(
  sealed: Uint8Array,
  identities: AgeIdentity | readonly AgeIdentity[],
): Promise<Uint8Array> {
  if (sealed.length > MAX_HELD_BYTES)
    throw new SealError('SEAL_TOO_LARGE', 'Too large to be opened in one piece; use the stream.')
  const decrypter = decrypterOf(identities)
  checkHeader(sealed)
  try {
    return await decrypter.decrypt(sealed)
  } catch (cause) {
    throw refusal(cause)
  }
}

/**
 * Opens a stream. Every piece it gives was authenticated, but that the end is not missing is known only at the end: until the
 * stream ends without an error, its bytes may not be used, kept or shown as a file. Errors as `openBytes`; an error of the
 * source comes through as it is.
 */
export async function* openStream(
  source: ByteSource,
  identities: AgeIdentity | readonly AgeIdentity[],
): AsyncGenerator<Uint8Array> {
  const decrypter = decrypterOf(identities)
  const failure: { ofSource?: unknown } = {}
  const watched = watch(withCheckedHeader(source), failure)
  try {
    yield* bytesOfStream(await decrypter.decrypt(streamOfBytes(watched)))
  } catch (cause) {
    // Not awaited: the source may be waiting for a network that does not answer.
    watched.return(undefined).catch(() => undefined)
    throw 'ofSource' in failure ? failure.ofSource : refusal(cause)
  }
}

function decrypterOf(identities: AgeIdentity | readonly AgeIdentity[]): Decrypter {
  const list = 'secret' in identities ? [identities] : identities
  if (list.length === 0) throw new SealError('SEAL_IDENTITY', 'There is no identity to open with.')
  const decrypter = new Decrypter()
  for (const identity of list) decrypter.addIdentity(identity.secret)
  return decrypter
}

function refusal(cause: unknown): SealError {
  if (cause instanceof Error && cause.message === NOT_FOR_THIS_KEY)
    return new SealError('SEAL_NOT_FOR_THIS_KEY', 'This is sealed, but not to this key.')
  return brokenError(
    'This is not a whole sealed file: altered, cut off or extended. Nothing of it was used.',
    cause,
  )
}

async function* watch(source: ByteSource, failure: { ofSource?: unknown }): AsyncGenerator<Uint8Array> {
  try {
    yield* source
  } catch (error) {
    failure.ofSource = error
    throw error
  }
}
