import * as z from 'zod/mini'
import { base64Of, hex, id16 } from './forms.ts'
import { puzzle } from './intake.ts'
import { operation } from './operation.ts'
import { WRAP_BYTES } from './sizes.ts'

const MAX_NOTE_CHARACTERS = 1024 * 1024
const MAX_MEMBERS = 64

/** Letters, digits and marks of a name that somebody signs in with; compared in lower case after NFKC. */
const handle = z.string().check(z.minLength(1), z.maxLength(64))
const note = z.string().check(z.minLength(1), z.maxLength(MAX_NOTE_CHARACTERS))
/** A public record with its salt, in canonical form: see `parseOpening`. */
const opening = z.string().check(z.minLength(1), z.maxLength(4_096))
/** 32 random bytes as base64url without padding. */
const token = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))
/** A nonce of the server, good for one use. */
const nonce = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))

/** A session as the server gave it out. It stands in the body: never in a path, a cookie or a store of the browser. */
export const session = token

/**
 * A signature made for this one request, no more than two minutes after its nonce was given: by the key of the session's
 * method, over a sign-in whose nonce is that of the server, a line feed, the name of the operation, a line feed, and the
 * SHA-256 of the canonical JSON of `payload`.
 */
export const fresh = z.object({ nonce, signature: hex(64) })

/** A request of somebody signed in, confirmed by a fresh signature. */
export function confirmed<Payload extends z.ZodMiniType>(payload: Payload) {
  return z.object({ session, fresh, payload })
}

/**
 * What stands for the nonce in the sign-in that confirms one request: a signature for one request is none for another, and
 * none for signing in.
 */
export function confirmedNonce(nonce: string, op: string, sha256OfPayload: string): string {
  return `${nonce}\n${op}\n${sha256OfPayload}`
}

const kdf = z.object({ t: z.int(), m: z.int(), p: z.int() })

const method = z.object({
  fmt: z.literal(1),
  staff: id16,
  methodId: id16,
  kind: z.enum(['passphrase', 'passkey', 'sheet']),
  keyVersion: z.int(),
  kdf: z.optional(kdf),
  salt: z.optional(id16),
  authPk: hex(32),
  box: z.string().check(z.maxLength(512)),
})

const member = z.object({
  handle,
  /** The id of her entry in the roster, which says what she may do. */
  entry: id16,
  /** Two ways of unlocking at least, a passphrase among them. */
  methods: z.array(method).check(z.minLength(1), z.maxLength(8)),
})

/** One wrap of the bank's identity for each supervisor and match officer who has none yet, by her address. */
const bankBoxes = z
  .array(z.object({ address: id16, body: base64Of([WRAP_BYTES]) }))
  .check(z.maxLength(MAX_MEMBERS))

const setUpBody = z.object({
  token,
  org: z.string().check(z.minLength(1), z.maxLength(128)),
  rootKeys: z.array(hex(32)).check(z.length(3)),
  /** Version 1, signed by two of the root keys. */
  roster: note,
  /** The public record `roster.changed` of this roster with its salt, for the custody log. */
  rosterOpening: opening,
  members: z.array(member).check(z.minLength(1), z.maxLength(MAX_MEMBERS)),
  /** To the recipient that the roster names. */
  bank: z.object({ boxes: bankBoxes }),
})

export const SESSION_ERRORS = {
  /** No session: never was, has ended, or its holder left. Sign in again. */
  STAFF_SESSION: 401,
} as const

export const CONFIRMED_ERRORS = {
  ...SESSION_ERRORS,
  /** The fresh signature is not of this session over this request, or is older than two minutes. */
  STAFF_FRESH: 401,
} as const

const ROSTER_ERRORS = {
  /** Not signed by two root keys of this organisation, or not in its form. */
  ROSTER_INVALID: 422,
  /** Not of today. */
  ROSTER_EXPIRED: 422,
  /** Not the version that follows the one the server has. */
  ROSTER_ROLLBACK: 409,
  /** The record for the custody log is not of this roster or not for this log. */
  ROSTER_RECORD: 422,
} as const

