export { LockError } from './errors.ts'
export { acquireLock, type Lock } from './lock.ts'
