import type { members } from '#contract/members.ts'
import type { Input, Output } from '#contract/operation.ts'
import { checkLogin, loginParameters, SealError } from '#lib/seal/index.ts'
import { newNonce } from '../../case-store/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { MembersDependencies } from './dependencies.ts'
import { spendNonce } from './nonces.ts'
import { currentRoster } from './roster.ts'
import { openSession } from './sessions.ts'
import { findMethods, nameOf } from './store.ts'
import { newWork, spendWork } from './work.ts'

/** The parameters of a handle, alike for one that nobody has. */
export async function parametersFor(
  db: Db,
  dependencies: MembersDependencies,
  handle: string,
): Promise<Output<typeof members.salt>> {
  const found = await findMethods(db, handle)
  const phrase = found.find(({ method }) => method.kind === 'passphrase')?.method ?? null
  return {
    ...loginParameters(handle, phrase, dependencies.secret),
    nonce: newNonce(dependencies, dependencies.random),
    puzzle: dependencies.failures.asksForWork(nameOf(handle)) ? newWork(dependencies) : null,
  }
}

/** Checks everything before the box is given out. Throws STAFF_LOGIN_REFUSED, STAFF_WORK. */
export async function signIn(
  db: Db,
  dependencies: MembersDependencies,
  { handle, methodId, nonce, signature, pow }: Input<typeof members.login>,
): Promise<Output<typeof members.login>> {
  const { failures, origins, secret } = dependencies
  const name = nameOf(handle)
  if (failures.asksForWork(name)) await spendWork(db, dependencies, pow)
  const found = (await findMethods(db, handle)).find((one) => one.method.methodId === methodId) ?? null
  const staff = found?.method.staff ?? loginParameters(handle, null, secret).staff
  // All of it in any case: what is not done for one handle would show in its time.
  const isUnused = await spendNonce(db, dependencies, nonce)
  const isSigned = origins
    .map((origin) => holds(found, { staff, nonce, origin }, Buffer.from(signature, 'hex')))
    .includes(true)
  const isInRoster = (await currentRoster(db))?.entries.some(({ id }) => id === found?.entry) === true
  if (found === null || !isUnused || !isSigned || !isInRoster) {
    failures.count(name)
    throw new Refused('STAFF_LOGIN_REFUSED')
  }
  const session = await openSession(db, dependencies, found.method)
  return { session, box: found.method.box, entry: found.entry }
}

function holds(
  found: Awaited<ReturnType<typeof findMethods>>[number] | null,
  login: Parameters<typeof checkLogin>[1],
  signature: Uint8Array,
): boolean {
  try {
    checkLogin(found?.method ?? null, login, signature)
    return true
  } catch (error) {
    if (error instanceof SealError) return false
    throw error
  }
}
