import { AppError } from '#lib/errors/index.ts'

export type DatabaseErrorCode =
  | 'DATABASE_BAD_URL'
  | 'DATABASE_TOO_OLD'
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_TIMEOUT'
  | 'DATABASE_CANCELLED'
  | 'DATABASE_FAILED'
  | 'DATABASE_CLOSED'
  | 'DATABASE_UNSUPPORTED_SYSTEM'
  | 'DATABASE_NO_USER'
  | 'DATABASE_START_FAILED'
  | 'DATA_DIRECTORY_IN_USE'
  | 'DATA_DIRECTORY_NOT_OURS'
  | 'DATA_DIRECTORY_UNREACHABLE'
  | 'DATA_DIRECTORY_UNUSABLE'

/**
 * The database could not be opened, or could not answer. Messages never hold a statement, a parameter or an address;
 * `cause` may, and is not for logs.
 */
export class DatabaseError extends AppError<DatabaseErrorCode> {}
