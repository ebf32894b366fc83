export { checkShownPass, type PassDependencies, Passes, spendPass } from './passes.ts'
export { type InvitesDependencies, invitesRoutes } from './routes.ts'
export { EXPIRE_INVITES_JOB, expireInvitesJob } from './upkeep.ts'
