import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BagEntry, BagReader } from '#lib/bundle/index.ts'
import { BundleFileError } from './errors.ts'

/** More than any bundle has; a folder that was given by mistake must not be walked for hours. */
const MOST_ENTRIES = 200_000

/** A bag as a folder. Links are never followed. */
export function folderReader(root: string): BagReader {
  return {
    entries: () => listEntries(root),
    read: (path, maxBytes) => readSmall(join(root, path), maxBytes),
    digest: (path) => digestFile(join(root, path)),
  }
}

/** Both digests of a file, read once. */
export async function digestFile(
  path: string,
): Promise<{ sha256: string; sha512: string; sizeBytes: number }> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  const hashes = [createHash('sha256'), createHash('sha512')] as const
  let sizeBytes = 0
  try {
    for await (const part of handle.createReadStream({ autoClose: false })) {
      for (const hash of hashes) hash.update(part)
      sizeBytes += part.length
    }
  } finally {
    await handle.close()
  }
  return { sha256: hashes[0].digest('hex'), sha512: hashes[1].digest('hex'), sizeBytes }
}

async function listEntries(root: string): Promise<BagEntry[]> {
  const found: BagEntry[] = []
  const folders = ['']
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other'
      const sizeBytes = kind === 'file' ? (await lstat(join(root, path))).size : 0
      found.push({ path, kind, sizeBytes })
      if (kind === 'folder') folders.push(path)
      if (found.length > MOST_ENTRIES)
        throw new BundleFileError('BUNDLE_HOSTILE', 'This folder holds far more files than a bundle does.')
    }
  }
  return found
}

async function readSmall(path: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { size } = await handle.stat()
    if (size > maxBytes) throw new BundleFileError('BUNDLE_HOSTILE', 'A file of the bundle is far too large.')
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}
