import { type Client, dayOf, type StaffSession } from '#client/index.ts'
import { type EntryBody, messageOf } from '#domain/index.ts'
import { base64ToBytes, bytesToBase64 } from '#lib/bytes/index.ts'
import {
  bytesToBase64url,
  type CaseKey,
  composeMessage,
  openCase,
  openItem,
  SealError,
  sealItem,
  systemRandom,
} from '#lib/seal/index.ts'

/** A case as a worker with a wrap of it has it. */
export interface WorkersCase {
  readonly id: string
  readonly key: CaseKey
  /** What was said in it, as far as it opens. */
  readonly payloads: readonly unknown[]
}

/** Every case of which she has a wrap, opened. */
export async function casesOf(client: Client, staff: StaffSession): Promise<WorkersCase[]> {
  const session = staff.token
  const { cases } = await client.cases.list({ session })
  const opened: WorkersCase[] = []
  for (const { id } of cases) {
    const { wraps, items } = await client.cases.get({ session, case: id })
    const wrap = bytesOf(wraps[0]?.body ?? '')
    const bodies: Uint8Array[] = []
    for (const { id: item } of items) {
      bodies.push(bytesOf((await client.cases.item({ session, case: id, item })).body))
    }
    const key = await keyOf(wrap, bodies, staff)
    const payloads = await Promise.all(bodies.map((body) => openItem(body, key.identity)))
    opened.push({ id, key, payloads })
  }
  return opened
}

/** Writes one entry as her first in this case; `by` may sign with another key, as a forger would. */
export async function writeAs(
  client: Client,
  staff: StaffSession,
  { id, key }: WorkersCase,
  entry: EntryBody,
  { sign = staff.identity.sign, nowMs = Date.now() } = {},
): Promise<void> {
  const draft = {
    ...messageOf(entry),
    caseRef: key.caseRef,
    epoch: key.epoch,
    author: staff.entry,
    roster: 1,
    day: dayOf(nowMs / 1_000),
  }
  const message = composeMessage(draft, sign, new Map())
  const body = bytesToBase64(await sealItem(message, key.identity.recipient))
  const item = { id: bytesToBase64url(systemRandom(16)), epoch: key.epoch, body }
  await client.cases.post({ session: staff.token, case: id, item })
}

async function keyOf(wrap: Uint8Array, bodies: readonly Uint8Array[], staff: StaffSession): Promise<CaseKey> {
  for (const body of bodies) {
    try {
      return (await openCase(wrap, body, staff.identity.age)).key
    } catch (error) {
      if (!(error instanceof SealError)) throw error
    }
  }
  throw new Error('No item opens the case.')
}

function bytesOf(base64: string): Uint8Array {
  return base64ToBytes(base64) ?? new Uint8Array(0)
}
