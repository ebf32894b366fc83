import { AppError } from '#lib/errors/index.ts'

export type WitnessErrorCode =
  /** Another witness runs on this state. */
  | 'WITNESS_LOCKED'
  /** The state cannot be read or is not what the witness has written: it must not co-sign from a guess. */
  | 'WITNESS_STATE'
  /** The address is taken or not ours. */
  | 'WITNESS_LISTEN'
  /** The log is known under this origin already, with this key. */
  | 'WITNESS_KNOWN'

/** A witness that cannot be run as asked. */
export class WitnessError extends AppError<WitnessErrorCode> {}
