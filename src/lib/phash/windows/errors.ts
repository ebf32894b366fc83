import { AppError } from '../../errors/index.ts'

/**
 * `ABORTED`: the signal said stop; nothing was kept. `BAD_REGION`: a region that is not whole pixels inside the picture.
 * `BAD_ROW`: a row that cannot be written, or bytes that are not one.
 */
export type WindowErrorCode = 'ABORTED' | 'BAD_REGION' | 'BAD_ROW'

export class WindowError extends AppError<WindowErrorCode> {}
