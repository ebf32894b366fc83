import { AppError } from '#lib/errors/index.ts'
import { DatabaseError, type DatabaseErrorCode } from './errors.ts'

const MESSAGES = {
  DATABASE_UNREACHABLE: 'The database cannot be reached, or the connection to it was lost. Try again.',
  DATABASE_TIMEOUT: 'The database did not answer in the time allowed. The statement was given up.',
  DATABASE_CANCELLED: 'The statement was cancelled before it was done.',
  DATABASE_CLOSED: 'The database was closed by this program.',
  DATABASE_FAILED: 'The database refused the statement.',
} as const satisfies Partial<Record<DatabaseErrorCode, string>>

// SQLSTATE classes: 08 connection exceptions, 57P shutdowns and kills by an operator, 53300 too many connections.
const UNREACHABLE_STATES = /^(08...|57P0[1-5]|53300)$/
const UNREACHABLE_SYSTEM_CODES = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'EACCES',
  'ETIMEDOUT',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
])
// What TLS says of a server whose certificate is not trusted, or that speaks none.
const TLS_CODES = /^(ERR_(SSL|TLS)_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$|HOSTNAME_MISMATCH$)/
// The driver has no codes for these.
const UNREACHABLE_TEXTS =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|The server does not support SSL|There was an error establishing an SSL|SASL: |Received unexpected )/
const TIMEOUT_TEXTS = /^(Query read timeout)/
const CONNECT_TIMEOUT_TEXTS = /timeout expired|timeout exceeded when trying to connect/
const CLOSED_TEXTS = /^(driver has already been destroyed|Cannot use a pool after calling end)/

/**
 * What a driver threw, as an error with a code. An error that has a code of ours already, and one that no database
 * threw (a fault of the program), come back unchanged.
 */
export function translateError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error
  const code = codeOf(error)
  return code === null ? error : new DatabaseError(code, MESSAGES[code], { cause: error })
}

function codeOf(error: Error): keyof typeof MESSAGES | null {
  const state = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (state === '57014') return isByTimeout(error) ? 'DATABASE_TIMEOUT' : 'DATABASE_CANCELLED'
  if (UNREACHABLE_STATES.test(state) || UNREACHABLE_SYSTEM_CODES.has(state)) return 'DATABASE_UNREACHABLE'
  if (TLS_CODES.test(state)) return 'DATABASE_UNREACHABLE'
  if (TIMEOUT_TEXTS.test(error.message)) return 'DATABASE_TIMEOUT'
  if (UNREACHABLE_TEXTS.test(error.message) || CONNECT_TIMEOUT_TEXTS.test(error.message)) {
    return 'DATABASE_UNREACHABLE'
  }
  if (CLOSED_TEXTS.test(error.message)) return 'DATABASE_CLOSED'
  return /^[0-9A-Z]{5}$/.test(state) ? 'DATABASE_FAILED' : null
}

/**
 * SQLSTATE 57014 stands for both. A server that speaks another language cannot be told from its words; there it counts as
 * the time-out, and who cancelled a statement knows it anyway.
 */
function isByTimeout(error: Error): boolean {
  return !error.message.includes('user request')
}

/** Runs `work` and throws what it throws as `translateError` makes it. */
export async function withCodedErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw translateError(error)
  }
}
