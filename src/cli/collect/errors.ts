import { AppError } from '#lib/errors/index.ts'

export type CollectErrorCode =
  /** The line or the server gave out before all was sent; the next run sends the rest. */
  | 'COLLECT_UNFINISHED'
  /** The invite is used up, over or not one of this organisation, or one is needed. */
  | 'COLLECT_INVITE'
  /** The file for asking again is in the way or cannot be written. */
  | 'COLLECT_KEEP'
  /** Not a file for asking again, altered, or of another passphrase. */
  | 'COLLECT_KEPT'
  /** Another run collects this export at this moment. */
  | 'COLLECT_RUNNING'
  /** The note of what was sent cannot be kept. */
  | 'COLLECT_STATE'

/** A collection that did not come to its end. The message says what is safe and what to do. */
export class CollectError extends AppError<CollectErrorCode> {}
