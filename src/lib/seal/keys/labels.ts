/**
 * Every label of sealing, in one place. A label separates what a hash, a derived key or a signature is for, so that bytes made
 * for one purpose never count for another. None is used twice (a test reads the sources); none ever changes its meaning.
 */

/** `info` of HKDF-SHA-256 (RFC 5869). */
export const KEY_LABELS = {
  returnMailbox: 'saksi/v1/return/mailbox',
  returnAuth: 'saksi/v1/return/auth',
  returnSign: 'saksi/v1/return/sign',
  returnAge: 'saksi/v1/return/age-pq',
  returnEscrow: 'saksi/v1/return/escrow-x',
  staffAuth: 'saksi/v1/staff/auth',
  staffWrap: 'saksi/v1/staff/wrap',
  staffSheet: 'saksi/v1/staff/sheet',
  hitKey: 'saksi/v1/hit/key',
  hitsWaiting: 'saksi/v1/hit/waiting',
} as const

/** What the input of a hash starts with, before a line feed. */
export const HASH_LABELS = {
  returnSalt: 'saksi/v1/return-salt',
  caseRef: 'saksi/v1/case-ref',
  passkeyInput: 'saksi/v1/prf',
  recoveryCheck: 'saksi/v1/recovery-check',
  enrolFingerprint: 'saksi/v1/enrol-fingerprint',
  staffDecoy: 'saksi/v1/staff-decoy',
  hitTag: 'saksi/v1/hit/tag',
} as const

/** What a signed message starts with, before a line feed and canonical JSON. */
export const SIGNATURE_LABELS = {
  mailbox: 'saksi/v1/sig/mailbox',
  message: 'saksi/v1/sig/message',
  caseOpen: 'saksi/v1/sig/case-open',
  epoch: 'saksi/v1/sig/epoch',
  wrap: 'saksi/v1/sig/wrap',
  consent: 'saksi/v1/sig/consent',
  withdraw: 'saksi/v1/sig/withdraw',
  login: 'saksi/v1/sig/login',
  enrol: 'saksi/v1/sig/enrol',
} as const

export type KeyLabel = (typeof KEY_LABELS)[keyof typeof KEY_LABELS]
export type HashLabel = (typeof HASH_LABELS)[keyof typeof HASH_LABELS]
export type SignatureLabel = (typeof SIGNATURE_LABELS)[keyof typeof SIGNATURE_LABELS]
