export { ASK_EARLIER_JOB, askEarlierJob } from './ask-earlier.ts'
export { type BankDependencies, bankRoutes } from './routes.ts'
export { readRecipient } from './store.ts'
export { EXPIRE_SETS_JOB, expireSetsJob, MIX_JOB, mixJob } from './upkeep.ts'
