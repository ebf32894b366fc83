import { AppError } from '#lib/errors/index.ts'

export type BankErrorCode =
  | 'BANK_NOT_FOUND'
  | 'BANK_NOT_A_BANK'
  | 'BANK_TOO_NEW'
  | 'BANK_DAMAGED'
  | 'BANK_LOCKED'
  | 'BANK_UNREADABLE'
  | 'BANK_WRITE_FAILED'
  | 'BANK_CLOSED'
  | 'ERASURE_FAILED'
  | 'ENTRY_ID_INVALID'
  | 'ENTRY_UNKNOWN'
  | 'ENTRY_WITHDRAWN'
  | 'PICTURE_INVALID'

/**
 * Why one line of a bank counts for nothing. `CHECKSUM`: changed or cut since it was written. `NOT_A_RECORD`: whole, but
 * not what Saksi writes. `TOO_LONG`: longer than any record. `OUT_OF_ORDER`: repeated, moved, or after its entry's
 * withdrawal. `LINES_MISSING`: the line is good, but lines before it are gone.
 */
export type LineFaultCode = 'CHECKSUM' | 'NOT_A_RECORD' | 'TOO_LONG' | 'OUT_OF_ORDER' | 'LINES_MISSING'

export interface LineFault {
  /** Line of the file, from 1. */
  readonly line: number
  readonly code: LineFaultCode
}

/** A bank file that cannot be used as asked. It is as it was before the call, unless the code is BANK_WRITE_FAILED. */
export class BankError extends AppError<BankErrorCode> {
  /** With BANK_DAMAGED: every line that cannot be used. */
  readonly faults: readonly LineFault[]

  constructor(
    code: BankErrorCode,
    message: string,
    options: { cause?: unknown; faults?: readonly LineFault[] } = {},
  ) {
    super(code, message, { cause: options.cause })
    this.faults = options.faults ?? []
  }
}

export function damaged(faults: readonly LineFault[]): BankError {
  const lines = faults.map((fault) => `${fault.line} (${fault.code})`)
  const shown = lines.slice(0, 5).join(', ') + (lines.length > 5 ? ` and ${lines.length - 5} more` : '')
  return new BankError(
    'BANK_DAMAGED',
    `The bank file is damaged: line ${shown}. Nothing was changed. A damaged line may be a withdrawal, so nothing was compared either: restore the file from a copy.`,
    { faults },
  )
}

export function writeFailed(cause: unknown): BankError {
  return new BankError(
    'BANK_WRITE_FAILED',
    'The bank file could not be written. What was registered before is safe; what was to be written now may be missing. Check the disk and try again.',
    { cause },
  )
}