const PEOPLE_ERRORS = {
  /** People, addresses or the bank's boxes do not fit the roster. */
  SETUP_SHAPE: 422,
  /** A way of unlocking is not in its form, or its parameters are weaker than agreed. */
  STAFF_METHOD: 422,
  STAFF_METHODS_TOO_FEW: 422,
} as const

const done = z.object({ done: z.literal(true) })
const asking = z.object({ session })

/** Who works here: setting the organisation up, its roster, and signing in. */
export const members = {
  setUp: operation({
    name: 'members.setUp',
    summary:
      'Sets the organisation up with the token of the set-up link. Root keys, passphrases and shares are made where this is called and never sent. Until it is acknowledged it can be done again, from the beginning: an answer that got lost loses nobody’s keys.',
    method: 'POST',
    path: '/api/members/set-up',
    request: { kind: 'json', schema: setUpBody, maxBytes: 4 * 1024 * 1024 },
    reply: { kind: 'json', schema: done },
    errors: {
      ...ROSTER_ERRORS,
      /** The token is not that of the newest link, or it was used: acknowledged, or reports came in. */
      SETUP_TOKEN: 403,
      ...PEOPLE_ERRORS,
    },
    malformed: 'SETUP_SHAPE',
  }),
  acknowledge: operation({
    name: 'members.acknowledge',
    summary: 'Says that every secret of setting up is in somebody’s hand. The link is used up then.',
    method: 'POST',
    path: '/api/members/acknowledge',
    request: {
      kind: 'json',
      schema: z.object({
        token,
        /** Of the roster that was set up: nobody acknowledges what another attempt has replaced. */
        rosterSha256: hex(32),
      }),
      maxBytes: 512,
    },
    reply: { kind: 'json', schema: done },
    errors: { SETUP_TOKEN: 403 },
    malformed: 'SETUP_TOKEN',
  }),
  log: operation({
    name: 'members.log',
    summary:
      'The custody log of this server by its own word: its policy, and the key of its receipts. A client is built with them, or takes them where it takes the root keys from.',
    method: 'GET',
    path: '/api/members/log',
    request: { kind: 'none' },
    reply: { kind: 'json', schema: z.object({ policy: z.string(), receiptsKey: z.string() }) },
    errors: {},
    malformed: 'REQUEST_INVALID',
  }),
  state: operation({
    name: 'members.state',
    summary: 'How far the ceremony has come: what is still in one hand.',
    method: 'POST',
    path: '/api/members/state',
    request: { kind: 'json', schema: asking, maxBytes: 512 },
    reply: {
      kind: 'json',
      schema: z.object({ inOneHand: z.array(z.enum(['root-keys', 'recovery-shares'])) }),
    },
    errors: SESSION_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  handOver: operation({
    name: 'members.handOver',
    summary: 'Notes how many root key files and recovery shares are in different hands by now.',
    method: 'POST',
    path: '/api/members/hand-over',
    request: {
      kind: 'json',
      schema: confirmed(
        z.object({
          rootFiles: z.int().check(z.gte(0), z.lte(3)),
          shares: z.int().check(z.gte(0), z.lte(5)),
        }),
      ),
      maxBytes: 1_024,
    },
    reply: { kind: 'json', schema: done },
    errors: { ...CONFIRMED_ERRORS, STAFF_ROLE: 403 },
    malformed: 'REQUEST_INVALID',
  }),
  roster: operation({
    name: 'members.roster',
    summary:
      'The newest roster with its public record, the proof that this is in the log, which is null until there is one, and what the log has promised until then.',
    method: 'GET',
    path: '/api/members/roster',
    request: { kind: 'none' },
    reply: {
      kind: 'json',
      schema: z.object({
        version: z.int(),
        note: z.string(),
        proof: z.nullable(z.string()),
        opening: z.string(),
        receipt: z.string(),
      }),
    },
    errors: {},
    malformed: 'REQUEST_INVALID',
  }),
  publishRoster: operation({
    name: 'members.publishRoster',
    summary: 'Puts the next version of the roster up. Whoever is not in it any more is signed out for good.',
    method: 'POST',
    path: '/api/members/publish-roster',
    request: {
      kind: 'json',
      schema: confirmed(
        z.object({
          note,
          opening,
          /** Who is new in it, with her ways of unlocking. */
          members: z.array(member).check(z.maxLength(8)),
          boxes: bankBoxes,
          /** Two officers have decided to let somebody go who alone of the staff can read a case. */
          leavesCases: z.optional(z.boolean()),
        }),
      ),
      maxBytes: 2 * MAX_NOTE_CHARACTERS,
    },
    reply: { kind: 'json', schema: done },
    errors: {
      ...CONFIRMED_ERRORS,
      ...ROSTER_ERRORS,
      ...PEOPLE_ERRORS,
      STAFF_ROLE: 403,
      /** Somebody leaves who alone of the staff can read a case: she hands it over first. Which case is not said. */
      ROSTER_CASES_LEFT: 409,
    },
    malformed: 'ROSTER_INVALID',
  }),
  salt: operation({
    name: 'members.salt',
    summary:
      'What is needed to sign in with a passphrase. Answers alike for a handle that nobody has. `puzzle` has to be solved first after many failures.',
    method: 'POST',
    path: '/api/members/salt',
    request: { kind: 'json', schema: z.object({ handle }), maxBytes: 512 },
    reply: {
      kind: 'json',
      schema: z.object({
        staff: id16,
        methodId: id16,
        keyVersion: z.int(),
        kdf,
        salt: id16,
        nonce,
        puzzle: z.nullable(puzzle),
      }),
    },
    errors: {},
    malformed: 'REQUEST_INVALID',
  }),
  login: operation({
    name: 'members.login',
    summary: 'Signs in. Only now the sealed box of the keys is given out.',
    method: 'POST',
    path: '/api/members/login',
    request: {
      kind: 'json',
      schema: z.object({
        handle,
        methodId: id16,
        nonce,
        signature: hex(64),
        pow: z.nullable(z.extend(puzzle, { counter: z.int().check(z.gte(0), z.lte(0xffffffff)) })),
      }),
      maxBytes: 2_048,
    },
    reply: { kind: 'json', schema: z.object({ session, box: z.string(), entry: id16 }) },
    errors: {
      /** Handle, passphrase, nonce or origin: which of them is not said. */
      STAFF_LOGIN_REFUSED: 401,
      /** Too many failures for this handle: ask for salt again and solve its puzzle. */
      STAFF_WORK: 403,
    },
    malformed: 'STAFF_LOGIN_REFUSED',
  }),
  nonce: operation({
    name: 'members.nonce',
    summary: 'A nonce for one fresh signature.',
    method: 'POST',
    path: '/api/members/nonce',
    request: { kind: 'none' },
    reply: { kind: 'json', schema: z.object({ nonce }) },
    errors: {},
    malformed: 'REQUEST_INVALID',
  }),
  logout: operation({
    name: 'members.logout',
    summary: 'Ends the session.',
    method: 'POST',
    path: '/api/members/logout',
    request: { kind: 'json', schema: asking, maxBytes: 512 },
    reply: { kind: 'json', schema: done },
    errors: {},
    malformed: 'REQUEST_INVALID',
  }),
  bankBox: operation({
    name: 'members.bankBox',
    summary: 'The wrap of the bank’s identity for a supervisor or match officer.',
    method: 'POST',
    path: '/api/members/bank-box',
    request: { kind: 'json', schema: confirmed(z.object({})), maxBytes: 1_024 },
    reply: { kind: 'json', schema: z.object({ body: base64Of([WRAP_BYTES]) }) },
    errors: { ...CONFIRMED_ERRORS, STAFF_ROLE: 403 },
    malformed: 'REQUEST_INVALID',
  }),
}

export type SetUpBody = z.infer<typeof setUpBody>
export type NewMember = z.infer<typeof member>
export type BankBox = z.infer<typeof bankBoxes>[number]
export type PublishedRoster = z.infer<typeof members.publishRoster.request.schema>['payload']
export type Fresh = z.infer<typeof fresh>
