export {
  bytesOfChunks,
  CHUNK_BYTES,
  type Chunk,
  checkChunk,
  chunkCount,
  chunkDigest,
  chunkLength,
  chunksOf,
  MAX_CHUNKS,
} from './blob/chunks.ts'
export { checkFileList, type FileDescription, type FileList } from './blob/file-list.ts'
export { BLOB_LIMITS, type BlobLimits, checkCaseSize, sealedFileLength } from './blob/limits.ts'
export { type FileSealing, openFile, sealFile } from './blob/sealed-file.ts'
export { chunkBitmap, missingChunks, noChunks, type StoredChunks, withChunk } from './blob/upload.ts'
export { dammDigit } from './codes/damm.ts'
export { groupDigits, randomDigits, readDigits } from './codes/digits.ts'
export {
  formatReturnCode,
  makeReturnCode,
  parseReturnCode,
  RETURN_CODE_DIGITS,
  type ReturnCode,
} from './codes/return-code.ts'
export { CURRENT_SERIES, RETURN_CODE_SERIES, type ReturnCodeSeries } from './codes/series.ts'
export { type ByteSource, bytesOfStream, collectBytes } from './envelope/byte-stream.ts'
export { openBytes, openStream } from './envelope/open.ts'
export { sealBytes, sealStream } from './envelope/seal.ts'
export { MAX_HELD_BYTES, MAX_RECIPIENTS, sealedLength } from './envelope/sizes.ts'
export { SEAL_ERROR_CODES, SealError, type SealErrorCode } from './errors.ts'
export { decodeFrame, encodeFrame, type Frame } from './frame/frame.ts'
export type { FrameType } from './frame/frame-header.ts'
export { frameFile, unframeFile } from './frame/frame-stream.ts'
export { type ItemType, openItem, SEALED_ITEM_BYTES, sealItem } from './frame/item.ts'
export {
  frameLength,
  MAX_RECORD_BYTES,
  MIN_FILE_FRAME_BYTES,
  padmeLength,
  RECORD_FRAME_BYTES,
} from './frame/padded-size.ts'
export {
  type Argon2Input,
  type Argon2Options,
  type Argon2Parameters,
  argon2id,
  argon2idPortable,
} from './keys/argon2.ts'
export { base64urlToBytes, bytesToBase64url } from './keys/base64url.ts'
export { bech32Decode, bech32Encode } from './keys/bech32.ts'
export { canonicalBytes, parseCanonicalBytes, toNfc } from './keys/canonical.ts'
export { deriveKey, labelledHash } from './keys/derive.ts'
export { type AgeIdentity, hybridIdentityOf, parseIdentity, x25519IdentityOf } from './keys/identity.ts'
export {
  HASH_LABELS,
  type HashLabel,
  KEY_LABELS,
  type KeyLabel,
  SIGNATURE_LABELS,
  type SignatureLabel,
} from './keys/labels.ts'
export { type MailboxRequest, signMailboxRequest, verifyMailboxRequest } from './keys/mailbox-request.ts'
export { type RandomBytes, systemRandom } from './keys/random.ts'
export { checkHybridRecipient, type RecipientKind, recipientKind } from './keys/recipient.ts'
export {
  checkOrgId,
  deriveReturnKeys,
  MAILBOX_BYTES,
  type ReturnKeys,
  returnSalt,
} from './keys/return-keys.ts'
export {
  PUBLIC_KEY_BYTES,
  SEED_BYTES,
  SIGNATURE_BYTES,
  type SigningKey,
  signedBytes,
  signingKeyOf,
  signRecord,
  verifyRecord,
} from './keys/signing.ts'
export { CONTEXT_BYTES, openContext, sealContext } from './prints/context.ts'
export type { PrintScope } from './prints/layout.ts'
export {
  MAX_PRINTS,
  openPrintSet,
  PRINT_SET_BYTES,
  type SealedPrint,
  sealPrintSet,
} from './prints/print-set.ts'
export {
  decoyHit,
  HIT_BYTES,
  type HitPlace,
  hitTag,
  openHit,
  openWaitingHit,
  type SealedHit,
  sealHit,
  sealWaitingHit,
} from './prints/sealed-hit.ts'
export {
  MAX_SIGHTING_PRINTS,
  openSighting,
  SIGHTING_BYTES,
  type Sighting,
  type SightingPrint,
  sealSighting,
} from './prints/sighting.ts'
export { checkWork, solveWork, type WorkChallenge, type WorkOptions } from './work/proof-of-work.ts'
export {
  CASE_REF_BYTES,
  type CaseKey,
  caseRefOf,
  MAX_EPOCH,
  nextCaseKey,
  startCase,
} from './wrap/case-key.ts'
export {
  type CaseOpen,
  type CaseOpenChoice,
  checkCaseOpen,
  type SignedCaseOpen,
  signCaseOpen,
} from './wrap/case-open.ts'
export { isIsoWeek, isoWeekOf } from './wrap/iso-week.ts'
export { type OpenedCase, openCase, openOwnCase } from './wrap/open-case.ts'
export { checkNotExcluded, chooseReaders, MAX_INTAKE_READERS, type ReaderChoice } from './wrap/readers.ts'
export { type NewReport, type SealedReport, sealReport } from './wrap/report.ts'
export { ADDED_SLOTS, type Reader, SLOTS, type Slot, sealSlots, slotCount } from './wrap/slots.ts'
export {
  type Submission,
  type SubmissionManifest,
  submissionDigest,
  submissionManifest,
} from './wrap/submission-manifest.ts'
export { openOwnWrap, openUnknownWrap, openWrap, sealWrap, WRAP_BYTES } from './wrap/wrap.ts'
export { recipientDigest } from './wrap/wrap-plain.ts'
