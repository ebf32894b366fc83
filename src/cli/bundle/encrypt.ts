import { createWriteStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { beginAgeFile } from './age-file.ts'
import { FastRecipient } from './age-recipient.ts'
import { BundleFileError } from './errors.ts'
import type { Counter } from './tally.ts'

const X25519 = /^age1[02-9ac-hj-np-z]{58}$/

/** Who can open it: the named recipients, or whoever knows the passphrase. Never both: age does not mix them. */
export type Lock = { recipients: readonly FastRecipient[] } | { passphrase: string }

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
  return { recipients: checked }
}

/** Who counts the bytes as they are read and as they are written. */
export interface Counters {
  plain?: Counter
  sealed?: Counter
}

const PART_BYTES = 1024 * 1024

/** Encrypts a file with age (C2SP age v1), part by part. The target must not exist yet. */
export function encryptFile(
  source: string,
  target: string,
  lock: Lock,
  counters: Counters = {},
): Promise<void> {
  return transfer(source, target, counters, (parts) =>
    'recipients' in lock ? byRecipients(parts, lock) : byPassphrase(parts, lock),
  )
}

/** Copies a file as it is. The target must not exist yet. */
export function copyFile(source: string, target: string, counters: Counters = {}): Promise<void> {
  return transfer(source, target, counters, (parts) => parts)
}

async function transfer(
  source: string,
  target: string,
  { plain, sealed }: Counters,
  change: (parts: AsyncIterable<Buffer>) => AsyncIterable<Uint8Array>,
): Promise<void> {
  const from = await open(source, 'r')
  try {
    const to = await open(target, 'wx', 0o600)
    try {
      for await (const part of change(counted(partsOf(from), plain))) {
        sealed?.update(part)
        await to.writeFile(part)
      }
    } finally {
      await to.close()
    }
  } finally {
    await from.close()
  }
}

/** The parts of a file, all in the same memory: each is good until the next one is asked for. */
async function* partsOf(file: FileHandle): AsyncGenerator<Buffer> {
  const { size } = await file.stat()
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(PART_BYTES, size)))
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

async function* counted(parts: AsyncIterable<Buffer>, counter: Counter | undefined): AsyncGenerator<Buffer> {
  for await (const part of parts) {
    counter?.update(part)
    yield part
  }
}

async function* byRecipients(
  parts: AsyncIterable<Buffer>,
  { recipients }: { recipients: readonly FastRecipient[] },
): AsyncGenerator<Uint8Array> {
  const { start, payload } = await beginAgeFile(recipients)
  yield start
  for await (const part of parts) yield payload.update(part)
  yield payload.final()
}

/** A stream asks for the next part before it is done with the last. */
async function* copies(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const part of parts) yield Buffer.from(part)
}

async function* byPassphrase(
  parts: AsyncIterable<Buffer>,
  { passphrase }: { passphrase: string },
): AsyncGenerator<Uint8Array> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  const output = await encrypter.encrypt(asWeb(Readable.from(copies(parts))))
  for await (const part of Readable.fromWeb(output as unknown as NodeReadableStream<Uint8Array>)) yield part
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
