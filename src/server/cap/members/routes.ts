import type { FastifyInstance } from 'fastify'
import { members } from '#contract/members.ts'
import type { CanonicalValue } from '#lib/bytes/index.ts'
import { newNonce } from '../../case-store/index.ts'
import { Refused } from '../../errors.ts'
import { route } from '../../route.ts'
import type { MembersDependencies } from './dependencies.ts'
import { Failures } from './failures.ts'
import { passkeyRoutes } from './passkey-routes.ts'
import { handOver, inOneHand, publishRoster, readBankBox, readRoster } from './service.ts'
import { closeSession, confirmedMember, memberOf } from './sessions.ts'
import { acknowledge, setUp } from './set-up.ts'
import { parametersFor, signIn } from './sign-in.ts'

export function membersRoutes(app: FastifyInstance, given: Omit<MembersDependencies, 'failures'>): void {
  const { database, random } = given
  const dependencies = { ...given, failures: new Failures(given.clock, random) }

  passkeyRoutes(app, dependencies)

  route(app, members.setUp, (body) => setUp(dependencies, body))

  route(app, members.acknowledge, (request) => acknowledge(dependencies, request))

  route(app, members.log, async () => {
    const policy = await dependencies.readLog('policy')
    if (policy === null) throw new Refused('NOT_FOUND')
    return { policy: Buffer.from(policy).toString('utf8'), receiptsKey: dependencies.receiptsKey }
  })

  route(app, members.salt, ({ handle }) => parametersFor(database.kysely, dependencies, handle))

  route(app, members.login, (request) => signIn(database.kysely, dependencies, request))

  route(app, members.nonce, async () => ({ nonce: newNonce(dependencies, random) }))

  route(app, members.logout, async ({ session }) => {
    await closeSession(database.kysely, session)
    return { done: true as const }
  })

  route(app, members.state, async ({ session }) => {
    await memberOf(database.kysely, dependencies, session)
    return { inOneHand: await inOneHand(database.kysely) }
  })

  route(app, members.handOver, async (request) => {
    const db = database.kysely
    const member = await confirmedMember(db, dependencies, members.handOver.name, request)
    await handOver(db, member, request.payload)
    return { done: true as const }
  })

  route(app, members.roster, () => readRoster(database.kysely))

  route(app, members.publishRoster, async (request) => {
    const db = database.kysely
    const member = await confirmedMember(db, dependencies, members.publishRoster.name, {
      ...request,
      payload: asSent(request.payload),
    })
    await publishRoster(dependencies, member, request.payload)
    return { done: true as const }
  })

  route(app, members.bankBox, async (request) => {
    const db = database.kysely
    const member = await confirmedMember(db, dependencies, members.bankBox.name, request)
    return readBankBox(db, member)
  })
}

/** What was read, as the JSON it came as: the types of optional members do not say that they are absent. */
function asSent(payload: unknown): CanonicalValue {
  return JSON.parse(JSON.stringify(payload))
}
