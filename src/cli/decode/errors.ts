import { AppError } from '#lib/errors/index.ts'

/** Why one picture could not be read. The rest of the work goes on. */
export const DECODE_ERROR_CODES = [
  'NOT_A_PICTURE',
  'UNSUPPORTED_PICTURE',
  'PICTURE_DAMAGED',
  'PICTURE_TOO_LARGE',
  'FILE_TOO_LARGE',
  'FILE_UNREADABLE',
  'DECODE_TIMEOUT',
  'DECODER_CRASHED',
] as const

export type DecodeErrorCode = (typeof DECODE_ERROR_CODES)[number]

export class DecodeError extends AppError<DecodeErrorCode> {}
