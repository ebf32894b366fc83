import { BAG_NAME, type BagReader } from '#lib/bundle/index.ts'
import type { LocalTree } from '../source/index.ts'
import { BundleFileError } from './errors.ts'
import { Tally } from './tally.ts'

const PART_BYTES = 1024 * 1024
/** Smaller ones are read at once: a bundle has tens of thousands of them. */
const WHOLE_BYTES = 4 * 1024 * 1024

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
  const sizes = new Map(files.map(({ path, sizeBytes }) => [path.slice(start), sizeBytes]))
  return {
    entries: async () =>
      files.map(({ path, sizeBytes }) => ({ path: path.slice(start), kind: 'file' as const, sizeBytes })),
    read: (path, maxBytes) => tree.read(`${top}/${path}`, maxBytes),
    digest: async (path) => {
      const sizeBytes = sizes.get(path)
      if (sizeBytes === undefined) throw hostile('a file of it is missing')
      return await digestEntry(tree, { path: `${top}/${path}`, sizeBytes })
    },
  }
}

async function digestEntry(
  tree: LocalTree,
  { path, sizeBytes }: { path: string; sizeBytes: number },
): Promise<{ sha256: string; sha512: string }> {
  const tally = new Tally()
  if (sizeBytes <= WHOLE_BYTES) tally.update(await tree.read(path, WHOLE_BYTES))
  else await countEntry(tree, path, tally)
  return tally.facts()
}

async function countEntry(tree: LocalTree, path: string, tally: Tally): Promise<void> {
  const source = await tree.open(path)
  if (source === null) throw hostile('a file of it cannot be read')
  for (let at = 0; at < source.sizeBytes; ) {
    const part = await source.slice(at, Math.min(at + PART_BYTES, source.sizeBytes))
    if (part.length === 0) throw hostile('a file of it is shorter than it says')
    tally.update(part)
    at += part.length
  }
}

function hostile(why: string): BundleFileError {
  return new BundleFileError('BUNDLE_HOSTILE', `This archive is not a bundle: ${why}. Nothing was unpacked.`)
}
