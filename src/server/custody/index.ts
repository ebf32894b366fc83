export { type Committed, type Custody, type CustodySettings, WaitingCustody } from './custody.ts'
export { CustodyLog, type CustodyLogOptions } from './custody-log.ts'
export { logRoutes } from './routes.ts'
