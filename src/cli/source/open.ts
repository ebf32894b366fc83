import { type FileHandle, lstat, open, realpath } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { SourceError } from './errors.ts'
import { listedTree, openFolderTree } from './folder-tree.ts'
import type { LocalTree } from './local-tree.ts'
import { EXPORT_LIMITS, isZipStart, type ZipLimits } from './zip-directory.ts'
import { openZipTree } from './zip-tree.ts'

/**
 * Opens what a witness hands over: a folder, a zip archive (known by its first bytes) or one file. Of one file, nothing
 * beside it is looked at: hand over the folder to include its pictures. A link given here is followed, as the witness
 * named it; links inside a folder never are. `limits` are for archives. Close the tree when done.
 *
 * Throws `SourceError` (`SOURCE_NOT_FOUND`, `SOURCE_UNREADABLE`, `SOURCE_TOO_MANY_FILES`) or `ChatError`
 * (`ZIP_INVALID`, `ZIP_ENCRYPTED`, `ZIP_TOO_LARGE`).
 */
export async function openSourceTree(path: string, limits: ZipLimits = EXPORT_LIMITS): Promise<LocalTree> {
  const real = await realpath(path).catch((cause: unknown) => {
    throw new SourceError('SOURCE_NOT_FOUND', `There is no file or folder ${JSON.stringify(path)}.`, {
      cause,
    })
  })
  const stats = await lstat(real, { bigint: true })
  if (stats.isDirectory()) return await openFolderTree(real)
  if (!stats.isFile()) throw unreadable(path)
  const handle = await open(real, 'r').catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  try {
    if (await startsAsZip(handle)) return await openZipTree(real, limits)
  } finally {
    await handle.close()
  }
  const name = basename(real)
  const file = { path: name, sizeBytes: Number(stats.size), device: stats.dev, inode: stats.ino }
  return listedTree(dirname(real), name, {
    files: new Map([[name, file]]),
    refused: [],
    refusedPaths: new Set(),
  })
}

async function startsAsZip(handle: FileHandle): Promise<boolean> {
  const start = Buffer.alloc(4)
  const { bytesRead } = await handle.read(start, 0, 4, 0)
  return bytesRead === 4 && isZipStart(start)
}

function unreadable(path: string, cause?: unknown): SourceError {
  return new SourceError(
    'SOURCE_UNREADABLE',
    `${JSON.stringify(path)} is not a file or folder that can be read.`,
    { cause },
  )
}
