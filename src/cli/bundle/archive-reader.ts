import { createHash } from 'node:crypto'
import { BAG_NAME, type BagReader } from '#lib/bundle/index.ts'
import type { LocalTree } from '../source/index.ts'
import { BundleFileError } from './errors.ts'

const PART_BYTES = 1024 * 1024

/**
 * A bag in a zip archive, read in place: nothing is unpacked, so no name in it can reach beyond. Throws `BundleFileError`
 * `BUNDLE_HOSTILE` when the archive holds links, hostile names or bombs, or anything beside one bag folder.
 */
export async function archiveReader(tree: LocalTree): Promise<BagReader> {
  if (tree.refused.length > 0)
    throw hostile(
      'it holds entries that no bundle has: links, names that lead outside, or files that grow without end',
    )
  const files = await tree.files()
  const [top = ''] = files[0]?.path.split('/') ?? []
  if (!BAG_NAME.test(top) || files.some(({ path }) => !path.startsWith(`${top}/`)))
    throw hostile('it must hold one folder, named like a bundle, and nothing beside it')
  const start = top.length + 1
  return {
    entries: async () =>
      files.map(({ path, sizeBytes }) => ({ path: path.slice(start), kind: 'file' as const, sizeBytes })),
    read: (path, maxBytes) => tree.read(`${top}/${path}`, maxBytes),
    digest: (path) => digestEntry(tree, `${top}/${path}`),
  }
}

async function digestEntry(tree: LocalTree, path: string): Promise<{ sha256: string; sha512: string }> {
  const source = await tree.open(path)
  if (source === null) throw hostile('a file of it cannot be read')
  const hashes = [createHash('sha256'), createHash('sha512')] as const
  for (let at = 0; at < source.sizeBytes; ) {
    const part = await source.slice(at, Math.min(at + PART_BYTES, source.sizeBytes))
    if (part.length === 0) throw hostile('a file of it is shorter than it says')
    for (const hash of hashes) hash.update(part)
    at += part.length
  }
  return { sha256: hashes[0].digest('hex'), sha512: hashes[1].digest('hex') }
}

function hostile(why: string): BundleFileError {
  return new BundleFileError('BUNDLE_HOSTILE', `This archive is not a bundle: ${why}. Nothing was unpacked.`)
}
