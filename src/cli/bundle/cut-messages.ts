import { createHash } from 'node:crypto'
import { openSourceTree } from '../source/index.ts'
import { BundleFileError } from './errors.ts'
import type { SelectedExhibit } from './select-exhibits.ts'

const MOST_BYTES = 1024 * 1024

/**
 * Cuts the selected messages out of the export, byte for byte, and holds each against the digest the scan gave. Null where
 * the scan knows no byte range. Throws `BundleFileError` `SCAN_CHANGED` when the export is not the one that was scanned,
 * or what `openSourceTree` throws.
 */
export async function cutMessages(
  exportPath: string,
  selected: readonly SelectedExhibit[],
): Promise<(Uint8Array | null)[]> {
  const tree = await openSourceTree(exportPath)
  try {
    const cut: (Uint8Array | null)[] = []
    for (const { match } of selected) {
      const { file, start, end, sha256 } = match.raw
      if (sha256 === null || end <= start || end - start > MOST_BYTES) {
        cut.push(null)
        continue
      }
      const bytes = await (await tree.open(file))?.slice(start, end)
      if (!bytes || createHash('sha256').update(bytes).digest('hex') !== sha256) throw changed()
      cut.push(bytes)
    }
    return cut
  } finally {
    await tree.close()
  }
}

function changed(): BundleFileError {
  return new BundleFileError(
    'SCAN_CHANGED',
    'The export does not hold the messages the scan saw at these places. Name the export that was scanned. Nothing was written.',
  )
}
