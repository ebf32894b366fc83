import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import type { Recipient } from 'age-encryption'
import { type AgeSeal, beginAgeFile, PayloadCipher } from './age-file.ts'
import { PassphraseIdentity, PassphraseRecipient } from './age-passphrase.ts'
import { FastRecipient } from './age-recipient.ts'
import { BundleFileError } from './errors.ts'
import { fileParts } from './file-parts.ts'

const X25519 = /^age1[02-9ac-hj-np-z]{58}$/

/** Who can open it: the named recipients, or whoever knows the passphrase. Never both: age does not mix them. */
export interface Lock {
  recipients: readonly Recipient[]
  /** Each header of a passphrase takes a second and much memory. */
  isPassphrase: boolean
}

/**
 * A lock for recipients, who are checked before any work is done. Only X25519 recipients (`age1...`) are taken, since the age of common
 * distributions reads no others. Throws `BundleFileError` `RECIPIENT_INVALID`.
 */
export async function recipientLock(recipients: readonly string[]): Promise<Lock> {
  const checked: FastRecipient[] = []
  const { Encrypter } = await import('age-encryption')
  for (const recipient of recipients) {
    try {
      if (X25519.test(recipient)) {
        new Encrypter().addRecipient(recipient)
        checked.push(new FastRecipient(recipient))
        continue
      }
    } catch {
      // A checksum that does not hold: refused below.
    }
    throw new BundleFileError(
      'RECIPIENT_INVALID',
      'A recipient given with --to is not an age X25519 recipient (age1 and 58 more characters). Ask the agency to read it out again.',
    )
  }
  return { recipients: checked, isPassphrase: false }
}

/** A lock that whoever knows the passphrase can open. */
export function passphraseLock(passphrase: string): Lock {
  return { recipients: [new PassphraseRecipient(passphrase)], isPassphrase: true }
}

/** Encrypts a file with age (C2SP age v1), part by part. The target must not exist yet. */
export async function encryptFile(source: string, target: string, { recipients }: Lock): Promise<void> {
  const seal = await beginAgeFile(recipients)
  const handle = await open(target, 'wx', 0o600)
  try {
    for await (const part of encryptedParts(fileParts(source), seal)) await handle.writeFile(part)
  } finally {
    await handle.close()
  }
}

/** The age file over parts, as parts of its own. */
export async function* encryptedParts(parts: AsyncIterable<Buffer>, seal: AgeSeal): AsyncGenerator<Buffer> {
  const payload = new PayloadCipher(seal.payloadKey)
  yield seal.start
  for await (const part of parts) yield* payload.update(part)
  yield* payload.final()
}

/**
 * Decrypts a file. The target is whole only when this returns: age finds out about a cut file at its end. Throws
 * `BundleFileError` `BUNDLE_ENCRYPTED` when it cannot be opened with these identities.
 */
export async function decryptFile(
  source: string,
  target: string,
  keys: { identities: readonly string[]; passphrase: string | null },
): Promise<void> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  try {
    for (const identity of keys.identities) decrypter.addIdentity(identity)
    if (keys.passphrase !== null) decrypter.addIdentity(new PassphraseIdentity(keys.passphrase))
    await through(source, target, (sealed) => decrypter.decrypt(sealed))
  } catch (cause) {
    throw new BundleFileError(
      'BUNDLE_ENCRYPTED',
      'This file could not be decrypted: the key or passphrase is another one, or the file was cut or changed.',
      { cause },
    )
  }
}

async function through(
  source: string,
  target: string,
  transform: (input: ReadableStream<Uint8Array>) => Promise<ReadableStream<Uint8Array>>,
): Promise<void> {
  const handle = await open(source, 'r')
  try {
    const output = await transform(asWeb(handle.createReadStream({ autoClose: false })))
    const readable = Readable.fromWeb(output as unknown as NodeReadableStream<Uint8Array>)
    await pipeline(readable, createWriteStream(target, { flags: 'wx', mode: 0o600 }))
  } finally {
    await handle.close()
  }
}

/** Node declares its own stream type beside the global one; they are the same class. */
function asWeb(stream: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>
}
