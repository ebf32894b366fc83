import { AppError } from '../errors/index.ts'

/** Every way in which sealing refuses something. Programs switch on these; texts are translated by code. */
export const SEAL_ERROR_CODES = [
  /** A return code holds something that is neither a digit nor a separator. */
  'RETURN_CODE_CHARS',
  /** A return code does not have its number of digits. */
  'RETURN_CODE_LENGTH',
  /** The check digit does not fit: mistyped, or never given out. */
  'RETURN_CODE_CHECK',
  /** The code is of a series that this version does not know: a newer page is needed. */
  'RETURN_CODE_SERIES',
  /** A key, seed, address, salt, nonce or hash does not have its length, or a number is out of its range. */
  'SEAL_INPUT',
  /** The id of the organisation is empty, too long, or holds control characters. */
  'SEAL_ORG_ID',
  /** Argon2id parameters out of the range that every client can compute. */
  'SEAL_KDF_PARAMETERS',
  /** Not canonical JSON of the allowed values (RFC 8785; no null, no fractions, no key twice), or text not in NFC. */
  'SEAL_NOT_CANONICAL',
  /** No recipient at all, too many, or the same one twice. */
  'SEAL_RECIPIENT_COUNT',
  /** Not an age recipient of a kind that is allowed here. */
  'SEAL_RECIPIENT',
  /** Not an age identity of a kind that is allowed here. */
  'SEAL_IDENTITY',
  /** Hybrid and X25519 recipients for one file: that would silently remove the post-quantum protection. */
  'SEAL_MIXED_RECIPIENTS',
  /** Sealed, but to somebody else. */
  'SEAL_NOT_FOR_THIS_KEY',
  /** Not a sealed file, or altered, shortened or extended. Nothing of it may be used. */
  'SEAL_BROKEN',
  /** Larger than what can be held at once; use the stream. */
  'SEAL_TOO_LARGE',
  /** A signature does not verify. */
  'SEAL_SIGNATURE',
  /** Not a frame: version, type, length, size class or padding. */
  'FRAME_INVALID',
  /** The payload is longer than the largest frame of its type. */
  'FRAME_TOO_LARGE',
  /** A wrap of another case, or one whose parts contradict each other. */
  'WRAP_MISMATCH',
  /** A wrap of a version or of an identity kind that this version does not know. */
  'WRAP_VERSION',
  /** Addresses or recipients of slots that do not fit together. */
  'WRAP_SLOTS',
  /** The recipient is on the exclusion list of the case. */
  'CASE_EXCLUDED_RECIPIENT',
  /** Nobody is left who could read the case: a partner organisation has to be chosen. */
  'CASE_NO_RECIPIENT',
  /** A case-open record that is not in its form or does not belong to this case. */
  'CASE_OPEN_INVALID',
  /** A chunk does not have the digest that was named for it. */
  'BLOB_CHUNK_HASH',
  /** Another chunk was already stored under this number. */
  'BLOB_CHUNK_CONFLICT',
  /** A chunk with a number or a length that its file does not have. */
  'BLOB_CHUNK_SIZE',
  /** A file, or all files of a case, above the limits. */
  'BLOB_LIMIT',
  /** A file is not the one that its description names: length or digest. */
  'BLOB_MISMATCH',
  /** A list of files that is not in its form. */
  'BLOB_LIST_INVALID',
  /** The proof of work does not have its leading zero bits. */
  'POW_REQUIRED',
  /** The search for a proof of work was called off, or no counter fits. */
  'POW_CANCELLED',
] as const

export type SealErrorCode = (typeof SEAL_ERROR_CODES)[number]

/** A refusal of the sealing library. Nothing was sealed, opened or sent. */
export class SealError extends AppError<SealErrorCode> {}
