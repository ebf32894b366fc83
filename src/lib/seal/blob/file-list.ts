import { isWellFormed } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { exactly, hex32, id16, listOf, shape, whole } from '../roster/forms.ts'
import { BLOB_LIMITS, checkCaseSize } from './limits.ts'

/** A file of a case, as its sealed list describes it. Nothing of this reaches a server. */
export interface FileDescription {
  /** Id of the sealed file at the server: 16 random bytes in base64url. */
  readonly blob: string
  readonly name: string
  readonly sizeBytes: number
  /** SHA-256 of the file itself, 64 hexadecimal digits. */
  readonly sha256: string
  /** As the device named it, such as `image/jpeg`; empty when it did not. */
  readonly mime: string
  readonly note: string
}

export interface FileList {
  readonly v: 1
  readonly files: readonly FileDescription[]
}

const text =
  (most: number) =>
  (value: unknown): value is string =>
    typeof value === 'string' && value.length <= most && isWellFormed(value)

const isFileList = shape({
  v: exactly(1),
  files: listOf(
    shape({
      blob: id16,
      name: text(1024),
      sizeBytes: whole(0, BLOB_LIMITS.fileBytes),
      sha256: hex32,
      mime: text(128),
      note: text(2000),
    }),
    0,
    BLOB_LIMITS.files,
  ),
})

/**
 * The list of files in a sealed item. Names are shown as text and never used as paths. Refuses (`BLOB_LIST_INVALID`) other
 * forms and a blob named twice, and (`BLOB_LIMIT`) more than a case may hold.
 */
export function checkFileList(item: unknown): FileList {
  if (!isFileList(item) || new Set(item.files.map(({ blob }) => blob)).size < item.files.length)
    throw new SealError('BLOB_LIST_INVALID', 'The list of files is not in its form.')
  checkCaseSize(item.files.map(({ sizeBytes }) => sizeBytes))
  return item
}
