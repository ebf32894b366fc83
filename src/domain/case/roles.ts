/** Who may write in a case. `intake` may what a caseworker may; `interpreter` is a member for one session. */
export const ROLES = [
  'survivor',
  'intake',
  'caseworker',
  'supervisor',
  'minors-team',
  'match-officer',
  'oversight',
  'administrator',
  'witness',
  'analyst',
  'interpreter',
] as const
export type Role = (typeof ROLES)[number]

/** A cell of the role table. `no` is the only one that permits nothing. */
export type Permission =
  | 'no'
  | 'yes'
  | 'own'
  | 'minors-cases'
  | 'overrule'
  | 'record'
  | 'minors-path'
  | 'approve'
  | 'with-consent'
  | 'agree'
  | 'propose'
  | 'second-person'
  | 'review'
  | 'with-reason'
  | 'decide'
  | 'send'
  | 'open-matches'
  | 'audit'
  | 'own-list'
  | 'sealed-only'
  | 'first-signature'
  | 'second-signature'

export const ACTIONS = [
  'read-case',
  'write',
  'evidence',
  'set-risk',
  'consent',
  'send',
  'add-member',
  'close',
  'break-glass',
  'view-picture',
  'escrow',
  'audit-log',
  'statistics-release',
  'submit',
  'choose-now',
  'override-order',
  'withdraw',
  'exclude',
  'hold',
  'delay-view',
] as const
export type Action = (typeof ACTIONS)[number]

type Cells = Partial<Readonly<Record<Exclude<Role, 'intake'>, Permission>>>

// A role that a line does not name may not do it. `intake` reads the cell of `caseworker`.
const TABLE: Readonly<Record<Action, Cells>> = {
  'read-case': {
    survivor: 'own',
    caseworker: 'yes',
    supervisor: 'yes',
    'minors-team': 'minors-cases',
    interpreter: 'yes',
  },
  write: { survivor: 'own', caseworker: 'yes', supervisor: 'yes', 'minors-team': 'yes', interpreter: 'yes' },
  evidence: { survivor: 'own', caseworker: 'yes', supervisor: 'yes', 'minors-team': 'yes' },
  'set-risk': { caseworker: 'yes', supervisor: 'overrule', 'minors-team': 'yes' },
  consent: { survivor: 'yes', caseworker: 'record', supervisor: 'record', 'minors-team': 'minors-path' },
  send: { survivor: 'approve', caseworker: 'with-consent', supervisor: 'yes', 'minors-team': 'yes' },
  'add-member': { caseworker: 'yes', supervisor: 'yes', 'minors-team': 'yes' },
  close: {
    survivor: 'agree',
    caseworker: 'propose',
    supervisor: 'approve',
    'minors-team': 'propose',
    oversight: 'review',
  },
  'break-glass': {
    caseworker: 'propose',
    supervisor: 'second-person',
    'minors-team': 'propose',
    oversight: 'review',
  },
  'view-picture': { caseworker: 'with-reason', supervisor: 'with-reason' },
  escrow: { survivor: 'decide', caseworker: 'send', 'match-officer': 'open-matches', oversight: 'audit' },
  'audit-log': { survivor: 'own-list', oversight: 'yes', administrator: 'sealed-only' },
  'statistics-release': { supervisor: 'first-signature', oversight: 'second-signature' },
  submit: { survivor: 'own' },
  'choose-now': { survivor: 'own' },
  'override-order': { caseworker: 'propose', supervisor: 'approve', 'minors-team': 'propose' },
  withdraw: { survivor: 'own' },
  exclude: { survivor: 'own', caseworker: 'yes', supervisor: 'yes', 'minors-team': 'yes' },
  hold: { supervisor: 'yes' },
  'delay-view': { caseworker: 'propose', supervisor: 'approve', 'minors-team': 'propose' },
}

/**
 * What a role may do of an action. `oversight` in `close` is the signature that a case whose survivor died needs; nothing else
 * of a case is open to oversight, administrators, witnesses, analysts or match officers.
 */
export function permissionOf(role: Role, action: Action): Permission {
  return TABLE[action][role === 'intake' ? 'caseworker' : role] ?? 'no'
}

/** The role table as Markdown: one line per action, one column per role. */
export function printRoles(): string {
  const head = ['Action', ...ROLES]
  const lines = ACTIONS.map((action) => [action, ...ROLES.map((role) => permissionOf(role, action))])
  return `${[head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`
}

/** Somebody who signed an entry: the roster entry (or `survivor`), and the key the signature was made with. */
export interface Author {
  readonly id: string
  /** Ed25519 public key, lower-case hexadecimal. */
  readonly key: string
  readonly role: Role
}

/** One person with two roster entries, or one entry with two keys, is one person. */
export function isSamePerson(a: Omit<Author, 'role'>, b: Omit<Author, 'role'>): boolean {
  return a.id === b.id || a.key === b.key
}
