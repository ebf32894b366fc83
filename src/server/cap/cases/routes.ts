import type { FastifyInstance } from 'fastify'
import { cases } from '#contract/cases.ts'
import { route } from '../../route.ts'
import type { Tokens } from '../../tokens.ts'
import { confirmedMember, memberOf } from '../members/index.ts'
import type { CasesServiceDependencies } from './dependencies.ts'
import { getCase, getItem, getPart, listCases, moveCase, postItem, setDue } from './service.ts'
import { addWraps, startEpoch } from './wraps.ts'

export interface CasesDependencies extends CasesServiceDependencies {
  readonly nonces: Tokens
  readonly origins: readonly string[]
}

const DONE = { done: true } as const

export function casesRoutes(app: FastifyInstance, dependencies: CasesDependencies): void {
  const { database } = dependencies
  const member = (session: string) => memberOf(database.kysely, dependencies, session)

  route(app, cases.list, async ({ session }) => listCases(database.kysely, await member(session)))

  route(app, cases.get, async (request) =>
    getCase(database.kysely, await member(request.session), request.case),
  )

  route(app, cases.item, async (request) => getItem(database.kysely, await member(request.session), request))

  route(app, cases.post, async (request) => {
    await postItem(dependencies, await member(request.session), request)
    return DONE
  })

  route(app, cases.part, async (request) => getPart(dependencies, await member(request.session), request))

  route(app, cases.move, async (request) => {
    const asking = await confirmedMember(database.kysely, dependencies, cases.move.name, request)
    await moveCase(dependencies, asking, request.payload)
    return DONE
  })

  route(app, cases.due, async (request) => {
    await setDue(database.kysely, await member(request.session), request)
    return DONE
  })

  route(app, cases.wrap, async (request) => {
    const asking = await confirmedMember(database.kysely, dependencies, cases.wrap.name, request)
    await addWraps(dependencies, asking, request.payload)
    return DONE
  })

  route(app, cases.epoch, async (request) => {
    const asking = await confirmedMember(database.kysely, dependencies, cases.epoch.name, request)
    await startEpoch(dependencies, asking, request.payload)
    return DONE
  })
}
