import { constants } from 'node:fs'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { EntryState, Source } from '#lib/chat/index.ts'
import { isHostilePath } from '#lib/chat/index.ts'
import { DescriptorCache, readRange } from './descriptor-cache.ts'
import { SourceError, systemCode } from './errors.ts'
import { type ListedFile, listFolder } from './folder-listing.ts'
import type { LocalTree } from './local-tree.ts'

/**
 * A folder as an export. It is listed once, when it is opened; `state` answers from that listing, so that asking for
 * 20 000 pictures costs nothing. A file is opened without following links, and only if it is still the listed one.
 */
export async function openFolderTree(path: string): Promise<LocalTree> {
  const root = await realpath(path)
  const listing = await listFolder(root).catch((error: unknown) => {
    throw error instanceof SourceError ? error : unreadable(basename(root), error)
  })
  return listedTree(root, basename(root), listing)
}

/** A tree over files that were listed under `root`. */
export function listedTree(
  root: string,
  name: string,
  listing: {
    files: ReadonlyMap<string, ListedFile>
    refused: LocalTree['refused']
    refusedPaths: ReadonlySet<string>
  },
): LocalTree {
  const descriptors = new DescriptorCache()
  const sliceOf = async (file: ListedFile, start: number, end: number) => {
    try {
      return await descriptors.use(
        file.path,
        () => openListed(root, file),
        (handle) => readRange(handle, Math.max(0, start), Math.min(end, file.sizeBytes)),
      )
    } catch (error) {
      throw error instanceof SourceError ? error : unreadable(file.path, error)
    }
  }
  const sourceOf = (file: ListedFile): Source => ({
    path: file.path,
    sizeBytes: file.sizeBytes,
    slice: (start, end) => sliceOf(file, start, end),
  })
  const state = (path: string): EntryState => {
    if (listing.files.has(path)) return 'present'
    return isHostilePath(path) || liesUnder(listing.refusedPaths, path) ? 'refused' : 'missing'
  }
  return {
    name,
    refused: listing.refused,
    files: async () => [...listing.files.values()].map(({ path, sizeBytes }) => ({ path, sizeBytes })),
    open: async (path) => {
      const file = listing.files.get(path)
      return file ? sourceOf(file) : null
    },
    state,
    read: async (path, maxBytes) => {
      const file = listing.files.get(path)
      if (!file) throw notReadable(path, state(path))
      if (file.sizeBytes > maxBytes) throw tooLarge(path, maxBytes)
      const bytes = await sliceOf(file, 0, file.sizeBytes)
      if (bytes.length !== file.sizeBytes) throw changed(path)
      return bytes
    },
    close: () => descriptors.close(),
  }
}

async function openListed(root: string, file: ListedFile): Promise<FileHandle> {
  const full = join(root, file.path)
  let handle: FileHandle
  try {
    if ((await realpath(full)) !== full) throw changed(file.path)
    // O_NONBLOCK: a FIFO put in the file's place must not hang the program.
    handle = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (error instanceof SourceError) throw error
    if (systemCode(error) === 'EACCES') throw unreadable(file.path, error)
    throw changed(file.path, error)
  }
  const stats = await handle.stat({ bigint: true })
  if (stats.isFile() && stats.ino === file.inode && stats.dev === file.device) return handle
  await handle.close()
  throw changed(file.path)
}

function liesUnder(refused: ReadonlySet<string>, path: string): boolean {
  if (refused.size === 0) return false
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (refused.has(path.slice(0, end))) return true
  }
  return false
}

export function notReadable(path: string, state: EntryState): SourceError {
  return state === 'refused'
    ? new SourceError(
        'FILE_REFUSED',
        `${JSON.stringify(path)} is a link, a device, a hostile path or unpacks to too much, and is never opened.`,
      )
    : new SourceError('FILE_MISSING', `${JSON.stringify(path)} is not in the export.`)
}

export function tooLarge(path: string, maxBytes: number): SourceError {
  return new SourceError(
    'FILE_TOO_LARGE',
    `${JSON.stringify(path)} is larger than ${maxBytes} bytes and was not read.`,
  )
}

function changed(path: string, cause?: unknown): SourceError {
  return new SourceError(
    'FILE_CHANGED',
    `${JSON.stringify(path)} was changed, moved or replaced since the folder was listed. Leave the export alone and read it again.`,
    { cause },
  )
}

function unreadable(path: string, cause: unknown): SourceError {
  return new SourceError('SOURCE_UNREADABLE', `${JSON.stringify(path)} may not be read by this user.`, {
    cause,
  })
}
