import { sealedLength } from '../envelope/sizes.ts'
import { SealError } from '../errors.ts'
import { frameLength } from '../frame/padded-size.ts'

/** What a server allows. It can be less than `BLOB_LIMITS`, never more. */
export interface BlobLimits {
  readonly fileBytes: number
  readonly caseBytes: number
  readonly files: number
}

export const BLOB_LIMITS: BlobLimits = { fileBytes: 512 * 2 ** 20, caseBytes: 2 * 2 ** 30, files: 64 }

/** How many bytes a file has when it is framed and sealed: only its size class shows. Errors: `BLOB_LIMIT`. */
export function sealedFileLength(fileBytes: number, limits: BlobLimits = BLOB_LIMITS): number {
  checkFileSize(fileBytes, limits)
  return sealedLength(frameLength('file', fileBytes))
}

/** Refuses (`BLOB_LIMIT`) one file more than a case may hold. Sizes are those of the files themselves. */
export function checkCaseSize(fileSizes: readonly number[], limits: BlobLimits = BLOB_LIMITS): void {
  for (const size of fileSizes) checkFileSize(size, limits)
  const total = fileSizes.reduce((sum, size) => sum + size, 0)
  if (fileSizes.length > limits.files || total > limits.caseBytes)
    throw limitError('These are more files than one case can hold.')
}

function checkFileSize(fileBytes: number, limits: BlobLimits): void {
  if (!Number.isSafeInteger(fileBytes) || fileBytes < 0 || fileBytes > limits.fileBytes)
    throw limitError('This file is larger than one file may be.')
}

function limitError(what: string): SealError {
  return new SealError('BLOB_LIMIT', `${what} Nothing was sent.`)
}
