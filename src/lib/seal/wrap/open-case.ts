import { openItem } from '../frame/item.ts'
import type { AgeIdentity } from '../keys/identity.ts'
import type { ReturnKeys } from '../keys/return-keys.ts'
import type { CaseKey } from './case-key.ts'
import { type CaseOpen, checkCaseOpen } from './case-open.ts'
import { openOwnWrap, openUnknownWrap } from './wrap.ts'

/** A case after its first wrap and its first item were opened and found to belong together. */
export interface OpenedCase {
  /** The key of the first epoch. */
  readonly key: CaseKey
  /** Whose case it is (`signPk`), and who must never get it (`exclude`). */
  readonly opening: CaseOpen
}

/**
 * Opens a case that this worker never saw: her wrap of the first epoch and the first item. From then on `key.caseRef` is what
 * every other wrap and message must name. Errors: those of `openWrap` and `openItem`, `CASE_OPEN_INVALID`.
 */
export async function openCase(
  wrap: Uint8Array,
  firstItem: Uint8Array,
  identity: AgeIdentity,
): Promise<OpenedCase> {
  return withOpening(await openUnknownWrap(wrap, identity), firstItem)
}

/** The same for the survivor, who in addition knows her own signing key. Errors: as `openCase`. */
export async function openOwnCase(
  wrap: Uint8Array,
  firstItem: Uint8Array,
  keys: Pick<ReturnKeys, 'identity' | 'sign'>,
): Promise<OpenedCase> {
  return withOpening(await openOwnWrap(wrap, keys), firstItem)
}

async function withOpening(key: CaseKey, firstItem: Uint8Array): Promise<OpenedCase> {
  const { b } = checkCaseOpen(await openItem(firstItem, key.identity), key)
  return { key, opening: b }
}
