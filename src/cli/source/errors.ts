import { AppError } from '#lib/errors/index.ts'

/** Why a path could not be handed over, or a file in it not be read. Faults of an archive are `ChatError`s. */
export type SourceErrorCode =
  | 'SOURCE_NOT_FOUND'
  | 'SOURCE_UNREADABLE'
  | 'SOURCE_TOO_MANY_FILES'
  | 'FILE_MISSING'
  | 'FILE_REFUSED'
  | 'FILE_TOO_LARGE'
  | 'FILE_CHANGED'

export class SourceError extends AppError<SourceErrorCode> {}

/** The `code` of an error of the operating system, such as `ENOENT`; null when it is another kind of error. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
