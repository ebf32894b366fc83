import { readdir } from 'node:fs/promises'
import { AppError } from '#lib/errors/index.ts'
import { GenerateError } from './errors.ts'

/** True when the folder is there and empty, false when there is none. Errors: `OUTPUT_NOT_EMPTY`, `OUTPUT_UNWRITABLE`. */
export async function isEmptyFolder(dir: string): Promise<boolean> {
  try {
    if ((await readdir(dir)).length === 0) return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw asGenerateError(error)
  }
  throw new GenerateError('OUTPUT_NOT_EMPTY', `${dir} has files in it. Choose a new or an empty folder.`)
}

/** System errors as `OUTPUT_UNWRITABLE`; anything without a code is a fault of ours and is not dressed up. */
export function asGenerateError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error) || !('code' in error)) return error
  return new GenerateError('OUTPUT_UNWRITABLE', `The output could not be written (${String(error.code)}).`, {
    cause: error,
  })
}
