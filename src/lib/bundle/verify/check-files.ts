import { equalBytes, utf8ToText } from '../../bytes/index.ts'
import { compareBytes, utf8 } from '../format/bytes.ts'
import {
  MANIFEST_ALGORITHMS,
  type ManifestAlgorithm,
  type ManifestLine,
  parseManifest,
} from '../format/manifest.ts'
import { isBundlePath } from '../format/names.ts'
import { BAGIT_TXT, PATHS, PAYLOAD, SEAL } from '../format/paths.ts'
import type { BagEntry, BagReader } from './bag-reader.ts'
import { type CheckList, type Finding, named } from './check-list.ts'

/** Manifests of thousands of exhibits are a few megabytes. */
const MOST_MANIFEST_BYTES = 64 * 1024 * 1024

/** What the other checks need of the files. */
export interface FoundFiles {
  /** Digests as listed, by path, of everything but `seal/`. */
  listed: ReadonlyMap<string, string>
  sealExpected: readonly string[]
  paths: ReadonlySet<string>
}

/** Holds the files there are against the manifests, in both directions. */
export async function checkFiles(reader: BagReader, list: CheckList): Promise<FoundFiles> {
  const entries = await checkKinds(reader, list)
  const files = entries.filter(({ kind }) => kind === 'file')
  const paths = files.map(({ path }) => path).sort(compareBytes)
  await checkNames(entries, paths, list)
  const listed = new Map<string, string>()
  const digests = new DigestCache(reader)
  for (const algorithm of MANIFEST_ALGORITHMS) {
    const payload = paths.filter((path) => path.startsWith(PAYLOAD))
    const tags = paths.filter(
      (path) => !path.startsWith(PAYLOAD) && !path.startsWith(SEAL) && !isTagManifest(path),
    )
    for (const [name, expected] of [
      [PATHS.manifest[algorithm], payload],
      [PATHS.tagManifest[algorithm], tags],
    ] as const) {
      const lines = await checkManifest({ reader, list, digests, name, algorithm, expected })
      if (algorithm === 'sha256') for (const { path, digest } of lines) listed.set(path, digest)
    }
  }
  await checkOxum(reader, list, files)
  return { listed, sealExpected: await checkSeal(reader, list, paths), paths: new Set(paths) }
}

async function checkKinds(reader: BagReader, list: CheckList): Promise<readonly BagEntry[]> {
  let entries: readonly BagEntry[] = []
  await list.check(
    'files.plain',
    'There are only plain files and folders: no links, no devices.',
    async () => {
      entries = await reader.entries()
      return named(
        'Not plain',
        entries.filter(({ kind }) => kind === 'other').map(({ path }) => path),
      )
    },
  )
  return entries
}

async function checkNames(
  entries: readonly BagEntry[],
  paths: readonly string[],
  list: CheckList,
): Promise<void> {
  await list.check('files.names', 'Every file has a plain name that means the same on every system.', () =>
    named(
      'Refused',
      paths.filter((path) => !isBundlePath(path)),
    ),
  )
  await list.check('files.case', 'No two names differ by case only.', () => {
    const seen = new Set<string>()
    const twice = paths.filter((path) => {
      const folded = path.toLowerCase()
      const isSeen = seen.has(folded)
      seen.add(folded)
      return isSeen
    })
    return named('Twice', twice)
  })
  await list.check('files.folders', 'No folder is empty.', () => {
    const used = new Set(paths.flatMap(foldersOf))
    const folders = entries.filter(({ kind }) => kind === 'folder').map(({ path }) => path)
    return named(
      'Empty',
      folders.filter((path) => !used.has(path)),
    )
  })
}

interface ManifestToCheck {
  reader: BagReader
  list: CheckList
  digests: DigestCache
  name: string
  algorithm: ManifestAlgorithm
  expected: readonly string[]
}

async function checkManifest({
  reader,
  list,
  digests,
  name,
  algorithm,
  expected,
}: ManifestToCheck): Promise<ManifestLine[]> {
  let lines: ManifestLine[] = []
  await list.check(`${name}.form`, `${name} has its one exact form, sorted, each file once.`, async () => {
    lines = parseManifest(await reader.read(name, MOST_MANIFEST_BYTES), algorithm)
    return null
  })
  await list.check(`${name}.complete`, `${name} lists exactly the files there are.`, () => {
    const listed = lines.map(({ path }) => path)
    const known = new Set(listed)
    const there = new Set(expected)
    return (
      named(
        'Not listed',
        expected.filter((path) => !known.has(path)),
      ) ??
      named(
        'Missing',
        listed.filter((path) => !there.has(path)),
      ) ??
      (lines.length === 0 ? 'It lists nothing.' : null)
    )
  })
  await list.check(`${name}.digests`, `Every file listed in ${name} has the digest listed.`, async () => {
    const wrong: string[] = []
    for (const { path, digest } of lines)
      if ((await digests.of(path))?.[algorithm] !== digest) wrong.push(path)
    return named('Changed or missing', wrong) ?? (lines.length === 0 ? 'It lists nothing.' : null)
  })
  return lines
}

async function checkOxum(reader: BagReader, list: CheckList, files: readonly BagEntry[]): Promise<void> {
  await list.check('bagit', 'bagit.txt says BagIt 1.0.', async () => {
    const bytes = await reader.read(PATHS.bagit, 1024)
    return equalBytes(bytes, utf8(BAGIT_TXT)) ? null : 'It says something else.'
  })
  await list.check('bag-info', 'bag-info.txt gives the number of bytes and files under data/.', async () => {
    const payload = files.filter(({ path }) => path.startsWith(PAYLOAD))
    const bytes = payload.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    const text = utf8ToText(await reader.read(PATHS.bagInfo, 64 * 1024)) ?? ''
    return text.split('\n').includes(`Payload-Oxum: ${bytes}.${payload.length}`)
      ? null
      : 'The numbers differ.'
  })
}

async function checkSeal(reader: BagReader, list: CheckList, paths: readonly string[]): Promise<string[]> {
  let expected: string[] = []
  await list.check('seal.expected', 'seal/ holds exactly what metadata/seal-expected.txt says.', async () => {
    const text = utf8ToText(await reader.read(PATHS.sealExpected, 64 * 1024)) ?? ''
    expected = text.endsWith('\n') ? text.slice(0, -1).split('\n') : []
    const seal = paths.filter((path) => path.startsWith(SEAL))
    return compareLists(seal, expected)
  })
  return expected
}

function compareLists(found: readonly string[], expected: readonly string[]): Finding {
  if (found.length === expected.length && found.every((path, i) => path === expected[i])) return null
  return (
    named(
      'Not expected',
      found.filter((path) => !expected.includes(path)),
    ) ??
    named(
      'Missing',
      expected.filter((path) => !found.includes(path)),
    ) ??
    'The list is not in order.'
  )
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}

function isTagManifest(path: string): boolean {
  return path === PATHS.tagManifest.sha256 || path === PATHS.tagManifest.sha512
}

/** Each file is read once for both kinds of digest. */
class DigestCache {
  readonly #reader: BagReader
  readonly #known = new Map<string, { sha256: string; sha512: string } | null>()

  constructor(reader: BagReader) {
    this.#reader = reader
  }

  async of(path: string): Promise<{ sha256: string; sha512: string } | null> {
    const known = this.#known.get(path)
    if (known !== undefined) return known
    const made = await this.#reader.digest(path).catch(() => null)
    this.#known.set(path, made)
    return made
  }
}
