export { addItemIn, addItemOut, ITEM_FMT, type NewItem, sizeClassOf } from './add-item.ts'
export {
  type Asking,
  type AuthoriseDependencies,
  authorise,
  newNonce,
  type SignedRequest,
} from './authorise.ts'
export { eraseBlob, eraseCase, UNLINK_JOB, unlinkJob } from './erase-case.ts'
export { type CaseRow, findCase, lockCase } from './find-case.ts'
export { assertFits, DEFAULT_QUOTA, type QuotaSettings } from './quota.ts'
