export { PASS_ERROR_CODES, PassError, type PassErrorCode } from './errors.ts'
export {
  formatInviteCode,
  INVITE_DIGITS,
  type InviteCode,
  inviteHash,
  makeInviteCode,
  parseInviteCode,
} from './invite-code.ts'
export {
  type BlindedPass,
  blindPasses,
  checkPass,
  finishPasses,
  type IssuedPasses,
  issuePasses,
  MAX_PASSES_AT_ONCE,
  type Pass,
  type PassKeys,
  passKeysOf,
  usePass,
} from './pass.ts'
