import type { FastifyInstance } from 'fastify'
import { passkeys } from '#contract/passkeys.ts'
import { route } from '../../route.ts'
import type { MembersDependencies } from './dependencies.ts'
import { deletePasskey, passkeysOf } from './passkey-store.ts'
import { addPasskey, signInWithPasskey } from './passkeys.ts'
import { confirmedMember, memberOf } from './sessions.ts'

export function passkeyRoutes(app: FastifyInstance, dependencies: MembersDependencies): void {
  const { database } = dependencies

  route(app, passkeys.login, (request) => signInWithPasskey(dependencies, request))

  route(app, passkeys.add, async (request) => {
    const member = await confirmedMember(database.kysely, dependencies, passkeys.add.name, request)
    await database.kysely.transaction().execute((tx) => addPasskey(tx, dependencies, member, request.payload))
    return { done: true as const }
  })

  route(app, passkeys.remove, async (request) => {
    const db = database.kysely
    const member = await confirmedMember(db, dependencies, passkeys.remove.name, request)
    await deletePasskey(db, member.staffId, request.payload.methodId)
    return { done: true as const }
  })

  route(app, passkeys.list, async ({ session }) => {
    const member = await memberOf(database.kysely, dependencies, session)
    const own = await passkeysOf(database.kysely, member.staffId)
    return {
      passkeys: own.map(({ id, credential_id }) => ({
        methodId: id.toString('base64url'),
        credentialId: credential_id.toString('base64url'),
      })),
    }
  })
}
