import { AppError } from '#lib/errors/index.ts'

export type ServerErrorCode =
  /** A setting is missing or cannot be used. */
  | 'SERVER_SETTINGS'
  /** Another server has this data directory. */
  | 'SERVER_ALREADY_RUNNING'
  /** The data directory, or something in it, cannot be made, read or written. */
  | 'SERVER_DATA'
  /** The address to listen on cannot be had. */
  | 'SERVER_ADDRESS'
  /** The database was changed by a newer Saksi than this one. */
  | 'SERVER_DATABASE_NEWER'
  | 'SERVER_NOT_BUILT'

/** The server cannot start, or cannot go on. Messages say what is safe and what to do, and hold no secret. */
export class ServerError extends AppError<ServerErrorCode> {}

/** A refusal of an operation: a code of its contract, which is all that the caller gets to see. */
export class Refused<Code extends string = string> extends AppError<Code> {
  constructor(code: Code, options?: { cause?: unknown }) {
    super(code, code, options)
  }
}
