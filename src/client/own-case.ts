import { bytesToHex } from '#lib/bytes/index.ts'
import {
  acceptEpoch,
  type CaseContext,
  type CaseKey,
  type CaseOpen,
  type Conversation,
  type DeliveredItem,
  judgeMessages,
  type OpenedCase,
  openItem,
  openOwnCase,
  type RandomBytes,
  type ReturnKeys,
  SealError,
  type VerifiedRoster,
} from '#lib/seal/index.ts'
import { CallError } from './call.ts'
import { newestEpoch } from './cases-journal.ts'
import type { FetchedItem, Mailbox, MailboxContents } from './mailbox.ts'
import { sealedFor } from './new-case.ts'
import { dayOf } from './organisation.ts'
import { type KeptReceipt, OwnPen, type OwnSaying } from './own-entries.ts'
import { once, type Persist } from './persist.ts'

/** A survivor's case, opened with her return code. */
export interface OwnCase {
  readonly status: MailboxContents['status']
  /** Where in the custody log the report is committed to, or null while it waits. */
  readonly logIndex: number | null
  readonly opening: CaseOpen
  /** Of the newest epoch that is trusted. */
  readonly key: CaseKey
  /** Epochs were delivered that are not trusted: what was sealed to them stays closed. */
  readonly hasUntrustedEpoch: boolean
  readonly conversation: Conversation
  /** That her report was received, as often as she kept it. */
  readonly receipts: readonly KeptReceipt[]
  /** Ids of sets that were named in the case and not withdrawn in it. */
  readonly sets: readonly string[]
}

export interface OwnMeans {
  /** The organisation's own roster first. */
  readonly rosters: readonly [VerifiedRoster, ...VerifiedRoster[]]
  readonly nowSeconds: number
}

/**
 * Fetches the case of a mailbox, opens it, and judges every message in it. Throws `CallError`: see `mailbox.fetch`; and
 * `SealError` CASE_OPEN_INVALID when what lies there is no case of hers.
 */
export async function readOwnCase(mailbox: Mailbox, keys: ReturnKeys, means: OwnMeans): Promise<OwnCase> {
  const contents = await mailbox.fetch()
  const { key: first, opening } = await openFirst(contents, keys)
  const context: CaseContext = {
    caseRef: first.caseRef,
    survivorKeys: [{ sign: bytesToHex(keys.sign.publicKey) }],
    rosters: means.rosters,
    today: dayOf(means.nowSeconds),
  }
  const epochs = await followEpochs(first, contents, keys, context)
  const delivered = inOrder(await openAll(contents.items, epochs))
  const conversation = judgeMessages(delivered, context)
  const newest = epochs[epochs.length - 1] ?? first
  const highest = newestEpoch(conversation, [...contents.wraps, ...contents.items])
  return {
    status: contents.status,
    logIndex: contents.logIndex,
    opening,
    key: newest,
    hasUntrustedEpoch: highest > newest.epoch,
    conversation,
    ...hersIn(conversation),
  }
}

/** Writes into her case what she says, in this order. Sent again by `persist`, each is kept once. Throws `CallError`. */
export async function writeToOwnCase(
  mailbox: Mailbox,
  keys: ReturnKeys,
  own: Pick<OwnCase, 'key' | 'conversation'>,
  sayings: readonly OwnSaying[],
  means: OwnMeans & { readonly random: RandomBytes; readonly persist?: Persist },
): Promise<void> {
  const { rosters, nowSeconds, random, persist = once } = means
  const { heads } = own.conversation
  const pen = new OwnPen(own.key, { sign: keys.sign, heads, roster: rosters[0], nowSeconds })
  for (const saying of sayings) {
    const item = await sealedFor(own.key, pen.write(saying), random)
    await persist(() => mailbox.post(item))
  }
}

async function openFirst({ wraps, items }: MailboxContents, keys: ReturnKeys): Promise<OpenedCase> {
  const wrap = wraps.find(({ epoch }) => epoch === 1)
  if (wrap === undefined) throw new CallError('CLIENT_BAD_ANSWER', 'The key of the case was not delivered.')
  let refusal: unknown = null
  for (const { epoch, direction, body } of items) {
    if (epoch !== 1 || direction !== 'in') continue
    try {
      return await openOwnCase(wrap.body, body, keys)
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      refusal = error
    }
  }
  throw refusal ?? new CallError('CLIENT_BAD_ANSWER', 'The first record of the case was not delivered.')
}

