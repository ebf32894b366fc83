import { createHash } from 'node:crypto'
import { PICTURE_MAGIC_BYTES, pictureTypeOf } from '#lib/chat/index.ts'
import type { LocalTree } from '../source/index.ts'
import { BundleFileError } from './errors.ts'
import type { SelectedExhibit } from './select-exhibits.ts'

const MOST_BYTES = 1024 * 1024

/**
 * Cuts the selected messages out of the export, byte for byte, and holds each against the digest the scan gave. Null where
 * the scan knows no byte range, and where the range is the picture itself (a folder of pictures has no messages): what shows
 * a person never goes along unencrypted. Throws `BundleFileError` `SCAN_CHANGED` when the export is not the one that was
 * scanned.
 */
export async function cutMessages(
  tree: LocalTree,
  selected: readonly SelectedExhibit[],
): Promise<(Uint8Array | null)[]> {
  const cut: (Uint8Array | null)[] = []
  for (const { match } of selected) {
    const { file, start, end, sha256 } = match.raw
    const isPicture = sha256 === match.attachment.sha256 || file === match.attachment.path
    if (sha256 === null || isPicture || end <= start || end - start > MOST_BYTES) {
      cut.push(null)
      continue
    }
    const bytes = await (await tree.open(file))?.slice(start, end)
    if (!bytes || createHash('sha256').update(bytes).digest('hex') !== sha256) throw changed()
    cut.push(pictureTypeOf(bytes.subarray(0, PICTURE_MAGIC_BYTES)) === null ? bytes : null)
  }
  return cut
}

function changed(): BundleFileError {
  return new BundleFileError(
    'SCAN_CHANGED',
    'The export does not hold the messages the scan saw at these places. Name the export that was scanned. Nothing was written.',
  )
}
