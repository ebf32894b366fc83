export type { Committed, Custody, CustodySettings } from './custody.ts'
export { CustodyLog, type CustodyLogOptions } from './custody-log.ts'
export { writeLogAddress } from './log-address.ts'
export { logRoutes } from './routes.ts'
