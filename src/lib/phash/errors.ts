import { AppError } from '../errors/index.ts'

/**
 * `BAD_DIMENSIONS`: a side or a rectangle is not whole, below 1, or outside the picture. `BAD_LENGTH`: the data is not
 * width x height x channels bytes. `TOO_LARGE`: more than `MAX_PIXELS`. `BAD_HEX`: not exactly 64 hexadecimal digits.
 * `BAD_HASH_LENGTH`: not 32 bytes. `NO_KERNEL`: a kernel was asked for by name that this runtime cannot run.
 */
export type FingerprintErrorCode =
  | 'BAD_DIMENSIONS'
  | 'BAD_LENGTH'
  | 'TOO_LARGE'
  | 'BAD_HEX'
  | 'BAD_HASH_LENGTH'
  | 'NO_KERNEL'

export class FingerprintError extends AppError<FingerprintErrorCode> {}
