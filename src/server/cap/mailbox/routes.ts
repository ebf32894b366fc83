import type { FastifyInstance } from 'fastify'
import { mailbox } from '#contract/mailbox.ts'
import { type AuthoriseDependencies, authorise, newNonce } from '../../case-store/index.ts'
import type { LiveDatabase } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { RateLimits } from '../../limits/rate-limits.ts'
import { route } from '../../route.ts'
import { fetchPage, type MailboxServiceDependencies, postItem, rotate, withdraw } from './service.ts'

export interface MailboxDependencies extends MailboxServiceDependencies, AuthoriseDependencies {
  readonly database: LiveDatabase
  readonly limits: RateLimits
  readonly random: (bytes: number) => Uint8Array
}

export function mailboxRoutes(app: FastifyInstance, dependencies: MailboxDependencies): void {
  const { database, limits, random } = dependencies

  route(app, mailbox.challenge, async () => ({ nonce: newNonce(dependencies, random) }))

  route(app, mailbox.fetch, async (request, { address }) => {
    if (limits.count('fetch', address) > limits.settings.fetchesPerHour) throw new Refused('RATE_LIMITED')
    const db = database.kysely
    const asking = await authorise(db, dependencies, mailbox.fetch.name, request)
    return fetchPage(db, dependencies, asking, Buffer.from(request.payload.cursor, 'base64url'))
  })

  route(app, mailbox.post, async (request) => {
    const db = database.kysely
    const asking = await authorise(db, dependencies, mailbox.post.name, request)
    return postItem(db, dependencies, asking, request.payload)
  })

  route(app, mailbox.withdraw, async (request) => {
    const db = database.kysely
    const asking = await authorise(db, dependencies, mailbox.withdraw.name, request)
    return withdraw(db, dependencies, asking, request.payload)
  })

  route(app, mailbox.rotate, async (request) => {
    const db = database.kysely
    const asking = await authorise(db, dependencies, mailbox.rotate.name, request)
    return rotate(db, dependencies, asking, request.payload)
  })
}
