import { canonicalRecord } from '../../tlog/index.ts'
import { contextFields, label, type RecordContext } from './log-records.ts'

export interface HandedOver {
  /** Random id of the bundle, 32 hexadecimal digits. */
  bundle: string
  agency: string
  /** How it went: lower-case letters, digits, dots and dashes, such as `courier`. */
  method: string
  /** SHA-256 of the file as it was sent, encrypted if it was. */
  fileSha256: string
  /** The agency's own number for it. */
  reference: string | null
  /** The agency has confirmed that it has it. */
  isAcknowledged: boolean
}

/**
 * The record that a bundle went to an agency, or that the agency has acknowledged it. It cannot be in the bundle itself: it
 * holds the digest of the finished file. Throws `TlogError` for words that a record cannot hold.
 */
export function handOverRecord(handed: HandedOver, id: string, context: RecordContext): Uint8Array {
  const { bundle, agency, method, fileSha256, reference, isAcknowledged } = handed
  return canonicalRecord({
    v: 1,
    type: isAcknowledged ? 'handover.acknowledged' : 'handover.made',
    id,
    ...contextFields(context),
    body: {
      bundle,
      agency: label(agency),
      method,
      zipAgeSha256: fileSha256,
      ...(reference !== null && { reference: label(reference) }),
    },
  })
}
