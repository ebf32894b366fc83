import { open } from 'node:fs/promises'
import { textToUtf8 } from '#lib/bytes/index.ts'
import { parseOpening } from '#lib/tlog/index.ts'
import type { Connection } from './connect.ts'
import { IntakeError } from './errors.ts'
import type { OpenedMailbox } from './open-mailbox.ts'

/** What shows that her report was received. */
export interface ReceiptText {
  /** `proof`: it is in the log. `promise`: the log has promised to have it by a time. */
  readonly kind: 'proof' | 'promise'
  readonly text: string
}

/**
 * The proof that her report is in the custody log, or the signed promise while it waits. Throws `IntakeError`
 * RECEIPT_NOT_KEPT when the case has none, `CallError`, `TlogError`.
 */
export async function receiptOf({ log }: Connection, { own }: OpenedMailbox): Promise<ReceiptText> {
  const [kept] = own.receipts
  if (kept === undefined) {
    throw new IntakeError(
      'RECEIPT_NOT_KEPT',
      'There is no receipt in this case: the line broke before it could be kept. The report itself is there.',
    )
  }
  const bytes = textToUtf8(kept.opening)
  if (own.logIndex !== null && bytes !== null) {
    const proven = await log.prove(parseOpening(bytes), own.logIndex, await log.policy())
    if (proven !== null) return { kind: 'proof', text: proven.proof }
  }
  return { kind: 'promise', text: kept.receipt }
}

/** Writes a file for its owner alone, and over nothing. Throws `IntakeError` FILE_IN_THE_WAY. */
export async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw new IntakeError('FILE_IN_THE_WAY', `${path} is there already, or cannot be written.`, { cause })
  }
}
