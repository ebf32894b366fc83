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
  /** The root keys of an organisation, or a change of them, that is not in its form or not signed by enough old and new keys. */
  'ROOT_INVALID',
  /** Not a roster of this organisation signed by two different root keys, or not in its form. */
  'ROSTER_INVALID',
  /** The roster is not valid yet or no longer. */
  'ROSTER_EXPIRED',
  /** An older roster than what was known, or one that does not continue it. */
  'ROSTER_ROLLBACK',
  /** Nothing shows that the roster is in a log that enough witnesses have seen of late. */
  'ROSTER_UNLOGGED',
  /** The organisation keeps no prints. */
  'ROSTER_NO_BANK',
  /** A new roster that officers must not sign: it forgets keys, or leaves cases open to somebody who goes. */
  'ROSTER_SUCCESSION',
  /** A request to join the roster that is not in its form or not signed by its own key. */
  'ENROL_INVALID',
  /** A message that cannot be written: a field out of its form, or too long to send in one piece. */
  'MESSAGE_INVALID',
  /** A new epoch that does not follow the one in use, or is not signed by somebody who may start one. */
  'EPOCH_UNTRUSTED',
  /** Parameters of a passphrase weaker than this client computes; no passphrase was used. */
  'STAFF_KDF_DOWNGRADE',
  /** A way of unlocking, or its row, that is not in its form. */
  'STAFF_METHOD',
  /** Fewer than two ways of unlocking, or no passphrase among them. */
  'STAFF_METHODS_TOO_FEW',
  /** Too short, too common or too regular to keep a thief of the database out. */
  'STAFF_PASSPHRASE_WEAK',
  /** Not the 40 digits of a recovery sheet, or mistyped. */
  'STAFF_SHEET',
  /** The box of keys does not open: another secret, another row, or altered. */
  'STAFF_BOX',
  /** Signing in is refused. Nothing says why. */
  'STAFF_LOGIN_REFUSED',
  /** Not a printed share, or mistyped. */
  'RECOVERY_SHARE',
  /** The shares do not give a recovery secret: too few, altered, or of different ceremonies. */
  'RECOVERY_CHECK_FAILED',
  /** Holders of shares that could open a case in one organisation, or hold too much otherwise. */
  'RECOVERY_HOLDERS',
  /** A step of a recovery that is not allowed now, or not by this person. */
  'RECOVERY_STEP',
  /** A set of prints that is not in its form. */
  'PRINT_SET_INVALID',
  /** A hit that is not for this row, or was altered. */
  'HIT_INVALID',
] as const

export type SealErrorCode = (typeof SEAL_ERROR_CODES)[number]

/** A refusal of the sealing library. Nothing was sealed, opened or sent. */
export class SealError extends AppError<SealErrorCode> {}
