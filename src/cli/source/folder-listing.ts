import type { BigIntStats } from 'node:fs'
import { lstat, readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceTree } from '#lib/chat/index.ts'
import { isHostilePath } from '#lib/chat/index.ts'
import { SourceError } from './errors.ts'

const DEEPEST_FOLDER = 32
const MOST_ENTRIES = 500_000

/** A regular file as it stood when the folder was listed. */
export interface ListedFile {
  path: string
  sizeBytes: number
  device: bigint
  inode: bigint
}

export interface FolderListing {
  files: Map<string, ListedFile>
  refused: SourceTree['refused'][number][]
  refusedPaths: Set<string>
}

/**
 * Lists every regular file under `root` (a real path) in code unit order, following nothing. Left out and counted:
 * symbolic links, hard links, devices, sockets, FIFOs and folders deeper than 32 (`ENTRY_TYPE`), hostile or undecodable
 * names (`PATH_HOSTILE`). Throws `SourceError` `SOURCE_TOO_MANY_FILES` over 500 000 entries.
 */
export async function listFolder(root: string): Promise<FolderListing> {
  const listing: FolderListing = { files: new Map(), refused: [], refusedPaths: new Set() }
  const pending = ['']
  let seen = 0
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const full = folder === '' ? root : join(root, folder)
    // A folder swapped for a link since it was seen would lead elsewhere.
    if ((await realpath(full)) !== full) {
      refuse(listing, folder, 'ENTRY_TYPE')
      continue
    }
    const names = await readdir(full, { encoding: 'buffer' })
    seen += names.length
    if (seen > MOST_ENTRIES) throw tooManyFiles()
    for (const path of decodeNames(names, folder, listing)) await listEntry(root, path, listing, pending)
  }
  const sorted = [...listing.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  return { ...listing, files: new Map(sorted.map((file) => [file.path, file])) }
}

function decodeNames(names: Buffer[], folder: string, listing: FolderListing): string[] {
  const strict = new TextDecoder('utf-8', { fatal: true })
  const paths: string[] = []
  for (const name of names) {
    const prefix = folder === '' ? '' : `${folder}/`
    try {
      paths.push(prefix + strict.decode(name))
    } catch {
      refuse(listing, prefix + name.toString('utf8'), 'PATH_HOSTILE')
    }
  }
  return paths
}

async function listEntry(
  root: string,
  path: string,
  listing: FolderListing,
  pending: string[],
): Promise<void> {
  if (isHostilePath(path)) {
    refuse(listing, path, 'PATH_HOSTILE')
    return
  }
  const stats = await lstat(join(root, path), { bigint: true })
  if (stats.isDirectory() && path.split('/').length <= DEEPEST_FOLDER) pending.push(path)
  else if (isPlainFile(stats)) {
    listing.files.set(path, {
      path,
      sizeBytes: Number(stats.size),
      device: stats.dev,
      inode: stats.ino,
    })
  } else refuse(listing, path, 'ENTRY_TYPE')
}

/** A file with one name only: a second name may lie outside the export. */
function isPlainFile(stats: BigIntStats): boolean {
  return stats.isFile() && stats.nlink <= 1n
}

function refuse(listing: FolderListing, path: string, code: 'PATH_HOSTILE' | 'ENTRY_TYPE'): void {
  listing.refused.push({ path, code })
  listing.refusedPaths.add(path)
}

function tooManyFiles(): SourceError {
  return new SourceError(
    'SOURCE_TOO_MANY_FILES',
    `This folder holds more than ${MOST_ENTRIES} entries, more than any chat export. Nothing was read. Choose the folder of the export itself.`,
  )
}
