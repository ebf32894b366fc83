import { passkeys } from '#contract/passkeys.ts'
import { bytesToHex } from '#lib/bytes/index.ts'
import { AppError } from '#lib/errors/index.ts'
import {
  base64urlToBytes,
  bytesToBase64url,
  makeStaffMethod,
  openIdentityBox,
  passkeyInput,
  passkeySecret,
  type RandomBytes,
  signLogin,
  staffKeysOf,
} from '#lib/seal/index.ts'
import type { Client } from './client.ts'
import { StaffSession } from './staff.ts'

export type PasskeyErrorCode =
  /** This browser, or what it keeps passkeys in, cannot derive a secret from one (WebAuthn extension `prf`). */
  | 'PASSKEY_NO_SECRET'
  /** Nothing was chosen, it took too long, or there is no passkey for this site. */
  | 'PASSKEY_NOT_CHOSEN'

/** Why a passkey was not made or not used. Nothing was changed. */
export class PasskeyError extends AppError {
  declare readonly code: PasskeyErrorCode
}

/** What a browser gives: `navigator.credentials`. */
export type Credentials = Pick<CredentialsContainer, 'create' | 'get'>

export interface PasskeyMeans {
  readonly credentials: Credentials
  readonly random: RandomBytes
}

const KEY_VERSION = 1
/** COSE numbers of EdDSA, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257]

/**
 * Makes a passkey and adds it to whoever is signed in, as a further way of unlocking the same keys. Some authenticators give
 * their secret only when a passkey is used: then she is asked twice. Throws `PasskeyError`, `CallError` (`passkeys.add`).
 */
export async function addPasskey(
  client: Client,
  session: StaffSession,
  { credentials, random }: PasskeyMeans,
  { org, name }: { readonly org: string; readonly name: string },
): Promise<{ methodId: string }> {
  const { nonce } = await client.members.nonce()
  const { passkeys: known } = await client.passkeys.list({ session: session.token })
  const input = passkeyInput(org, KEY_VERSION)
  const made = await chosen(
    credentials.create({
      publicKey: {
        challenge: buffer(bytesOf(nonce)),
        rp: { name: 'Saksi' },
        user: { id: buffer(bytesOf(session.staff)), name, displayName: name },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: known.map(({ credentialId }) => ({
          type: 'public-key',
          id: buffer(bytesOf(credentialId)),
        })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
        extensions: { prf: { eval: { first: buffer(input) } } },
      },
    }),
  )
  const secret = secretIn(made) ?? (await secretOf(credentials, made, input, random))
  const methodId = bytesToBase64url(random(16))
  const name16 = { org, staff: session.staff, methodId, keyVersion: KEY_VERSION }
  const method = makeStaffMethod(name16, { kind: 'passkey' }, passkeySecret(secret), session.identity, random)
  // An answer to `create` is always of this kind; the type does not say so.
  const { clientDataJSON, attestationObject } = made.response as AuthenticatorAttestationResponse
  const payload = {
    method: { ...method, kind: 'passkey' as const },
    registration: {
      id: made.id,
      clientDataJSON: textOf(clientDataJSON),
      attestationObject: textOf(attestationObject),
    },
  }
  await client.passkeys.add(await session.confirm(passkeys.add, payload))
  return { methodId }
}

/**
 * Signs in with a passkey that she chooses, without a handle, and opens her keys. Its secret does not leave the device. Throws
 * `PasskeyError`, `CallError` (`passkeys.login`), `STAFF_BOX`.
 */
export async function signInWithPasskey(
  client: Client,
  credentials: Pick<Credentials, 'get'>,
  { org, origin }: { readonly org: string; readonly origin: string },
): Promise<StaffSession> {
  const { nonce } = await client.members.nonce()
  const used = await use(credentials, bytesOf(nonce), passkeyInput(org, KEY_VERSION), [])
  const secret = secretIn(used)
  // An answer to `get` is always of this kind; the type does not say so.
  const { clientDataJSON, authenticatorData, signature, userHandle } =
    used.response as AuthenticatorAssertionResponse
  if (secret === null || userHandle === null) throw noSecret()
  const staff = textOf(userHandle)
  const keys = staffKeysOf(passkeySecret(secret))
  const { session, box, entry, methodId, keyVersion } = await client.passkeys.login({
    nonce,
    signature: bytesToHex(signLogin(keys.auth, { staff, nonce, origin })),
    assertion: {
      id: used.id,
      clientDataJSON: textOf(clientDataJSON),
      authenticatorData: textOf(authenticatorData),
      signature: textOf(signature),
      userHandle: staff,
    },
  })
  const identity = await openIdentityBox(bytesOf(box), keys.box, { org, staff, methodId, keyVersion })
  return new StaffSession(client, keys, { token: session, entry, identity, staff, origin })
}

/** The secret of a passkey that was just made, by using it once; the server is not asked. */
async function secretOf(
  credentials: Credentials,
  made: PublicKeyCredential,
  input: Uint8Array,
  random: RandomBytes,
): Promise<Uint8Array> {
  if (made.getClientExtensionResults().prf?.enabled !== true) throw noSecret()
  const used = await use(credentials, random(32), input, [{ type: 'public-key', id: made.rawId }])
  return secretIn(used) ?? fail(noSecret())
}

function use(
  credentials: Pick<Credentials, 'get'>,
  challenge: Uint8Array,
  input: Uint8Array,
  allowCredentials: PublicKeyCredentialDescriptor[],
): Promise<PublicKeyCredential> {
  return chosen(
    credentials.get({
      publicKey: {
        challenge: buffer(challenge),
        allowCredentials,
        userVerification: 'required',
        extensions: { prf: { eval: { first: buffer(input) } } },
      },
    }),
  )
}

async function chosen(asked: Promise<Credential | null>): Promise<PublicKeyCredential> {
  const credential = await asked.catch((cause: unknown) => {
    throw notChosen(cause)
  })
  if (credential === null) throw notChosen()
  // Only public keys were asked for.
  return credential as PublicKeyCredential
}

function secretIn(credential: PublicKeyCredential): Uint8Array | null {
  const first = credential.getClientExtensionResults().prf?.results?.first
  if (first === undefined) return null
  return ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength)
    : new Uint8Array(first)
}

function noSecret(): PasskeyError {
  return new PasskeyError(
    'PASSKEY_NO_SECRET',
    'This device keeps no secrets with passkeys, so one cannot open your keys. Use your passphrase.',
  )
}

function notChosen(cause?: unknown): PasskeyError {
  return new PasskeyError(
    'PASSKEY_NOT_CHOSEN',
    'No passkey was used. Try again, or use your passphrase.',
    cause === undefined ? undefined : { cause },
  )
}

function fail(error: Error): never {
  throw error
}

const bytesOf = (text: string): Uint8Array => base64urlToBytes(text) ?? new Uint8Array(0)
const textOf = (bytes: ArrayBuffer): string => bytesToBase64url(new Uint8Array(bytes))
/** A copy with memory of its own, which is what browsers take. */
const buffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer
