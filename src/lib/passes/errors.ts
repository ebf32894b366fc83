import { AppError } from '../errors/index.ts'

export const PASS_ERROR_CODES = [
  /** An invite has 20 digits. */
  'INVITE_LENGTH',
  /** Something else than digits is in it. */
  'INVITE_CHARS',
  /** Mistyped somewhere: its check digit does not fit. */
  'INVITE_CHECK',
  /** Not issued under the key it names, or not for this. */
  'PASS_INVALID',
  /** What was asked for or answered is not in its form. */
  'PASS_FORM',
] as const
export type PassErrorCode = (typeof PASS_ERROR_CODES)[number]

/** An invite or a pass that cannot be used. No message repeats it. */
export class PassError extends AppError<PassErrorCode> {}
