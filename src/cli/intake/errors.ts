import { AppError } from '#lib/errors/index.ts'

export type IntakeErrorCode =
  /** Something has to be answered, and nobody is there to answer. */
  | 'ANSWER_NEEDED'
  /** The address of a server is not one, or would send what is sealed over an open line. */
  | 'SERVER_URL'
  /** No picture enters the bank unless she is an adult, now and in the picture. */
  | 'MINOR_PICTURE_REFUSED'
  | 'NO_PICTURES'
  /** Nothing has such a code: mistyped, erased, or of another organisation. */
  | 'NO_MAILBOX'
  /** What was to be kept in a file is there already, or cannot be written. */
  | 'FILE_IN_THE_WAY'
  /** The report was received; some pictures are not being looked for yet. */
  | 'PICTURES_NOT_REGISTERED'
  /** The server was not reached, or did not answer to the end. */
  | 'NOT_SENT'
  | 'NOT_ERASED'
  | 'RECEIPT_NOT_KEPT'
  | 'TEXT_UNREADABLE'
  /** Not a file of what an organisation is trusted by. */
  | 'TRUST_UNREADABLE'

/** A report, a mailbox or a collection cannot go on. The message says what is safe and what to do. */
export class IntakeError extends AppError<IntakeErrorCode> {}
