import * as z from 'zod/mini'
import { hex, id16 } from './forms.ts'
import { CONFIRMED_ERRORS, confirmed, session } from './members.ts'
import { operation } from './operation.ts'

const MAX_CREDENTIAL_ID_CHARACTERS = 1_364

/** Bytes as base64url without padding. */
const base64url = (maxCharacters: number) =>
  z.string().check(z.regex(/^[A-Za-z0-9_-]+$/), z.maxLength(maxCharacters))

const credentialId = base64url(MAX_CREDENTIAL_ID_CHARACTERS)
const nonce = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))

/** What the server keeps for unlocking with a passkey; see `StaffMethod`. */
const method = z.object({
  fmt: z.literal(1),
  staff: id16,
  methodId: id16,
  kind: z.literal('passkey'),
  keyVersion: z.int().check(z.gte(1), z.lte(0x7fffffff)),
  authPk: hex(32),
  box: z.string().check(z.maxLength(512)),
})

/**
 * What an authenticator answered when the passkey was made (WebAuthn 5.2.1). Results of extensions have no place in it: that of
 * `prf` is the secret.
 */
const registration = z.object({
  id: credentialId,
  clientDataJSON: base64url(8_192),
  attestationObject: base64url(16_384),
})

/** What it answered when the passkey was used (WebAuthn 5.2.2). */
const assertion = z.object({
  id: credentialId,
  clientDataJSON: base64url(8_192),
  authenticatorData: base64url(8_192),
  signature: base64url(2_048),
  /** The id of the person, which the authenticator keeps with the passkey. */
  userHandle: id16,
})

export type PasskeyRegistration = z.infer<typeof registration>
export type PasskeyAssertion = z.infer<typeof assertion>

const done = z.object({ done: z.literal(true) })

/** Passkeys, as a further way of unlocking the keys of somebody who has a passphrase. */
export const passkeys = {
  add: operation({
    name: 'passkeys.add',
    summary:
      'Adds a passkey to whoever is signed in. The challenge that its authenticator signed is a nonce of `members.nonce`.',
    method: 'POST',
    path: '/api/passkeys/add',
    request: {
      kind: 'json',
      schema: confirmed(z.object({ method, registration })),
      maxBytes: 32_768,
    },
    reply: { kind: 'json', schema: done },
    errors: {
      ...CONFIRMED_ERRORS,
      /** The authenticator did not make it for this site and this nonce, or did not make sure who was using it. */
      PASSKEY_INVALID: 422,
      /** There is a passkey or a way of unlocking with this id, or she has as many as anybody may. */
      PASSKEY_CONFLICT: 409,
      /** The way of unlocking is not in its form, or another person's. */
      STAFF_METHOD: 422,
    },
    malformed: 'REQUEST_INVALID',
  }),
  remove: operation({
    name: 'passkeys.remove',
    summary: 'Takes a passkey away, and ends the sessions that began with it. What is not there is no error.',
    method: 'POST',
    path: '/api/passkeys/remove',
    request: { kind: 'json', schema: confirmed(z.object({ methodId: id16 })), maxBytes: 1_024 },
    reply: { kind: 'json', schema: done },
    errors: CONFIRMED_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  list: operation({
    name: 'passkeys.list',
    summary: 'The passkeys of whoever is signed in.',
    method: 'POST',
    path: '/api/passkeys/list',
    request: { kind: 'json', schema: z.object({ session }), maxBytes: 512 },
    reply: {
      kind: 'json',
      schema: z.object({ passkeys: z.array(z.object({ methodId: id16, credentialId })) }),
    },
    errors: { STAFF_SESSION: 401 },
    malformed: 'REQUEST_INVALID',
  }),
  login: operation({
    name: 'passkeys.login',
    summary:
      'Signs in with a passkey and no handle: its authenticator and the key that its secret gives have both signed a nonce of `members.nonce`.',
    method: 'POST',
    path: '/api/passkeys/login',
    request: {
      kind: 'json',
      schema: z.object({ nonce, signature: hex(64), assertion }),
      maxBytes: 32_768,
    },
    reply: {
      kind: 'json',
      schema: z.object({
        session,
        box: z.string(),
        entry: id16,
        methodId: id16,
        keyVersion: z.int(),
      }),
    },
    errors: {
      /** Passkey, nonce, origin or signature: which of them is not said. */
      STAFF_LOGIN_REFUSED: 401,
      /** Everything holds, but the authenticator has counted less than before: there may be a copy of it. */
      PASSKEY_COUNTER: 403,
    },
    malformed: 'STAFF_LOGIN_REFUSED',
  }),
}
