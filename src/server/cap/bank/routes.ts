import type { FastifyInstance } from 'fastify'
import { bank } from '#contract/bank.ts'
import type { LiveDatabase } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { Matcher } from '../../matcher/index.ts'
import { route } from '../../route.ts'
import { checkSolution, type PuzzleDependencies } from '../intake/index.ts'
import { registerSet, renew, withdraw } from './service.ts'
import { readRecipient } from './store.ts'

export interface BankDependencies extends PuzzleDependencies {
  readonly database: LiveDatabase
  readonly matcher: Matcher
}

export function bankRoutes(app: FastifyInstance, dependencies: BankDependencies): void {
  const { database } = dependencies

  route(app, bank.recipient, async () => {
    const recipient = await readRecipient(database.kysely)
    if (recipient === null) throw new Refused('BANK_NOT_SET_UP')
    return { recipient }
  })

  route(app, bank.register, async (body, { address }) => {
    checkSolution(dependencies, body.pow, address)
    await registerSet(database.kysely, dependencies, body)
    return { done: true as const }
  })

  route(app, bank.withdraw, async ({ ids }) => {
    await withdraw(database.kysely, dependencies, ids)
    return { done: true as const }
  })

  route(app, bank.renew, async ({ ids }) => {
    await renew(database.kysely, dependencies, ids)
    return { done: true as const }
  })
}
