export { TLOG_ERROR_CODES, TlogError, type TlogErrorCode } from './errors.ts'
export {
  type Checkpoint,
  checkEmptyRoot,
  type ForeignCheckpoint,
  formatCheckpoint,
  isOrigin,
  parseCheckpoint,
  parseForeignCheckpoint,
} from './note/checkpoint.ts'
export {
  checkCosignatureTime,
  cosignedMessage,
  MAX_COSIGNATURE_AGE_SECONDS,
  MAX_COSIGNATURE_AHEAD_SECONDS,
  verifyCosignature,
} from './note/cosignature.ts'
export type { Ed25519Verifier } from './note/ed25519.ts'
export {
  addSignatures,
  formatNote,
  formatSignatureLines,
  MAX_NOTE_BYTES,
  MAX_NOTE_SIGNATURES,
  type Note,
  type NoteSignature,
  parseNote,
  parseSignatureLines,
} from './note/note.ts'
export { type VerifiedSignature, verifyNote, verifySignature } from './note/verify-note.ts'
export { formatVkey, KEY_TYPE, keyId, makeVkey, parseVkey, type Vkey } from './note/vkey.ts'
export { parsePolicy } from './policy/parse-policy.ts'
export {
  evaluatePolicy,
  type Policy,
  type PolicyGroup,
  type PolicyLog,
  type PolicyWitness,
} from './policy/policy.ts'
export { type Observation, type VerifiedCheckpoint, verifyCheckpoint } from './policy/verify-checkpoint.ts'
export {
  formatInterimReceipt,
  type InterimReceipt,
  parseInterimReceipt,
  receiptKeyName,
  verifyInterimReceipt,
} from './proof/interim-receipt.ts'
export { formatProof, type ProofFile, parseProof } from './proof/proof-file.ts'
export {
  proofVerifier,
  type VerifiedProof,
  type VerifyProofOptions,
  verifyProof,
} from './proof/verify-proof.ts'
export { checkBody, isRecordType, PUBLIC_RECORD_TYPES, RECORD_TYPES, type RecordType } from './record/body.ts'
export { verifyChain } from './record/chain.ts'
export { canonicalItem, itemLeafHash, paddedItemCount } from './record/item.ts'
export {
  commit,
  formatItemLeaf,
  formatLeaf,
  LEAF_BYTES,
  parseItemLeaf,
  parseLeaf,
  SALT_BYTES,
} from './record/leaf.ts'
export { commitmentOf, formatOpening, type Opening, parseOpening, verifyOpening } from './record/opening.ts'
export { type CustodyRecord, canonicalRecord, checkRecord, parseRecord } from './record/record.ts'
export { cosign } from './sign/cosign.ts'
export { noteKey, type SigningKey, witnessKey } from './sign/keys.ts'
export { signNote } from './sign/sign-note.ts'
export { decodeEntries, encodeEntries } from './tiles/entries.ts'
export { type GrownTree, growTree } from './tiles/grow.ts'
export { entryBundlePath, parseTilePath, type TilePath, tilePath } from './tiles/path.ts'
export { type EntryBundle, entryBundlesFor, TILE_WIDTH, type Tile, tileAt, tilesFor } from './tiles/tile.ts'
export { type TileReader, tileHashReader } from './tiles/tile-reader.ts'
export { type ConsistencyClaim, consistencyProof, verifyConsistency } from './tree/consistency.ts'
export { emptyRoot, HASH_BYTES, leafHash, nodeHash } from './tree/hashing.ts'
export { inclusionProof, verifyInclusion } from './tree/inclusion.ts'
export { rootAt, rootOf } from './tree/root.ts'
export { MAX_PROOF_HASHES, MAX_TREE_SIZE } from './tree/size.ts'
export type { HashReader, Subtree } from './tree/subtree.ts'
export { acceptCosignatures } from './witness/accept-cosignatures.ts'
export {
  type AddCheckpoint,
  formatAddCheckpoint,
  formatTreeSize,
  MAX_ADD_CHECKPOINT_BYTES,
  parseAddCheckpoint,
  parseTreeSize,
} from './witness/add-checkpoint.ts'
export { checkAdvance } from './witness/check-advance.ts'
