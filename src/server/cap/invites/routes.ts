import type { FastifyInstance } from 'fastify'
import { invites } from '#contract/invites.ts'
import { bytesToHex } from '#lib/bytes/index.ts'
import type { LiveDatabase } from '../../database.ts'
import { Refused } from '../../errors.ts'
import { route } from '../../route.ts'
import { isoWeekOf } from '../../time.ts'
import { confirmedMember, type MembersDependencies } from '../members/index.ts'
import type { PassDependencies } from './passes.ts'
import { createInvite, endInvite, exchange } from './service.ts'

export interface InvitesDependencies
  extends PassDependencies,
    Pick<MembersDependencies, 'clock' | 'nonces' | 'origins'> {
  readonly database: LiveDatabase
}

/** Each takes some ten milliseconds of computing, during which nobody else is answered. */
const MAX_AT_A_TIME = 4

export function invitesRoutes(app: FastifyInstance, dependencies: InvitesDependencies): void {
  const { database, clock, passes } = dependencies
  let underWay = 0

  route(app, invites.create, async (request) => {
    const db = database.kysely
    const member = await confirmedMember(db, dependencies, invites.create.name, request)
    await createInvite(db, clock.now(), member, request.payload)
    return { done: true as const }
  })

  route(app, invites.end, async (request) => {
    const db = database.kysely
    const member = await confirmedMember(db, dependencies, invites.end.name, request)
    await endInvite(db, member, request.payload.hash)
    return { done: true as const }
  })

  route(app, invites.key, async () => {
    const week = isoWeekOf(clock.now())
    return { week, publicKey: bytesToHex(passes.keysOf(week).publicKey) }
  })

  route(app, invites.exchange, async (body) => {
    if (underWay >= MAX_AT_A_TIME) throw new Refused('INVITES_BUSY')
    underWay++
    try {
      return await exchange(database.kysely, dependencies, body)
    } finally {
      underWay--
    }
  })
}
