import { AppError } from '../errors/index.ts'

/** Every way in which the log library refuses something. Programs switch on these; texts are translated by code. */
export const TLOG_ERROR_CODES = [
  /** A size or index is not a whole number in reach, or an index is not below its size. */
  'TREE_RANGE',
  /** A hash is not 32 bytes. */
  'HASH_LENGTH',
  /** A hash reader gave another number of hashes than it was asked for. */
  'HASH_READER',
  /** The proof does not show that the leaf is in the tree: wrong, too short or too long. */
  'INCLUSION_INVALID',
  /** The proof does not show that the new tree begins with the old one: wrong, too short or too long. */
  'CONSISTENCY_INVALID',
  /** Not the path of a tile or an entry bundle. */
  'TILE_PATH',
  /** The bytes of a tile or an entry bundle do not have their form. */
  'TILE_MALFORMED',
  /** Not a verifier key: form, key name, key ID or public key. */
  'VKEY_MALFORMED',
  /** A key is used for what its type byte does not allow. */
  'VKEY_TYPE',
  /** Not a signed note: UTF-8, control bytes, layout, signature lines, limits. */
  'NOTE_MALFORMED',
  /** No signature of a known key. */
  'NOTE_UNVERIFIED',
  /** A signature under a known key that does not verify. */
  'NOTE_SIGNATURE',
  /** The text of the note is not a checkpoint. */
  'CHECKPOINT_MALFORMED',
  /** Lines after the root in a checkpoint of our own log. */
  'CHECKPOINT_EXTENSION',
  /** Size 0 with another root than that of the empty tree. */
  'CHECKPOINT_EMPTY_ROOT',
  /** The time of a co-signature is not acceptable. */
  'COSIGNATURE_TIME',
  'POLICY_SYNTAX',
  'POLICY_UNDEFINED',
  'POLICY_NAME',
  'POLICY_REUSED',
  'POLICY_THRESHOLD',
  'POLICY_DUPLICATE_KEY',
  'POLICY_KEY_TYPE',
  'POLICY_QUORUM',
  'POLICY_LIMIT',
  /** A salt is not exactly 32 bytes. */
  'SALT_LENGTH',
  /** Not a leaf of our log: 59 bytes of one form. */
  'LEAF_MALFORMED',
  /** Not canonical JSON (RFC 8785) of the allowed values. */
  'RECORD_MALFORMED',
  /** A string, array, or the whole record is too large. */
  'RECORD_LIMIT',
  /** A field of the record is missing, unknown or not in its form. */
  'RECORD_FIELD',
  /** A record type that this version does not know. */
  'RECORD_TYPE',
  /** The body does not have the fields of its record type. */
  'RECORD_BODY',
  /** The record was made for another log. */
  'RECORD_LOG',
  /** The records are not one custody chain without a gap. */
  'RECORD_CHAIN',
  /** Not an opening: version, salt and record in canonical form. */
  'OPENING_MALFORMED',
  /** The opening does not give the leaf. */
  'OPENING_MISMATCH',
  /** The note is not an interim receipt. */
  'RECEIPT_MALFORMED',
  /** The receipt is not for this commitment. */
  'RECEIPT_MISMATCH',
  /** Not a `.tlog-proof` file. */
  'PROOF_MALFORMED',
  /** The proof's log is not the one that was asked for. */
  'PROOF_LOG',
  /** Too few independent witnesses signed the checkpoint. */
  'PROOF_QUORUM',
  /** Not a request or answer of the witness protocol. */
  'WITNESS_MALFORMED',
  /** The old size is larger than the size of the checkpoint. */
  'WITNESS_OLD_SIZE',
  /** The old size is not the size last co-signed. */
  'WITNESS_CONFLICT',
  /** The checkpoint does not follow from the one last co-signed. */
  'WITNESS_INCONSISTENT',
] as const

export type TlogErrorCode = (typeof TLOG_ERROR_CODES)[number]

/** A refusal of the log library. */
export class TlogError extends AppError<TlogErrorCode> {}
