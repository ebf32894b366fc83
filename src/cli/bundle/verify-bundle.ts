import { lstat, mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BAG_NAME, type Verification, type VerifyOptions, verifyBag } from '#lib/bundle/index.ts'
import { openSourceTree, type ZipLimits } from '../source/index.ts'
import { archiveReader } from './archive-reader.ts'
import { decryptFile } from './encrypt.ts'
import { BundleFileError } from './errors.ts'
import { folderReader } from './folder-reader.ts'

const AGE = 'age-encryption.org/v1\n'

/** A bundle of 50,000 exhibits in a log has ten files for each. It is read in place: its bytes take no room. */
const BUNDLE_LIMITS: ZipLimits = { entries: 600_000, totalBytes: 1024 ** 4 }

export interface Keys {
  identities: readonly string[]
  passphrase: string | null
}

const NO_KEYS: Keys = { identities: [], passphrase: null }

/**
 * Verifies a bundle as it was handed over: the encrypted file (with a key), the archive, or its folder. Throws
 * `BundleFileError` when it cannot be looked at as a bundle at all: `BUNDLE_UNREADABLE`, `BUNDLE_ENCRYPTED`,
 * `BUNDLE_HOSTILE`, or `ChatError` `ZIP_INVALID`, `ZIP_ENCRYPTED`, `ZIP_TOO_LARGE` for archives made to do harm.
 */
export async function verifyBundleFile(
  path: string,
  options: VerifyOptions,
  keys = NO_KEYS,
): Promise<Verification> {
  const info = await lstat(path).catch((cause: unknown) => {
    throw unreadable(`There is no file or folder ${JSON.stringify(path)}.`, cause)
  })
  if (info.isDirectory()) return await verifyBag(folderReader(await bagFolder(path)), options)
  if (!info.isFile()) throw unreadable('This is neither a file nor a folder.')
  return (await isAge(path)) ? await verifyEncrypted(path, options, keys) : await verifyArchive(path, options)
}

async function verifyArchive(path: string, options: VerifyOptions): Promise<Verification> {
  const tree = await openSourceTree(path, BUNDLE_LIMITS)
  try {
    return await verifyBag(await archiveReader(tree), options)
  } finally {
    await tree.close()
  }
}

async function verifyEncrypted(path: string, options: VerifyOptions, keys: Keys): Promise<Verification> {
  if (keys.identities.length === 0 && keys.passphrase === null) {
    throw new BundleFileError(
      'BUNDLE_ENCRYPTED',
      'This bundle is encrypted. Give the key with --identity FILE, or the passphrase with --passphrase-file FILE.',
    )
  }
  const folder = await mkdtemp(join(tmpdir(), 'saksi-bundle-'))
  try {
    const plain = join(folder, 'bundle.zip')
    await decryptFile(path, plain, keys)
    return await verifyArchive(plain, options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The bag's own folder, or the folder it was unpacked into. */
async function bagFolder(path: string): Promise<string> {
  const names = await readdir(path)
  const [only = ''] = names
  const isWrapper = names.length === 1 && BAG_NAME.test(only) && (await lstat(join(path, only))).isDirectory()
  return isWrapper ? join(path, only) : path
}

async function isAge(path: string): Promise<boolean> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw unreadable('This file cannot be read.', cause)
  })
  try {
    const start = Buffer.alloc(AGE.length)
    await handle.read(start, 0, start.length, 0)
    return start.toString('latin1') === AGE
  } finally {
    await handle.close()
  }
}

function unreadable(message: string, cause?: unknown): BundleFileError {
  return new BundleFileError('BUNDLE_UNREADABLE', message, { cause })
}
