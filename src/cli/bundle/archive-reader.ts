import { BAG_NAME, type BagReader } from '#lib/bundle/index.ts'
import type { LocalTree } from '../source/index.ts'
import { BundleFileError } from './errors.ts'
import { digestAside, Tally } from './tally.ts'

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
  const digests = new DigestsAhead(files, (file) => digestEntry(tree, file))
  return {
    entries: async () =>
      files.map(({ path, sizeBytes }) => ({ path: path.slice(start), kind: 'file' as const, sizeBytes })),
    read: (path, maxBytes) => tree.read(`${top}/${path}`, maxBytes),
    digest: (path) => digests.of(`${top}/${path}`),
  }
}

type Digests = { sha256: string; sha512: string }
type EntryFile = { path: string; sizeBytes: number }

/** Files whose digests are made before they are asked for. */
const AHEAD = 4

/** The digests of files that are asked for in their order, mostly: while one is waited for, those after it are made. */
class DigestsAhead {
  readonly #files: readonly EntryFile[]
  readonly #places: ReadonlyMap<string, number>
  readonly #make: (file: EntryFile) => Promise<Digests>
  readonly #made = new Map<number, Promise<Digests>>()

  constructor(files: readonly EntryFile[], make: (file: EntryFile) => Promise<Digests>) {
    this.#files = files
    this.#places = new Map(files.map(({ path }, i) => [path, i]))
    this.#make = make
  }

  async of(path: string): Promise<Digests> {
    const place = this.#places.get(path)
    if (place === undefined) throw hostile('a file of it is missing')
    // What was made ahead and is not what comes next was made for nothing, but must not stay.
    for (const i of this.#made.keys()) if (i < place || i > place + AHEAD) this.#made.delete(i)
    for (let i = place; i <= place + AHEAD; i++) this.#start(i)
    const digests = this.#made.get(place)
    if (digests === undefined) throw hostile('a file of it is missing')
    return await digests
  }

  #start(i: number): void {
    const file = this.#files[i]
    if (file === undefined || this.#made.has(i)) return
    const making = this.#make(file)
    making.catch(() => {})
    this.#made.set(i, making)
  }
}

async function digestEntry(tree: LocalTree, { path, sizeBytes }: EntryFile): Promise<Digests> {
  if (sizeBytes <= WHOLE_BYTES) return await digestAside(await tree.read(path, WHOLE_BYTES))
  const tally = new Tally()
  await countEntry(tree, path, tally)
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
