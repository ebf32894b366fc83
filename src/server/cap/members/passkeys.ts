import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import type { Input, Output } from '#contract/operation.ts'
import type { PasskeyAssertion, PasskeyRegistration, passkeys } from '#contract/passkeys.ts'
import { checkLogin, checkStaffMethod, SealError, type StaffMethod } from '#lib/seal/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { MembersDependencies } from './dependencies.ts'
import { spendNonce } from './nonces.ts'
import {
  type Credential,
  type FoundPasskey,
  insertPasskey,
  lockPasskey,
  setSignCount,
} from './passkey-store.ts'
import { currentRoster } from './roster.ts'
import { type Member, openSession } from './sessions.ts'

type Means = Pick<MembersDependencies, 'clock' | 'nonces' | 'origins' | 'random'>

/** Adds a passkey to a member. Throws PASSKEY_INVALID, PASSKEY_CONFLICT, STAFF_METHOD. */
export async function addPasskey(
  tx: Db,
  means: Means,
  member: Member,
  payload: Input<typeof passkeys.add>['payload'],
): Promise<void> {
  const method = methodOf(payload.method, member)
  const credential = await credentialOf(tx, means, payload.registration)
  if (!(await insertPasskey(tx, method, credential))) throw new Refused('PASSKEY_CONFLICT')
}

function methodOf(sent: unknown, { staffId }: Member): StaffMethod {
  try {
    const method = checkStaffMethod(sent)
    if (method.staff === staffId.toString('base64url')) return method
  } catch (cause) {
    throw new Refused('STAFF_METHOD', { cause })
  }
  throw new Refused('STAFF_METHOD')
}

/** What an authenticator made for this site, with a nonce that is used up by it. Throws PASSKEY_INVALID. */
async function credentialOf(
  tx: Db,
  means: Means,
  { id, clientDataJSON, attestationObject }: PasskeyRegistration,
): Promise<Credential> {
  const checked = await verifyRegistrationResponse({
    response: {
      id,
      rawId: id,
      type: 'public-key',
      response: { clientDataJSON, attestationObject },
      clientExtensionResults: {},
    },
    expectedChallenge: (challenge) => spendNonce(tx, means, challenge),
    expectedOrigin: [...means.origins],
    expectedRPID: hostsOf(means.origins),
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw new Refused('PASSKEY_INVALID', { cause })
  })
  const made = checked.registrationInfo?.credential
  if (!checked.verified || made === undefined) throw new Refused('PASSKEY_INVALID')
  return {
    id: Buffer.from(made.id, 'base64url'),
    publicKey: Buffer.from(made.publicKey),
    signCount: made.counter,
  }
}

/**
 * Signs in with a passkey. The assertion of its authenticator and the signature of the key that its secret gives have both to
 * hold, over the same nonce. Throws STAFF_LOGIN_REFUSED, PASSKEY_COUNTER.
 */
export async function signInWithPasskey(
  { database, ...means }: MembersDependencies,
  { nonce, signature, assertion }: Input<typeof passkeys.login>,
): Promise<Output<typeof passkeys.login>> {
  const db = database.kysely
  // On its own and for good: a nonce that was refused is used up too.
  if (!(await spendNonce(db, means, nonce))) throw new Refused('STAFF_LOGIN_REFUSED')
  return db.transaction().execute(async (tx) => {
    const found = await lockPasskey(tx, Buffer.from(assertion.id, 'base64url'))
    if (found === null || found.method.staff !== assertion.userHandle)
      throw new Refused('STAFF_LOGIN_REFUSED')
    const { signCount, origin } = await checkAssertion(found, assertion, nonce, means.origins)
    checkSignature(found, { nonce, origin }, signature)
    const isInRoster = (await currentRoster(tx))?.entries.some(({ id }) => id === found.entry) === true
    if (!isInRoster) throw new Refused('STAFF_LOGIN_REFUSED')
    const former = found.credential.signCount
    // Authenticators that do not count say 0 for ever (WebAuthn 6.1.1).
    if ((signCount > 0 || former > 0) && signCount <= former) throw new Refused('PASSKEY_COUNTER')
    await setSignCount(tx, found.credential.id, signCount)
    const { box, methodId, keyVersion } = found.method
    return {
      session: await openSession(tx, means, found.method),
      box,
      entry: found.entry,
      methodId,
      keyVersion,
    }
  })
}

async function checkAssertion(
  { credential }: FoundPasskey,
  { id, clientDataJSON, authenticatorData, signature, userHandle }: PasskeyAssertion,
  nonce: string,
  origins: readonly string[],
): Promise<{ signCount: number; origin: string }> {
  const checked = await verifyAuthenticationResponse({
    response: {
      id,
      rawId: id,
      type: 'public-key',
      response: { clientDataJSON, authenticatorData, signature, userHandle },
      clientExtensionResults: {},
    },
    expectedChallenge: nonce,
    expectedOrigin: [...origins],
    expectedRPID: hostsOf(origins),
    // The counter is compared last, so that nobody without the passkey can ask what it stands at.
    credential: { id, publicKey: new Uint8Array(credential.publicKey), counter: 0 },
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw new Refused('STAFF_LOGIN_REFUSED', { cause })
  })
  if (!checked.verified) throw new Refused('STAFF_LOGIN_REFUSED')
  const { newCounter, origin } = checked.authenticationInfo
  return { signCount: newCounter, origin }
}

function checkSignature(
  { method }: FoundPasskey,
  login: { readonly nonce: string; readonly origin: string },
  signature: string,
): void {
  try {
    checkLogin(method, { staff: method.staff, ...login }, Buffer.from(signature, 'hex'))
  } catch (cause) {
    if (cause instanceof SealError) throw new Refused('STAFF_LOGIN_REFUSED', { cause })
    throw cause
  }
}

function hostsOf(origins: readonly string[]): string[] {
  return [...new Set(origins.map((origin) => new URL(origin).hostname))]
}
