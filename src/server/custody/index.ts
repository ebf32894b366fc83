export { type Committed, type Custody, type CustodySettings, WaitingCustody } from './custody.ts'
