import type { cases as operations } from '#contract/cases.ts'
import type { Output } from '#contract/operation.ts'
import { type JournalEntry, type Replay, replayCase } from '#domain/index.ts'
import { base64ToBytes } from '#lib/bytes/index.ts'
import { AppError } from '#lib/errors/index.ts'
import {
  acceptEpoch,
  type CaseContext,
  type CaseKey,
  type CaseOpen,
  type Conversation,
  checkFileList,
  type DeliveredItem,
  type FileDescription,
  judgeMessages,
  openCase,
  openItem,
  openUnknownWrap,
  SealError,
} from '#lib/seal/index.ts'
import { inOrder, isCaseOpen, journalOf, newestEpoch, saysEpoch, verifiedMessages } from './cases-journal.ts'
import { type Desk, DeskError, minuteOf } from './staff-desk.ts'

type Delivered = Output<typeof operations.get>

/** A case that a member has opened: what she may read of it, judged and replayed. */
export interface OpenCase {
  /** What the server calls it. */
  readonly id: string
  readonly status: Delivered['status']
  /** `YYYY-MM-DD`, or null. */
  readonly nextDueDay: string | null
  /** Where the survivor's wraps are delivered. */
  readonly mailbox: string
  readonly slots: Delivered['slots']
  /** From the oldest she was given to the newest that is trusted. */
  readonly keys: readonly [CaseKey, ...CaseKey[]]
  /** An epoch was delivered that is not trusted: what was sealed to it stays closed, and somebody should be called. */
  readonly hasUntrustedEpoch: boolean
  /** Whose case it is and who must never read it; null for a member who was given later keys only. */
  readonly opening: CaseOpen | null
  readonly conversation: Conversation
  readonly entries: readonly JournalEntry[]
  readonly replay: Replay
  /** Of the sealed files of the case, as verified messages describe them. */
  readonly files: readonly FileDescription[]
  /** Sealed items by id. They never change, so that reading again fetches only new ones. */
  readonly sealed: ReadonlyMap<string, Uint8Array>
  /** What they hold, by id: opening takes longer than anything else. */
  readonly payloads: ReadonlyMap<string, unknown>
}

/** Everything she can open, and what was listed and did not open, with the code of why. */
export interface OpenedCases {
  readonly cases: readonly OpenCase[]
  readonly unreadable: readonly { readonly id: string; readonly code: string }[]
}

const AT_A_TIME = 8

/**
 * Opens the cases that are wrapped to her. One that does not open holds up none of the others. Throws `CallError` when the server
 * does not list them.
 */
export async function openCases(desk: Desk, known: readonly OpenCase[] = []): Promise<OpenedCases> {
  const { client, session } = desk
  const listed = await client.cases.list({ session: session.token })
  const opened: OpenCase[] = []
  const unreadable: { id: string; code: string }[] = []
  for (const { id } of listed.cases) {
    try {
      opened.push(
        await readCase(
          desk,
          id,
          known.find((one) => one.id === id),
        ),
      )
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      unreadable.push({ id, code: error.code })
    }
  }
  return { cases: opened, unreadable }
}

/**
 * Fetches a case, opens it, judges every message in it and replays its journal. With `known`, what she had of it before, only new
 * items are fetched, and a server that holds the newest messages back is found out (`missing`). Throws `CallError` NOT_FOUND for
 * a case of which she has no wrap; `DeskError` CASE_UNREADABLE; `SealError` CASE_OPEN_INVALID, WRAP_MISMATCH.
 */
export async function readCase(desk: Desk, id: string, known?: OpenCase): Promise<OpenCase> {
  const got = await desk.client.cases.get({ session: desk.session.token, case: id })
  const sealed = await fetchItems(desk, id, got.items, known?.sealed ?? new Map())
  const { key, opening } = await openFirst(desk, got, sealed)
  const context: CaseContext = {
    caseRef: key.caseRef,
    survivorKeys: opening === null ? [] : [{ sign: opening.signPk }],
    rosters: desk.rosters,
    today: desk.now().toISOString().slice(0, 10),
  }
  const payloads = new Map(known?.payloads)
  const keys = await followEpochs(desk, { first: key, got, sealed, payloads }, context)
  const delivered = inOrder(await openItems({ got, sealed, payloads }, keys))
  const conversation = judgeMessages(delivered, context, known?.conversation.heads)
  const entries = journalOf(conversation, delivered, (entry) => desk.rules.roster.get(entry))
  const newest = newestEpoch(conversation, [...got.wraps, ...got.items])
  return {
    id,
    status: got.status,
    nextDueDay: got.nextDueDay,
    mailbox: got.mailbox,
    slots: got.slots,
    keys,
    hasUntrustedEpoch: keys.every(({ epoch }) => epoch < newest),
    opening,
    conversation,
    entries,
    replay: replayCase(entries, minuteOf(desk.now()), desk.rules),
    files: filesIn(conversation),
    sealed,
    payloads,
  }
}

