export type { Appended, Bank, Withdrawn } from './bank.ts'
export { BankError, type BankErrorCode, type LineFault, type LineFaultCode } from './errors.ts'
export { type LoadedBank, loadBank } from './load-bank.ts'
export {
  type BankFacts,
  type BankMatcher,
  buildMatcher,
  type LookupDigests,
  type LookupPrint,
} from './matcher.ts'
export { type OpenOptions, openBank } from './open-bank.ts'
export { type BankContents, type BankEntry, type ReadOptions, readBank } from './read-bank.ts'
export type { RegisteredPicture, RegisteredPrint } from './record.ts'
export { countRows, type RegisteredWindows, windowsFrom } from './registered-windows.ts'
