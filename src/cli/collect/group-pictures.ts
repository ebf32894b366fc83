import { createHash } from 'node:crypto'
import { AppError } from '#lib/errors/index.ts'
import type { LocalTree } from '../source/index.ts'
import type { PictureFile } from './find-pictures.ts'

export const MAX_PICTURE_BYTES = 60_000_000

/** Files with the same bytes: one picture, asked about once. */
export interface SamePicture {
  readonly sha256: string
  /** The newest first; one at least. */
  readonly files: readonly [PictureFile, ...PictureFile[]]
}

export interface UnreadFile {
  readonly path: string
  readonly code: string
}

/** Puts files with the same bytes together, those shown last first. A file that cannot be read is told, the rest goes on. */
export async function groupPictures(
  tree: LocalTree,
  files: readonly PictureFile[],
  { signal, onFile }: { readonly signal: AbortSignal; readonly onFile: (done: number) => void },
): Promise<{ readonly pictures: readonly SamePicture[]; readonly unread: readonly UnreadFile[] }> {
  const groups = new Map<string, [PictureFile, ...PictureFile[]]>()
  const unread: UnreadFile[] = []
  const newestFirst = [...files].sort((a, b) => b.lastSeq - a.lastSeq || (a.path < b.path ? -1 : 1))
  for (const [done, file] of newestFirst.entries()) {
    signal.throwIfAborted()
    onFile(done)
    try {
      const bytes = await tree.read(file.path, MAX_PICTURE_BYTES)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const known = groups.get(sha256)
      if (known) known.push(file)
      else groups.set(sha256, [file])
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      unread.push({ path: file.path, code: error.code })
    }
  }
  return { pictures: [...groups].map(([sha256, same]) => ({ sha256, files: same })), unread }
}
