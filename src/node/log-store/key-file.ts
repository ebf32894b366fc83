import { type FileHandle, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { base64ToBytes, bytesToBase64, concatBytes } from '#lib/bytes/index.ts'
import { KEY_TYPE, noteKey, type SigningKey, witnessKey } from '#lib/tlog/index.ts'
import { isMissing } from '../is-missing.ts'
import { OWNER_ONLY, syncFolder } from './durable-file.ts'
import { LogStoreError, writeFailed } from './errors.ts'

/** What a key may be used for: one key, one purpose. */
export type KeyPurpose = 'log' | 'receipts' | 'witness'

// One line, as Go's `note` package writes private keys: `PRIVATE+KEY+<name>+<key ID>+<base64 of type and seed>`.
const FORM = /^PRIVATE\+KEY\+([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\n$/
const MAX_KEY_BYTES = 4096
const READ_BY_OTHERS = 0o077

/** Makes a key and its file of mode 0600. `seed` is 32 random bytes. Throws `LOG_EXISTS` rather than replace a key. */
export async function createKeyFile(
  path: string,
  purpose: KeyPurpose,
  name: string,
  seed: Uint8Array,
): Promise<SigningKey> {
  const key = makeKey(purpose, name, seed)
  const { vkey } = key
  const secret = bytesToBase64(concatBytes(new Uint8Array([vkey.type]), seed))
  await writeNew(path, `PRIVATE+KEY+${vkey.name}+${vkey.id}+${secret}\n`)
  return key
}

/**
 * Reads a key for a purpose. Throws `KEY_MISSING`, `KEY_EXPOSED` when anybody but its owner may read the file,
 * `KEY_MALFORMED` for a file that holds no key, or one of another kind.
 */
export async function readKeyFile(path: string, purpose: KeyPurpose): Promise<SigningKey> {
  const text = await readPrivate(path)
  const [, name = '', id = '', data = ''] = FORM.exec(text) ?? []
  const bytes = base64ToBytes(data)
  if (bytes === null || bytes.length !== 33) throw malformed(path)
  if (bytes[0] !== typeOf(purpose)) {
    throw new LogStoreError('KEY_MALFORMED', `The key in ${path} was made for another purpose.`)
  }
  const key = makeKey(purpose, name, bytes.subarray(1))
  if (key.vkey.id !== id) throw malformed(path)
  return key
}

/** The same, or null when there is no such file. */
export async function readKeyFileIfThere(path: string, purpose: KeyPurpose): Promise<SigningKey | null> {
  try {
    return await readKeyFile(path, purpose)
  } catch (error) {
    if (error instanceof LogStoreError && error.code === 'KEY_MISSING') return null
    throw error
  }
}

async function readPrivate(path: string): Promise<string> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (cause) {
    if (isMissing(cause)) throw new LogStoreError('KEY_MISSING', `There is no key at ${path}.`, { cause })
    throw new LogStoreError('LOG_UNREADABLE', `The key file ${path} cannot be read.`, { cause })
  }
  try {
    const { mode, size } = await file.stat()
    if ((mode & READ_BY_OTHERS) !== 0) {
      throw new LogStoreError(
        'KEY_EXPOSED',
        `Others on this machine may read the key file ${path}, so it was not used. If nobody can have read it: chmod 600 ${path}. If somebody may have, the key has to be replaced.`,
      )
    }
    if (size > MAX_KEY_BYTES) throw malformed(path)
    return await file.readFile('latin1')
  } finally {
    await file.close()
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  let file: FileHandle
  try {
    file = await open(path, 'wx', OWNER_ONLY)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      throw new LogStoreError('LOG_EXISTS', `${path} is there already. Keys are never replaced.`, { cause })
    }
    throw writeFailed(cause)
  }
  try {
    await file.writeFile(text)
    await file.sync()
  } catch (error) {
    await rm(path, { force: true })
    throw writeFailed(error)
  } finally {
    await file.close()
  }
  await syncFolder(dirname(path))
}

function makeKey(purpose: KeyPurpose, name: string, seed: Uint8Array): SigningKey {
  return purpose === 'witness' ? witnessKey(name, seed) : noteKey(name, seed)
}

function typeOf(purpose: KeyPurpose): number {
  return purpose === 'witness' ? KEY_TYPE.cosignature : KEY_TYPE.ed25519
}

function malformed(path: string): LogStoreError {
  return new LogStoreError('KEY_MALFORMED', `${path} does not hold a key as Saksi writes it.`)
}
