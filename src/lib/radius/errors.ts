import { AppError } from '../errors/index.ts'

export type RadiusErrorCode =
  | 'BAD_LENGTH'
  | 'BAD_ID'
  | 'DUPLICATE_ID'
  | 'BAD_RADIUS'
  | 'BAD_OPTIONS'
  | 'TOO_MANY'
  | 'SNAPSHOT_CORRUPT'
  | 'SNAPSHOT_VERSION'

/** A refused call. The index is as it was before the call. */
export class RadiusError extends AppError<RadiusErrorCode> {}
