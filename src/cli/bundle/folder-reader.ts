import { constants } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BagEntry, BagReader } from '#lib/bundle/index.ts'
import { BundleFileError } from './errors.ts'
import { fileParts } from './file-parts.ts'
import { type Counter, Tally } from './tally.ts'

/** More than any bundle has; a folder that was given by mistake must not be walked for hours. */
const MOST_ENTRIES = 700_000

/** A bag as a folder. Links are never followed. */
export function folderReader(root: string): BagReader {
  return {
    entries: () => listEntries(root),
    read: (path, maxBytes) => readSmall(join(root, path), maxBytes),
    digest: (path) => digestsOf(join(root, path)),
  }
}

/** Lets a counter see a file, part by part. A link is not followed. */
export async function countFile(path: string, counter: Counter): Promise<void> {
  for await (const part of fileParts(path)) counter.update(part)
}

async function digestsOf(path: string): Promise<{ sha256: string; sha512: string }> {
  const tally = new Tally()
  await countFile(path, tally)
  return tally.facts()
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
