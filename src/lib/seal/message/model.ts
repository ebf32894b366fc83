import type { CanonicalValue } from '../../bytes/index.ts'
import { SIGNATURE_LABELS, type SignatureLabel } from '../keys/labels.ts'
import type { Role } from '../roster/model.ts'

/** The author of everything that the person signs who opened the case. */
export const SURVIVOR = 'survivor'

interface TypeRule {
  /** What its signature begins with: one made for a reply can never pass for a consent. */
  readonly label: SignatureLabel
  readonly from: 'survivor' | 'staff' | 'both'
}

const { message, epoch, wrap, consent, withdraw } = SIGNATURE_LABELS

/** Every type of message, and who may write it. */
export const MESSAGE_RULES = {
  report: { label: message, from: 'survivor' },
  reply: { label: message, from: 'both' },
  'file-list': { label: message, from: 'both' },
  consent: { label: consent, from: 'both' },
  'consent-end': { label: consent, from: 'both' },
  epoch: { label: epoch, from: 'staff' },
  wrap: { label: wrap, from: 'staff' },
  'safe-contact': { label: message, from: 'both' },
  'task-note': { label: message, from: 'staff' },
  'withdraw-request': { label: withdraw, from: 'survivor' },
  closure: { label: message, from: 'both' },
  'access-note': { label: message, from: 'staff' },
  /** Any other entry of the journal of a case. */
  entry: { label: message, from: 'both' },
} as const satisfies Record<string, TypeRule>

export type MessageType = keyof typeof MESSAGE_RULES

/** Roles whose messages count in a case. The others never read one. */
export const CASE_ROLES: readonly Role[] = ['intake', 'caseworker', 'supervisor', 'minors-team']

/** What an author signs. */
export interface Message {
  readonly v: 1
  readonly t: MessageType
  readonly caseRef: string
  readonly epoch: number
  /** `survivor`, or the id of a roster entry. */
  readonly author: string
  /** 1 for the author's first message in this case, then without a gap. */
  readonly seq: number
  /** SHA-256 of the author's message before, 64 hexadecimal digits; absent for the first one. */
  readonly prev?: string
  /** The last message of every other author that this one had read. */
  readonly seen: Readonly<Record<string, number>>
  /** The version of the roster the author used. */
  readonly roster: number
  /** `YYYY-MM-DD`, as the author's clock has it. */
  readonly day: string
  readonly body: { readonly [key: string]: CanonicalValue }
}

/** What is sealed: the message, the public key of its signer (64 hexadecimal digits), the signature in base64url. */
export interface SignedMessage {
  readonly b: Message
  readonly by: string
  readonly sig: string
}

/** The last message of an author. */
export interface Head {
  readonly seq: number
  /** 64 hexadecimal digits. */
  readonly sha256: string
}
export type Heads = ReadonlyMap<string, Head>
