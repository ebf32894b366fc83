import { cases as operations, type SealedItem } from '#contract/cases.ts'
import { CaseError, type EntryBody, type EventType, messageOf, momentOf, whyNot } from '#domain/index.ts'
import { bytesToBase64, bytesToHex, type CanonicalValue } from '#lib/bytes/index.ts'
import {
  bytesToBase64url,
  composeMessage,
  type Draft,
  type SignedMessage,
  sealItem,
} from '#lib/seal/index.ts'
import { CallError } from './call.ts'
import { currentKey, type OpenCase, readCase } from './cases.ts'
import { type Desk, DeskError, minuteOf } from './staff-desk.ts'

/** Others may write at the same time so often before this gives up. */
const MAX_ROUNDS = 8

/**
 * Writes an entry into the journal of a case: signed by her, sealed to the case, tied to everything she has read. When somebody
 * writes meanwhile, the case is read again and the entry written anew. Gives the case as it is then. Throws `CaseError` with the
 * reason when the entry would have no effect; `CallError`: see `cases.post`; `SealError` FRAME_TOO_LARGE; `DeskError` CASE_BUSY.
 */
export async function postEntry(
  desk: Desk,
  open: OpenCase,
  type: EventType,
  body: EntryBody['body'] = {},
): Promise<OpenCase> {
  return (await postUnless(desk, open, { type, body }, () => false)).open
}

/** The same, unless the case already is as it should be: then nothing is written. */
export async function postUnless(
  desk: Desk,
  open: OpenCase,
  said: EntryBody,
  isDone: (open: OpenCase) => boolean,
): Promise<{ readonly open: OpenCase; readonly isWritten: boolean }> {
  let current = open
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (isDone(current)) return { open: current, isWritten: false }
    const message = compose(desk, current, said)
    const item = await sealedItem(desk, message, current)
    const isThere = await isAccepted(desk, current, item)
    current = await readCase(desk, current.id, current)
    if (isThere) return { open: current, isWritten: true }
  }
  throw busy()
}

/** Writes to the survivor: she gets to see it from the next quarter of an hour on. Throws as `postEntry`. */
export function reply(desk: Desk, open: OpenCase, text: string): Promise<OpenCase> {
  return postEntry(desk, open, 'message.write', { text })
}

/** Sets the day on which somebody has to look at the case again, which the server may know. Throws `CallError`. */
export async function setDueDay(
  { client, session }: Desk,
  open: OpenCase,
  day: string | null,
): Promise<void> {
  await client.cases.due({ session: session.token, case: open.id, day })
}

/**
 * Tells the server how far the case is, so that it knows what to erase when: what the journal says must say so first. A closed
 * case is kept 90 days, that of a minor 30. Throws `CallError`: see `cases.move`.
 */
export async function moveCase(
  { client, session }: Desk,
  open: OpenCase,
  status: 'open' | 'closing' | 'closed',
): Promise<void> {
  const keptWeeks = open.replay.state.isMinorsPath ? WEEKS_OF_MINORS : WEEKS
  await client.cases.move(await session.confirm(operations.move, { case: open.id, status, keptWeeks }))
}

const WEEKS = 13
const WEEKS_OF_MINORS = 5

/** Whose the next message of this member is, and when. */
export function draftOf({ session, rosters, now }: Desk): Pick<Draft, 'author' | 'roster' | 'day'> {
  return {
    author: session.entry,
    roster: rosters[0].roster.v,
    day: now().toISOString().slice(0, 10),
  }
}

/** A message as it is posted: under a new id, sealed to the key in use. */
export async function sealedItem(
  { random }: Desk,
  message: SignedMessage,
  open: OpenCase,
): Promise<SealedItem> {
  const { epoch, identity } = currentKey(open)
  return {
    id: bytesToBase64url(random(16)),
    epoch,
    body: bytesToBase64(await sealItem(message, identity.recipient)),
  }
}

/** How many items the case had when she read it. */
export function countOf({ sealed }: OpenCase): number {
  return sealed.size
}

/** True for the refusal after which a case is read again and what was to be written written anew. */
export function isChanged(error: unknown): boolean {
  return error instanceof CallError && error.code === 'CASE_CHANGED'
}

export function busy(): DeskError {
  return new DeskError('CASE_BUSY', 'Others are writing in this case. Nothing was written; try once more.')
}

function compose(desk: Desk, open: OpenCase, { type, body }: EntryBody): SignedMessage {
  const minute = minuteOf(desk.now())
  const at: CanonicalValue = momentOf(minute).slice(11, 16)
  const said = { type, body: { at, ...body } }
  const { caseRef, epoch } = currentKey(open)
  const draft = draftOf(desk)
  refuseInVain(desk, open, said)
  return composeMessage(
    { ...draft, ...messageOf(said), caseRef, epoch },
    desk.session.identity.sign,
    open.conversation.heads,
  )
}

/** Throws `CaseError` when the entry would have no effect. */
export function refuseInVain(desk: Desk, { entries }: OpenCase, { type, body }: EntryBody): void {
  const { session, rules, now } = desk
  const { author, day } = draftOf(desk)
  const seen: Record<string, number> = {}
  let own = 0
  let prev: string | undefined
  for (const entry of entries) {
    if (entry.author !== author) seen[entry.author] = Math.max(seen[entry.author] ?? 0, entry.seq)
    else if (entry.seq > own) [own, prev] = [entry.seq, entry.id]
  }
  const candidate = {
    id: 'candidate',
    author,
    key: bytesToHex(session.identity.sign.publicKey),
    role: rules.roster.get(author) ?? 'caseworker',
    day,
    seq: own + 1,
    ...(prev !== undefined && { prev }),
    seen,
    type,
    body,
  }
  const code = whyNot(entries, candidate, minuteOf(now()), rules)
  if (code !== null) throw new CaseError(code)
}

async function isAccepted(
  { client, session, persist }: Desk,
  open: OpenCase,
  item: SealedItem,
): Promise<boolean> {
  try {
    await persist(() =>
      client.cases.post({ session: session.token, case: open.id, item, count: countOf(open) }),
    )
    return true
  } catch (error) {
    if (isChanged(error)) return false
    throw error
  }
}
