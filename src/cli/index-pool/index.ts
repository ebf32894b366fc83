export type { PoolError, PoolErrorCode } from './errors.ts'
export { IndexPool, type IndexPoolOptions } from './index-pool.ts'