/** The key in use: that of the newest epoch she trusts. */
export function currentKey({ keys }: Pick<OpenCase, 'keys'>): CaseKey {
  return keys.at(-1) ?? keys[0]
}

async function fetchItems(
  { client, session }: Desk,
  id: string,
  items: Delivered['items'],
  known: ReadonlyMap<string, Uint8Array>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const sealed = new Map(known)
  const fresh = items.filter((item) => !sealed.has(item.id))
  for (let at = 0; at < fresh.length; at += AT_A_TIME) {
    const some = fresh.slice(at, at + AT_A_TIME)
    const bodies = await Promise.all(
      some.map(({ id: item }) => client.cases.item({ session: session.token, case: id, item })),
    )
    for (const [n, { body }] of bodies.entries()) {
      sealed.set(some[n]?.id ?? '', base64ToBytes(body) ?? new Uint8Array(0))
    }
  }
  return sealed
}

/** The oldest key she was given, and the record that opens the case, if that key is of the first epoch. */
async function openFirst(
  { session }: Desk,
  { wraps, items }: Delivered,
  sealed: ReadonlyMap<string, Uint8Array>,
): Promise<{ readonly key: CaseKey; readonly opening: CaseOpen | null }> {
  const first = wraps.reduce<Delivered['wraps'][number] | null>(
    (oldest, wrap) => (oldest === null || wrap.epoch < oldest.epoch ? wrap : oldest),
    null,
  )
  if (first === null) throw unreadable('No key was delivered.')
  const wrap = base64ToBytes(first.body) ?? new Uint8Array(0)
  const { age } = session.identity
  if (first.epoch > 1) return { key: await openUnknownWrap(wrap, age), opening: null }
  let refusal: unknown = unreadable('The record that opens the case was not delivered.')
  for (const { id, epoch, direction } of items) {
    if (epoch !== 1 || direction !== 'in') continue
    try {
      return await openCase(wrap, sealed.get(id) ?? new Uint8Array(0), age)
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      refusal = error
    }
  }
  throw refusal
}

interface Fetched {
  readonly got: Delivered
  readonly sealed: ReadonlyMap<string, Uint8Array>
  /** Filled as items are opened. */
  readonly payloads: Map<string, unknown>
}

/** The keys from the first to the newest that is trusted, each accepted by the one before it. */
async function followEpochs(
  desk: Desk,
  { first, ...fetched }: Fetched & { readonly first: CaseKey },
  context: CaseContext,
): Promise<readonly [CaseKey, ...CaseKey[]]> {
  const keys: [CaseKey, ...CaseKey[]] = [first]
  for (let current = first; ; ) {
    const epoch = current.epoch + 1
    const slots = fetched.got.wraps
      .filter((wrap) => wrap.epoch === epoch)
      .map(({ slot, body }) => ({ slot, wrap: base64ToBytes(body) ?? new Uint8Array(0) }))
    if (slots.length === 0) return keys
    const own = { reader: 'staff', identity: desk.session.identity.age } as const
    let next: CaseKey | null = null
    for (const { payload } of await openItems(fetched, [current])) {
      if (next !== null || !saysEpoch(payload, epoch)) continue
      next = await acceptEpoch(current, { payload, slots }, own, context).catch(() => null)
    }
    if (next === null) return keys
    keys.push(next)
    current = next
  }
}

async function openItems(
  { got, sealed, payloads }: Fetched,
  keys: readonly CaseKey[],
): Promise<DeliveredItem[]> {
  const delivered: DeliveredItem[] = []
  for (const { id, epoch } of got.items) {
    const key = keys.find((one) => one.epoch === epoch)
    const body = sealed.get(id)
    if (key !== undefined && body !== undefined && !payloads.has(id)) {
      const payload = await openItem(body, key.identity).catch(() => null)
      if (payload !== null) payloads.set(id, payload)
    }
    const payload = key === undefined ? null : (payloads.get(id) ?? null)
    if (!isCaseOpen(payload)) delivered.push({ id, epoch, payload })
  }
  return delivered
}

function filesIn(conversation: Conversation): FileDescription[] {
  const files = new Map<string, FileDescription>()
  for (const { t, body } of verifiedMessages(conversation)) {
    if (t !== 'file-list') continue
    // A later list of the same file corrects the former one.
    for (const file of listedIn(body)) files.set(file.blob, file)
  }
  return [...files.values()]
}

function listedIn(body: unknown): readonly FileDescription[] {
  try {
    return checkFileList(body).files
  } catch {
    return []
  }
}

function unreadable(says: string): DeskError {
  return new DeskError('CASE_UNREADABLE', says)
}
