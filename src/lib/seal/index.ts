export { SEAL_ERROR_CODES, SealError, type SealErrorCode } from './errors.ts'
