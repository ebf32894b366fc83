import { AppError } from '#lib/errors/index.ts'

export type LockErrorCode =
  /** Somebody else holds it, and may be alive. */
  | 'LOCK_TAKEN'
  /** The folder cannot be written to. */
  | 'LOCK_WRITE_FAILED'

/** A lock file that could not be taken. Whoever asked says it in words of the thing that is locked. */
export class LockError extends AppError<LockErrorCode> {}
