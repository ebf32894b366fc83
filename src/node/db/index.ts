export { DatabaseError, type DatabaseErrorCode } from './errors.ts'
export { type Database, type DatabaseOptions, type DatabaseTarget, openDatabase } from './open.ts'
export { translateError, withCodedErrors } from './translate-error.ts'
