import { AppError } from '../errors/index.ts'

export type RadiusErrorCode =
  | 'BAD_LENGTH'
  | 'BAD_ID'
  | 'DUPLICATE_ID'
  | 'BAD_RADIUS'
  | 'BAD_OPTIONS'
  | 'OUT_OF_MEMORY'
  | 'NO_KERNEL'
  | 'REBUILD_OVER'
  | 'SNAPSHOT_CORRUPT'
  | 'SNAPSHOT_VERSION'

/** A refused call. The index is as it was before the call and goes on answering. */
export class RadiusError extends AppError<RadiusErrorCode> {}
