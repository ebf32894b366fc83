import { SealError } from '../errors.ts'
import type { SigningKey } from '../keys/signing.ts'
import { composeMessage, type Draft } from '../message/compose.ts'
import type { Heads, SignedMessage } from '../message/model.ts'
import { id16, isObject, lineOfText, listOf, shape, whole } from '../roster/forms.ts'
import type { RosterEntry } from '../roster/model.ts'
import { type CaseKey, MAX_EPOCH } from '../wrap/case-key.ts'
import { checkNotExcluded } from '../wrap/readers.ts'
import { sealWrap } from '../wrap/wrap.ts'

export interface SharedCase {
  readonly wraps: readonly { readonly epoch: number; readonly address: string; readonly wrap: Uint8Array }[]
  /** To be sealed to the case: everybody in it can see who was added, by whom, and why. */
  readonly message: SignedMessage
}

export interface NewMember {
  readonly entry: RosterEntry
  /** From the case-open record and what was added since. */
  readonly exclude: readonly string[]
  /** All entries of the roster, so that an excluded person is known under another entry too. */
  readonly entries: readonly RosterEntry[]
  readonly why: string
}

/**
 * Gives the keys of these epochs to a new member. The last of `keys` is the one in use. Errors: `CASE_EXCLUDED_RECIPIENT`;
 * `MESSAGE_INVALID` without epochs or a reason; `SEAL_RECIPIENT`.
 */
export async function shareCase(
  keys: readonly CaseKey[],
  { entry, exclude, entries, why }: NewMember,
  draft: Pick<Draft, 'author' | 'roster' | 'day'>,
  author: SigningKey,
  heads: Heads,
): Promise<SharedCase> {
  checkNotExcluded(entry, exclude, entries)
  const current = keys.at(-1)
  const body = { epochs: keys.map(({ epoch }) => epoch), toEntry: entry.id, why: why.normalize('NFC') }
  const isOneCase = keys.every(({ caseRef }) => caseRef === current?.caseRef)
  if (current === undefined || !isOneCase || !isWrapBody(body))
    throw new SealError('MESSAGE_INVALID', 'Keys of one case and a reason are needed. Nothing was shared.')
  const { caseRef, epoch } = current
  const message = composeMessage({ ...draft, t: 'wrap', caseRef, epoch, body }, author, heads)
  const wraps: { epoch: number; address: string; wrap: Uint8Array }[] = []
  for (const key of keys)
    wraps.push({ epoch: key.epoch, address: entry.addr, wrap: await sealWrap(key, entry.age) })
  return { wraps, message }
}

const hasFields = shape({ epochs: listOf(whole(1, MAX_EPOCH), 1, 256), toEntry: id16, why: lineOfText(200) })

/** True for the body of a message that says to whom a case was given. */
export function isWrapBody(
  value: unknown,
): value is { readonly epochs: readonly number[]; readonly toEntry: string; readonly why: string } {
  return isObject(value) && hasFields(value) && new Set(value.epochs).size === value.epochs.length
}
