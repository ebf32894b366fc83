import { AppError } from '#lib/errors/index.ts'

export type PoolErrorCode = 'POOL_BUSY' | 'POOL_BROKEN' | 'POOL_CLOSED'

/** The pool did not take or finish a call. Nothing that had been added is lost by it. */
export class PoolError extends AppError<PoolErrorCode> {}
