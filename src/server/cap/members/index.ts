export type { MembersDependencies, SetUpGate } from './dependencies.ts'
export { currentRoster, everyAddress } from './roster.ts'
export { membersRoutes } from './routes.ts'
export { confirmedMember, type Member, memberOf } from './sessions.ts'
