import { base64ToBytes, bytesToBase64, equalBytes } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { isOrigin } from '../note/checkpoint.ts'
import type { Note } from '../note/note.ts'
import { verifyNote } from '../note/verify-note.ts'
import { KEY_TYPE, type Vkey } from '../note/vkey.ts'
import * as is from '../record/forms.ts'
import { assertHash, HASH_BYTES } from '../tree/hashing.ts'

/**
 * The organisation's signed promise, given at once, to have a commitment in its log by a time. A receipt without a
 * proof after that time shows a broken promise.
 */
export interface InterimReceipt {
  /** The origin of the log. */
  readonly log: string
  readonly commitment: Uint8Array
  /** SHA-256, in 64 lower-case hexadecimal digits, of the encrypted submission that is stored. */
  readonly manifestSha256: string
  /** `YYYY-MM-DD`: the day only. */
  readonly receivedOn: string
  /** `YYYY-MM-DDTHH:MM:SSZ` */
  readonly mergeBy: string
}

/** The name of the key that signs a log's receipts: the origin with its last segment replaced by `receipts`. */
export function receiptKeyName(log: string): string {
  const slash = log.lastIndexOf('/')
  return `${slash < 0 ? log : log.slice(0, slash)}/receipts`
}

/** The text of the receipt, to be signed as a note. Throws `RECEIPT_MALFORMED`, `HASH_LENGTH`. */
export function formatInterimReceipt(receipt: InterimReceipt): string {
  const { log, commitment, manifestSha256, receivedOn, mergeBy } = receipt
  assertHash(commitment)
  const text = [FIRST_LINE, log, bytesToBase64(commitment), manifestSha256, receivedOn, mergeBy, ''].join(
    '\n',
  )
  parseInterimReceipt(text)
  return text
}

/** Reads the text of a receipt. Throws `RECEIPT_MALFORMED`. */
export function parseInterimReceipt(text: string): InterimReceipt {
  const [first, log = '', commitmentLine = '', manifestSha256 = '', receivedOn = '', mergeBy = '', ...rest] =
    text.split('\n')
  const commitment = base64ToBytes(commitmentLine)
  if (first !== FIRST_LINE || rest.length !== 1 || rest[0] !== '') throw malformed('its lines are others')
  if (!isOrigin(log)) throw malformed('its log has no origin of our form')
  if (commitment?.length !== HASH_BYTES) throw malformed('its commitment is not the base64 of 32 bytes')
  if (!is.sha256Hex(manifestSha256)) throw malformed('its digest is not 64 lower-case hexadecimal digits')
  if (!is.day(receivedOn) || !is.instant(mergeBy)) throw malformed('a date does not exist')
  return { log, commitment, manifestSha256, receivedOn, mergeBy }
}

/**
 * The receipt in the note, signed by the receipts key of its log and made for this commitment. Throws
 * `RECEIPT_MALFORMED`, `NOTE_SIGNATURE`, `NOTE_UNVERIFIED`, `RECEIPT_MISMATCH`.
 */
export function verifyInterimReceipt(
  note: Note,
  vkeys: readonly Vkey[],
  commitment: Uint8Array,
): InterimReceipt {
  const receipt = parseInterimReceipt(note.text)
  const name = receiptKeyName(receipt.log)
  verifyNote(
    note,
    vkeys.filter((vkey) => vkey.name === name && vkey.type === KEY_TYPE.ed25519),
  )
  if (!equalBytes(receipt.commitment, commitment)) {
    throw new TlogError('RECEIPT_MISMATCH', 'the receipt is for another commitment')
  }
  return receipt
}

const FIRST_LINE = 'saksi-receipt/v1'

function malformed(what: string): TlogError {
  return new TlogError('RECEIPT_MALFORMED', `not an interim receipt: ${what}`)
}
