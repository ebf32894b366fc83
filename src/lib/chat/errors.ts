import { AppError } from '../errors/index.ts'

/** Why an export was refused as a whole. Faults inside it are warnings, gaps and repairs of the collection. */
export const CHAT_ERROR_CODES = [
  'FORMAT_UNKNOWN',
  'FORMAT_AMBIGUOUS',
  'TG_FULL_ACCOUNT',
  'JSON_DAMAGED',
  'ZIP_INVALID',
  'ZIP_ENCRYPTED',
  'ZIP_TOO_LARGE',
  'EXPORT_EMPTY',
  'ZONE_UNKNOWN',
  'ABORTED',
] as const

export type ChatErrorCode = (typeof CHAT_ERROR_CODES)[number]

export class ChatError extends AppError<ChatErrorCode> {}
