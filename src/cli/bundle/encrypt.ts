import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { BundleFileError } from './errors.ts'

const X25519 = /^age1[02-9ac-hj-np-z]{58}$/

/** Who can open it: the named recipients, or whoever knows the passphrase. Never both: age does not mix them. */
export type Lock = { recipients: readonly string[] } | { passphrase: string }

/**
 * Checks the recipients before any work is done. Only X25519 recipients (`age1...`) are taken, since the age of common
 * distributions reads no others. Throws `BundleFileError` `RECIPIENT_INVALID`.
 */
export async function requireRecipients(recipients: readonly string[]): Promise<void> {
  const { Encrypter } = await import('age-encryption')
  for (const recipient of recipients) {
    try {
      if (X25519.test(recipient)) {
        new Encrypter().addRecipient(recipient)
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
}

/** Encrypts a file with age (C2SP age v1), part by part. The target must not exist yet. */
export async function encryptFile(source: string, target: string, lock: Lock): Promise<void> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  if ('passphrase' in lock) encrypter.setPassphrase(lock.passphrase)
  else for (const recipient of lock.recipients) encrypter.addRecipient(recipient)
  await through(source, target, (plain) => encrypter.encrypt(plain))
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
    if (keys.passphrase !== null) decrypter.addPassphrase(keys.passphrase)
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
    const input = Readable.toWeb(handle.createReadStream({ autoClose: false }))
    // Node declares its own stream type beside the global one; they are the same class.
    const output = await transform(input as unknown as ReadableStream<Uint8Array>)
    const readable = Readable.fromWeb(output as unknown as NodeReadableStream<Uint8Array>)
    await pipeline(readable, createWriteStream(target, { flags: 'wx', mode: 0o600 }))
  } finally {
    await handle.close()
  }
}
