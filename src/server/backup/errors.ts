import { AppError } from '#lib/errors/index.ts'

export type BackupErrorCode =
  /** It is no backup of Saksi, was changed, or ends too early. */
  | 'BACKUP_DAMAGED'
  /** It was made by a newer Saksi. */
  | 'BACKUP_NEWER'
  /** The file cannot be made, or there is nothing to back up. */
  | 'BACKUP_TARGET'
  /** Something is in the database already. */
  | 'RESTORE_NOT_EMPTY'

/** A backup that cannot be read or put back. Messages say what is safe and what to do. */
export class BackupError extends AppError<BackupErrorCode> {}

export function damaged(what: string, cause?: unknown): BackupError {
  return new BackupError(
    'BACKUP_DAMAGED',
    `This backup cannot be used: ${what}. Nothing was put back. Try an older one.`,
    cause === undefined ? undefined : { cause },
  )
}
