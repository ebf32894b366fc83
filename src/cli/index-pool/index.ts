export { PoolError, type PoolErrorCode } from './errors.ts'
export { IndexPool, type IndexPoolOptions } from './index-pool.ts'
