import { AppError } from '#lib/errors/index.ts'

export type LogStoreErrorCode =
  /** There is no log in this folder. */
  | 'LOG_NOT_FOUND'
  /** The folder already holds something. */
  | 'LOG_EXISTS'
  /** An origin, interval or witness that a log cannot be made with. */
  | 'LOG_SETTINGS'
  | 'LOG_LOCKED'
  /** The lock was taken away while it was held; nothing was signed. */
  | 'LOG_LOCK_LOST'
  | 'LOG_UNREADABLE'
  | 'LOG_WRITE_FAILED'
  | 'LOG_CLOSED'
  /** A file of the log's own state is not what the log has written. */
  | 'LOG_DAMAGED'
  /** Tiles or entries are not those that were signed. */
  | 'LOG_TILES_ALTERED'
  /** A tile that is already there has other bytes than the one to be written. */
  | 'LOG_TILE_CONFLICT'
  /** Something that was signed is missing here: this is an older copy of the log. */
  | 'LOG_RESTORED'
  /** A witness has seen a larger log than this: this is an older copy of the log. */
  | 'LOG_BEHIND_WITNESS'
  /** A witness says that our checkpoint does not follow from the one it has seen. */
  | 'LOG_WITNESS_REFUSED'
  /** Signing this would make a second history. */
  | 'LOG_SIGN_CONFLICT'
  /** The log was stopped and waits for a person. */
  | 'LOG_HALTED'
  /** Too many commitments wait for the next checkpoint. */
  | 'LOG_BUSY'
  /** No checkpoint was published yet. */
  | 'LOG_NO_CHECKPOINT'
  /** The log knows neither a record of this id nor this commitment. */
  | 'LOG_RECORD_UNKNOWN'
  /** A record of this id is there already and says something else. */
  | 'LOG_RECORD_CONFLICT'
  /** Accepted, and not in the log by the time that was promised. */
  | 'LOG_MERGE_OVERDUE'
  /** Accepted, and not yet in a published checkpoint. */
  | 'LOG_RECORD_PENDING'
  /** The record's opening has been erased, so only its commitment can be asked for. */
  | 'LOG_OPENING_MISSING'
  /** A receipt or record file that cannot be read. */
  | 'LOG_INPUT_INVALID'
  /** A file that would be written is there already. */
  | 'LOG_OUTPUT_EXISTS'
  /** The checkpoint does not have enough co-signatures yet. */
  | 'LOG_NO_QUORUM'
  | 'KEY_MISSING'
  /** Others may read the key file. */
  | 'KEY_EXPOSED'
  | 'KEY_MALFORMED'
  /** One key for two purposes. */
  | 'KEY_REUSED'

/** A log that cannot be used as asked. What was acknowledged before stays. */
export class LogStoreError extends AppError<LogStoreErrorCode> {}

/** Why a check of a log failed, in words, with the place it was found in. */
export interface LogFault {
  readonly code: LogStoreErrorCode
  /** A path relative to the log's folder. */
  readonly where: string
  readonly what: string
}

export function damaged(where: string, what: string, cause?: unknown): LogStoreError {
  return new LogStoreError(
    'LOG_DAMAGED',
    `The log's own file ${where} is damaged: ${what}. Nothing was signed or changed. Keep the folder as it is, and run: saksi log fsck`,
    { cause },
  )
}

export function writeFailed(cause: unknown): LogStoreError {
  return new LogStoreError(
    'LOG_WRITE_FAILED',
    'The log could not be written. What was acknowledged before is safe; what was to be written now may be missing. Check the disk and try again.',
    { cause },
  )
}
