/** What a person of the organisation does. Only the first four of them ever get a wrap of a case. */
export const ROLES = [
  'intake',
  'caseworker',
  'supervisor',
  'minors-team',
  'match-officer',
  'oversight',
  'analyst',
] as const
export type Role = (typeof ROLES)[number]

export const RETIRE_REASONS = ['left', 'lost', 'compromised'] as const

/** A person to whom cases can be sealed and whose signature counts. No name is needed. */
export interface RosterEntry {
  /** 16 bytes in base64url. */
  readonly id: string
  readonly role: Role
  /** Hybrid age recipient, `age1pq1...`. */
  readonly age: string
  /** Ed25519 public key, 64 hexadecimal digits. */
  readonly sign: string
  /** Where wraps for this entry are delivered: 16 bytes in base64url. */
  readonly addr: string
  readonly langs: readonly string[]
  /** What the organisation wants a survivor to read. */
  readonly label?: string
  /** First and last day of validity, `YYYY-MM-DD`. */
  readonly since: string
  readonly until?: string
}

/** The recipient whose private half exists only as shares of several people. */
export interface RecoveryRecipient {
  readonly age: string
  readonly addr: string
  readonly threshold: 3
  readonly total: 5
}

/** The recipient that prints of registered pictures are sealed to, and who may be written to about nothing else. */
export interface BankRecipient {
  readonly age: string
}

export interface Partner {
  readonly org: string
  readonly name: string
  /** In the order of their numbers. */
  readonly rootKeys: readonly string[]
  readonly intakeUrl: string
}

/** A key whose messages of the past stay valid: from `from` to `to`, and not after `notAfter`. */
export interface RetiredKey {
  readonly id: string
  /** What it was used as: without it nobody could check past changes of keys, which only some roles may make. */
  readonly role: Role
  readonly sign: string
  readonly from: string
  readonly to: string
  readonly reason: (typeof RETIRE_REASONS)[number]
  /** Compulsory for a compromised key. */
  readonly notAfter?: string
}

/** Who works for the organisation, signed by two of its three root keys. */
export interface Roster {
  readonly org: string
  readonly v: number
  /** SHA-256 of the text of the roster before; absent for version 1 only. */
  readonly prev?: string
  readonly iss: string
  readonly exp: string
  readonly entries: readonly RosterEntry[]
  readonly recovery: RecoveryRecipient
  /** Absent for an organisation that keeps no prints. */
  readonly bank?: BankRecipient
  readonly partners: readonly Partner[]
  readonly retired: readonly RetiredKey[]
}
