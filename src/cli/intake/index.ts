export { askAge, askReturnCode, leafletFrom, readText } from './ask.ts'
export { type Connection, connect, type Leaflet } from './connect.ts'
export { IntakeError, type IntakeErrorCode } from './errors.ts'
export type { MadeSet, RegisteredSet, UnreadPicture } from './make-sets.ts'
export { type OpenedMailbox, openMailbox } from './open-mailbox.ts'
export { patient } from './persist.ts'
export { random } from './random.ts'
export { type ShownMessage, shownMessages } from './read-messages.ts'
export { type ReceiptText, receiptOf, writeNewFile } from './receipt-file.ts'
export {
  type NewReport,
  type PictureRegistration,
  type RegistrationResult,
  registerInCase,
  registerNewReport,
} from './register-pictures.ts'
export { eraseCase, weekOf, withdrawAndKeep, withdrawPictures } from './withdraw.ts'
