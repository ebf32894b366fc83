export { BulkFilter } from './bulk-filter.ts'
export { IndexPool, type IndexPoolOptions } from './index-pool.ts'
export { type BatchWork, OrderedBatches } from './ordered-batches.ts'
