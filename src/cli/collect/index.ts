export { type Collection, type CollectionResult, collectExport } from './collect-export.ts'
export { CollectError, type CollectErrorCode } from './errors.ts'
