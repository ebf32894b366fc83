export { SourceError, type SourceErrorCode } from './errors.ts'
export type { LocalTree } from './local-tree.ts'
export { openSourceTree } from './open.ts'
export type { ZipLimits } from './zip-directory.ts'