/** The keys from the first to the newest that is trusted, each accepted by the one before it. */
async function followEpochs(
  first: CaseKey,
  { wraps, items }: MailboxContents,
  keys: ReturnKeys,
  context: CaseContext,
): Promise<readonly CaseKey[]> {
  const epochs = [first]
  for (let current = first; ; ) {
    const own = wraps.filter(({ epoch }) => epoch === current.epoch + 1)
    if (own.length === 0) return epochs
    const next = await nextEpoch(current, { own, items }, keys, context)
    if (next === null) return epochs
    epochs.push(next)
    current = next
  }
}

async function nextEpoch(
  current: CaseKey,
  { own, items }: { readonly own: MailboxContents['wraps']; readonly items: readonly FetchedItem[] },
  keys: ReturnKeys,
  context: CaseContext,
): Promise<CaseKey | null> {
  for (const { epoch, body } of items) {
    // The record lies there twice: sealed to the key in use, and to the new one.
    if (epoch !== current.epoch && epoch !== current.epoch + 1) continue
    const payload = await openItem(body, current.identity).catch(() => null)
    const slot = survivorSlotOf(payload)
    if (slot === null) continue
    const slots = own.map(({ body: wrap }) => ({ slot, wrap }))
    const reader = { reader: 'survivor', identity: keys.identity } as const
    const next = await acceptEpoch(current, { payload, slots }, reader, context).catch(() => null)
    if (next !== null) return next
  }
  return null
}

/** The slot that a record of a new epoch names as hers. A mailbox is given her own wraps only, without their slots. */
function survivorSlotOf(payload: unknown): number | null {
  if (!isRecord(payload) || !isRecord(payload['b']) || !isRecord(payload['b']['body'])) return null
  const slot = payload['b']['body']['survivorSlot']
  return typeof slot === 'number' ? slot : null
}

async function openAll(
  items: readonly FetchedItem[],
  epochs: readonly CaseKey[],
): Promise<readonly DeliveredItem[]> {
  const delivered: DeliveredItem[] = []
  for (const { id, epoch, body } of items) {
    const key = epochs.find((one) => one.epoch === epoch)
    const payload = key === undefined ? null : await openItem(body, key.identity).catch(() => null)
    if (!isCaseOpen(payload)) delivered.push({ id: bytesToHex(id), epoch, payload })
  }
  return delivered
}

/** The record that opens the case is no message; `openFirst` has checked the one that counts. */
function isCaseOpen(payload: unknown): boolean {
  return isRecord(payload) && isRecord(payload['b']) && payload['b']['t'] === 'case-open'
}

/**
 * A mailbox gives items in the order of their random ids. Each message says how many it follows, its author's and others', and
 * a message always follows more than any of those does.
 */
function inOrder(items: readonly DeliveredItem[]): DeliveredItem[] {
  return items
    .map((item) => ({ item, after: countBefore(item.payload) }))
    .sort((a, b) => a.after - b.after || (a.item.id < b.item.id ? -1 : 1))
    .map(({ item }) => item)
}

function countBefore(payload: unknown): number {
  const b = isRecord(payload) ? payload['b'] : null
  if (!isRecord(b)) return Number.MAX_SAFE_INTEGER
  const seen = isRecord(b['seen']) ? Object.values(b['seen']) : []
  return [b['seq'], ...seen].reduce<number>((sum, n) => sum + (typeof n === 'number' ? n : 0), 0)
}

/** What she keeps in the case, and which pictures of hers are looked for, by her own and the members' verified words. */
function hersIn({ items }: Conversation): Pick<OwnCase, 'receipts' | 'sets'> {
  const receipts: KeptReceipt[] = []
  const sets = new Set<string>()
  for (const item of items) {
    if (item.verdict === 'unverified' || item.verdict === 'duplicate') continue
    const { message, role } = item
    const { keep, type, body } = message.body
    if (role === 'survivor' && isReceipt(keep)) receipts.push(keep)
    if (!isRecord(body)) continue
    if (type === 'prints.register' && typeof body['id'] === 'string') sets.add(body['id'])
    if (type === 'prints.withdraw' && typeof body['about'] === 'string') sets.delete(body['about'])
  }
  return { receipts, sets: [...sets] }
}

function isReceipt(value: unknown): value is KeptReceipt {
  return isRecord(value) && typeof value['receipt'] === 'string' && typeof value['opening'] === 'string'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
