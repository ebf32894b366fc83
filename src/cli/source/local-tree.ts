import type { SourceTree } from '#lib/chat/index.ts'

/** An export on this computer: a folder, a file or a zip archive. Nothing in it is ever changed. */
export interface LocalTree extends SourceTree {
  /**
   * A whole file, for pictures. Throws `SourceError`: `FILE_MISSING`, `FILE_REFUSED`, `FILE_TOO_LARGE` (over `maxBytes`;
   * nothing was read), `FILE_CHANGED`; or `ChatError` `ZIP_INVALID` when an archive's bytes are not what it says.
   */
  read(path: string, maxBytes: number): Promise<Uint8Array>
  /** Closes every descriptor and stream; the tree is of no use afterwards. */
  close(): Promise<void>
}
