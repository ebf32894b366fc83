import { Encrypter } from 'age-encryption'
import { SealError } from '../errors.ts'
import { recipientKind } from '../keys/recipient.ts'
import { type ByteSource, bytesOfStream, streamOfBytes } from './byte-stream.ts'
import { MAX_HELD_BYTES, MAX_RECIPIENTS } from './sizes.ts'

/**
 * Seals bytes to the recipients, as one age file (age-encryption.org/v1): hybrid recipients or X25519 ones, never both. Length
 * of the result: `sealedLength`. An age file says nothing about who made it. Errors: `SEAL_RECIPIENT_COUNT`, `SEAL_RECIPIENT`,
 * `SEAL_MIXED_RECIPIENTS`, `SEAL_TOO_LARGE` (above 32 MiB).
 */
export async function sealBytes(bytes: Uint8Array, recipients: readonly string[]): Promise<Uint8Array> {
  if (bytes.length > MAX_HELD_BYTES)
    throw new SealError('SEAL_TOO_LARGE', 'Too large to be sealed in one piece; use the stream.')
  const encrypter = encrypterTo(recipients)
  return asRecipientError(() => encrypter.encrypt(bytes))
}

/**
 * Seals a stream of bytes, read only as fast as the result is drained. Errors as `sealBytes`, from the first step; an error of
 * the source comes through as it is.
 */
export async function* sealStream(
  source: ByteSource,
  recipients: readonly string[],
): AsyncGenerator<Uint8Array> {
  const encrypter = encrypterTo(recipients)
  yield* bytesOfStream(await asRecipientError(() => encrypter.encrypt(streamOfBytes(source))))
}

function encrypterTo(recipients: readonly string[]): Encrypter {
  if (recipients.length === 0 || recipients.length > MAX_RECIPIENTS)
    throw new SealError('SEAL_RECIPIENT_COUNT', `A file has 1 to ${MAX_RECIPIENTS} recipients.`)
  if (new Set(recipients).size < recipients.length)
    throw new SealError('SEAL_RECIPIENT_COUNT', 'A recipient is named twice.')
  const kinds = new Set(recipients.map(recipientKind))
  if (kinds.size > 1)
    throw new SealError(
      'SEAL_MIXED_RECIPIENTS',
      'One file cannot go to hybrid and to X25519 recipients: the second kind would undo what the first protects from.',
    )
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return encrypter
}

/** Only a recipient whose key is none, under a correct checksum, can make the library refuse at this point. */
async function asRecipientError<Sealed>(seal: () => Promise<Sealed>): Promise<Sealed> {
  try {
    return await seal()
  } catch (cause) {
    throw new SealError('SEAL_RECIPIENT', 'A recipient is not a key that can be sealed to.', { cause })
  }
}
