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
export {
  checkEnrolRequest,
  type EnrolRequest,
  enrolFingerprint,
  entryOfRequest,
  type SignedEnrolRequest,
  signEnrolRequest,
} from './enrol/enrol.ts'
export { type ByteSource, bytesOfStream, collectBytes } from './envelope/byte-stream.ts'
export { openBytes, openStream } from './envelope/open.ts'
export { sealBytes, sealStream } from './envelope/seal.ts'
export { MAX_HELD_BYTES, MAX_RECIPIENTS, sealedLength } from './envelope/sizes.ts'
export { acceptEpoch, EPOCH_ROLES, type OfferedEpoch } from './epoch/accept-epoch.ts'
export { EPOCH_REASONS, type EpochBody, type EpochReason, isEpochBody } from './epoch/epoch-body.ts'
export { isWrapBody, type NewMember, type SharedCase, shareCase } from './epoch/share-case.ts'
export {
  type EpochChange,
  type EpochMeans,
  type NewEpoch,
  ROUTINE_EPOCH_DAYS,
  startEpoch,
} from './epoch/start-epoch.ts'
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
export {
  type MailboxRequest,
  mailboxRequestBytes,
  signMailboxRequest,
  verifyMailboxRequest,
} from './keys/mailbox-request.ts'
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
export type {
  CaseContext,
  DeliveredItem,
  Reason,
  SurvivorKey,
} from './message/check-message.ts'
export { composeMessage, type Draft } from './message/compose.ts'
export type { Gap } from './message/gaps.ts'
export { type Conversation, type JudgedItem, judgeMessages } from './message/judge.ts'
export {
  CASE_ROLES,
  type Head,
  type Heads,
  MESSAGE_RULES,
  type Message,
  type MessageType,
  type SignedMessage,
  SURVIVOR,
} from './message/model.ts'
export { messageDigest } from './message/signed-message.ts'
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
export {
  APPROVAL_SECONDS,
  advanceCeremony,
  CEREMONY_NEEDS,
  CEREMONY_STEPS,
  type Ceremony,
  type CeremonyEvent,
  type CeremonyState,
  requestCeremony,
} from './recovery/ceremony.ts'
export { checkHolders, type ShareHolder } from './recovery/holders.ts'
export { openCases, type RecoveredWrap, type RecoveryWrap } from './recovery/open-cases.ts'
export { joinRecoveryShares, splitRecoverySeed } from './recovery/secret.ts'
export { formatShare, parseShare, printShare, type RecoveryShare } from './recovery/share.ts'
export { type AuthorKey, isKeyValidOn, keysOf } from './roster/authors.ts'
export { bankRecipient } from './roster/bank-recipient.ts'
export type { LogPromise, Publicity } from './roster/log-proof.ts'
export {
  type BankRecipient,
  type Partner,
  type RecoveryRecipient,
  type RetiredKey,
  ROLES,
  type Role,
  type Roster,
  type RosterEntry,
} from './roster/model.ts'
export { partnerRoot } from './roster/partner-root.ts'
export { type OrgRoot, orgRoot, rootFingerprint, rootKeyName, rootVkeys } from './roster/root.ts'
export { formatRosterText, parseRosterText, rosterDigest } from './roster/roster-text.ts'
export { followRotations, formatRotationText, MAX_ROTATIONS, type RootRotation } from './roster/rotation.ts'
export { addRootSignature, rootSigningKey, signRootText } from './roster/sign-root-note.ts'
export { checkSuccession, type OpenCases } from './roster/succession.ts'
export { type TeamChange, teamChanges } from './roster/team-changes.ts'
export {
  type RosterTrust,
  type SeenRoster,
  type VerifiedRoster,
  verifyRoster,
  verifyRosterChain,
} from './roster/verify-roster.ts'
export {
  BOX_BYTES,
  type BoxName,
  makeStaffIdentity,
  openIdentityBox,
  type StaffIdentity,
  sealIdentityBox,
} from './staff/identity-box.ts'
export {
  CURRENT_KDF,
  type PassphraseKdf,
  passkeyInput,
  passkeySecret,
  passphraseSecret,
  sheetSecret,
  type UnlockSecret,
} from './staff/kdf.ts'
export { checkLogin, type Login, type LoginParameters, loginParameters, signLogin } from './staff/login.ts'
export {
  checkMethods,
  checkStaffMethod,
  type MethodKind,
  makeStaffMethod,
  openStaffMethod,
  type StaffMethod,
} from './staff/method.ts'
export { checkOwnPassphrase, makePassphrase } from './staff/passphrase.ts'
export { formatSheet, makeSheet, parseSheet, type RecoverySheet } from './staff/sheet.ts'
export { type BoxKey, type StaffKeys, staffKeysOf } from './staff/staff-keys.ts'
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
