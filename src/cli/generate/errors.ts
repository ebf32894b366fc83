import { AppError } from '#lib/errors/index.ts'

export const GENERATE_ERROR_CODES = [
  'OUTPUT_NOT_EMPTY',
  'OUTPUT_UNWRITABLE',
  'OPTION_RANGE',
  'ABORTED',
] as const

export type GenerateErrorCode = (typeof GENERATE_ERROR_CODES)[number]

/** Why no synthetic export was made. Nothing is left behind. */
export class GenerateError extends AppError<GenerateErrorCode> {}

/** Errors: `ABORTED`. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new GenerateError('ABORTED', 'Stopped. The unfinished export was removed.')
}
