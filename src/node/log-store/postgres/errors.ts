import { AppError } from '#lib/errors/index.ts'
import { translateError } from '../../db/index.ts'
import { LogStoreError } from '../errors.ts'
import { APPEND_ONLY_STATE } from './schema.ts'

/** SQLSTATE: undefined_table. */
const NO_TABLE = '42P01'

/** Runs statements; what the database throws becomes an error with a code, without a word of statement or parameter. */
export async function withLogErrors<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    throw coded(error)
  }
}

/** The same for a writer: with its connection it has lost its lock, and must not go on. */
export async function withWriterErrors<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    const known = coded(error)
    throw known instanceof AppError && LOST.has(known.code) ? lockLost(known) : known
  }
}

export function lockLost(cause?: unknown): LogStoreError {
  return new LogStoreError(
    'LOG_LOCK_LOST',
    'The right to write to this log was lost while it was being written to. Nothing was signed. If the connection to the database broke, try again; else find out which other program writes to this log.',
    { cause },
  )
}

const LOST = new Set(['DATABASE_UNREACHABLE', 'DATABASE_CLOSED', 'DATABASE_TIMEOUT'])

function coded(error: unknown): unknown {
  if (error instanceof AppError) return error
  const state = error instanceof Error && 'code' in error ? error.code : null
  if (state === APPEND_ONLY_STATE) {
    return new LogStoreError(
      'LOG_SIGN_CONFLICT',
      'The database refused what does not follow from what the log has signed. Nothing was signed.',
      { cause: error },
    )
  }
  if (state === NO_TABLE) {
    return new LogStoreError(
      'LOG_NOT_FOUND',
      'There is no log in this database. When making it was cut short, delete the folder and make it again.',
      { cause: error },
    )
  }
  return translateError(error)
}
