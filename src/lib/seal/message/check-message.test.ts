import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToHex } from '../../bytes/index.ts'
import { bytesToBase64url } from '../keys/base64url.ts'
import { SIGNATURE_LABELS } from '../keys/labels.ts'
import { signingKeyOf, signRecord } from '../keys/signing.ts'
import type { RetiredKey, Role } from '../roster/model.ts'
import { codeOf, idOf, people, person, rosterOf, seedOf, TODAY, verifiedRoster } from '../roster/testing.ts'
import { type CaseContext, checkMessage } from './check-message.ts'
import type { Draft } from './compose.ts'
import { judgeMessages } from './judge.ts'
import { MESSAGE_RULES, type MessageType, type SignedMessage } from './model.ts'
import { isMessage, isSignedMessage } from './signed-message.ts'
import { CASE, context, converse, headOf, survivorKey, write } from './testing.ts'

const none = new Map()
const reasonOf = (payload: unknown, epoch = 1, inContext: CaseContext = context) => {
  const checked = checkMessage({ id: 'one', epoch, payload }, inContext)
  return checked.isGood ? null : checked.reason
}
const reply = write('worker', none)

it('verifies a reply of a caseworker and a message of the survivor', () => {
  expect(reasonOf(reply)).toBeNull()
  expect(reasonOf(write('survivor', none, { t: 'report' }))).toBeNull()
})

it('hides what did not open or is no message', () => {
  expect(reasonOf(null)).toBe('unreadable')
  const { sig, ...unsigned } = reply
  expect(sig).toHaveLength(86)
  for (const wrong of [
    unsigned,
    {},
    [],
    'text',
    7,
    { ...reply, more: 1 },
    { ...reply, b: { ...reply.b, v: 2 } },
  ])
    expect(reasonOf(wrong), JSON.stringify(wrong)).toBe('form')
})

it('hides a reply without a signature that holds', () => {
  expect(reasonOf({ ...reply, sig: bytesToBase64url(new Uint8Array(64)) })).toBe('signature')
  const stranger = signingKeyOf(seedOf('stranger'))
  expect(reasonOf(write('worker', none, {}, stranger)), 'a key of nobody').toBe('author')
  const sig = bytesToBase64url(signRecord(stranger, SIGNATURE_LABELS.message, reply.b))
  expect(reasonOf({ ...reply, sig }), 'signed by another key than it says').toBe('signature')
  expect(reasonOf(write('worker', none, {}, people.supervisor.sign)), 'the key of a colleague').toBe('author')
  expect(reasonOf(write('worker', none, {}, survivorKey)), 'the key of the survivor').toBe('author')
  expect(reasonOf(write('survivor', none, {}, people.worker.sign)), 'in the name of the survivor').toBe(
    'author',
  )
  expect(reasonOf(write('worker', none, { author: idOf('nobody') }))).toBe('author')
})

it('hides a reply of another case or of another epoch', () => {
  expect(reasonOf(write('worker', none, { caseRef: idOf('another case') }))).toBe('case')
  expect(reasonOf(reply, 2)).toBe('epoch')
  expect(reasonOf(write('worker', none, { epoch: 2 }), 1)).toBe('epoch')
  expect(reasonOf(write('worker', none, { epoch: 2, t: 'epoch' }), 1)).toBeNull()
  expect(reasonOf(write('worker', none, { epoch: 3, t: 'epoch' }), 1)).toBe('epoch')
})

it('lets no signature for one purpose count for another', () => {
  for (const t of Object.keys(MESSAGE_RULES).filter((each): each is MessageType => each in MESSAGE_RULES)) {
    if (MESSAGE_RULES[t].from === 'survivor') continue
    const message = write('worker', none, { t })
    expect(reasonOf(message), t).toBeNull()
    for (const label of Object.values(SIGNATURE_LABELS)) {
      const sig = bytesToBase64url(signRecord(people.worker.sign, label, message.b))
      expect(reasonOf({ ...message, sig }), `${t} under ${label}`).toBe(
        label === MESSAGE_RULES[t].label ? null : 'signature',
      )
    }
  }
})

it('lets nobody write what is not theirs to write', async () => {
  expect(reasonOf(write('worker', none, { t: 'report' }))).toBe('role')
  expect(reasonOf(write('worker', none, { t: 'withdraw-request' }))).toBe('role')
  for (const t of ['epoch', 'wrap', 'task-note', 'access-note'] as const)
    expect(reasonOf(write('survivor', none, { t })), t).toBe('role')
  const { analyst } = people
  expect(reasonOf(write('worker', none, { author: analyst.id }, analyst.sign))).toBe('role')
})

const gone = await person('gone', 'caseworker')
async function contextWith(change: Partial<RetiredKey>): Promise<CaseContext> {
  const retired: RetiredKey = {
    id: gone.id,
    role: 'caseworker' satisfies Role,
    sign: gone.entry.sign,
    from: '2026-01-01',
    to: '2026-10-31',
    reason: 'left',
    ...change,
  }
  return { ...context, rosters: [await verifiedRoster(rosterOf({ retired: [retired] }))] }
}
const ofGone = (day: string, heads = none, changes: Partial<Draft> = {}) =>
  write('worker', heads, { author: gone.id, day, ...changes }, gone.sign)

it('verifies messages of somebody who left, up to her last day', async () => {
  const left = await contextWith({})
  expect(reasonOf(ofGone('2026-10-31'), 1, left)).toBeNull()
  expect(reasonOf(ofGone('2026-11-01'), 1, left)).toBe('retired')
  expect(reasonOf(ofGone('2025-12-31'), 1, left)).toBe('retired')
  expect(reasonOf(ofGone('2026-10-31'), 1, context)).toBe('author')
})

it('hides messages of a compromised key after the last day on which it was safe', async () => {
  const compromised = await contextWith({ reason: 'compromised', notAfter: '2026-09-15' })
  expect(reasonOf(ofGone('2026-09-15'), 1, compromised)).toBeNull()
  expect(reasonOf(ofGone('2026-09-16'), 1, compromised)).toBe('retired')
})

it('hides a message that is dated back behind what it answers', async () => {
  const compromised = await contextWith({ reason: 'compromised', notAfter: '2026-09-15' })
  const recent = write('worker', none, { day: '2026-11-01' })
  const heads = new Map([[people.worker.id, headOf(recent)]])
  const items = [recent, ofGone('2026-09-15', heads)].map((payload, i) => ({ id: `${i}`, epoch: 1, payload }))
  expect(judgeMessages(items, compromised).items).toMatchObject([
    { verdict: 'verified' },
    { verdict: 'unverified', reason: 'retired' },
  ])
  const honest = [write('worker', none, { day: '2026-09-14' })]
  const answer = ofGone('2026-09-15', new Map([[people.worker.id, headOf(honest[0] ?? recent)]]))
  const judged = judgeMessages(
    [...honest, answer].map((payload, i) => ({ id: `${i}`, epoch: 1, payload })),
    compromised,
  )
  expect(judged.items.map(({ verdict }) => verdict)).toEqual(['verified', 'verified'])
})

it('hides messages of the future and of entries that have not begun or are over', async () => {
  expect(reasonOf(write('worker', none, { day: '2026-11-25' }))).toBeNull()
  expect(reasonOf(write('worker', none, { day: '2026-11-26' }))).toBe('retired')
  expect(reasonOf(write('worker', none, { day: '2025-12-31' }))).toBe('retired')
  const entries = rosterOf().entries.map((entry) => ({ ...entry, until: '2026-11-23' }))
  const over = { ...context, rosters: [await verifiedRoster(rosterOf({ entries }))] as const }
  expect(reasonOf(write('worker', none, { day: '2026-11-23' }), 1, over)).toBeNull()
  expect(reasonOf(write('worker', none, { day: TODAY }), 1, over)).toBe('retired')
})

it('verifies people of a partner, and lets no partner write in the name of a colleague', async () => {
  const other = await person('partner', 'supervisor')
  const partner = await verifiedRoster(
    rosterOf({ entries: [other.entry, { ...gone.entry, id: people.worker.id }] }),
  )
  const together = { ...context, rosters: [context.rosters[0], partner] as const }
  expect(reasonOf(write('worker', none, { author: other.id }, other.sign), 1, together)).toBeNull()
  expect(reasonOf(write('worker', none, {}, gone.sign), 1, together)).toBe('author')
  expect(reasonOf(reply, 1, together)).toBeNull()
})

it('does not ask a survivor’s telephone for the right day', () => {
  expect(reasonOf(write('survivor', none, { day: '2015-01-01' }))).toBeNull()
  expect(reasonOf(write('survivor', none, { day: '2040-01-01' }))).toBeNull()
})

it('takes no messages under a code that was given up, and its earlier ones still', () => {
  const fresh = signingKeyOf(seedOf('the new code'))
  const changed: CaseContext = {
    ...context,
    survivorKeys: [
      { sign: bytesToHex(survivorKey.publicKey), lastSeq: 1 },
      { sign: bytesToHex(fresh.publicKey) },
    ],
  }
  const first = write('survivor', none)
  const heads = new Map([['survivor', headOf(first)]])
  expect(reasonOf(first, 1, changed)).toBeNull()
  expect(reasonOf(write('survivor', heads), 1, changed)).toBe('retired')
  expect(reasonOf(write('survivor', heads, {}, fresh), 1, changed)).toBeNull()
})

it('writes no message out of its form', () => {
  for (const changes of [
    { epoch: 0 },
    { roster: 0 },
    { day: '2026-02-30' },
    { caseRef: 'x' },
    { author: 'Mrs X' },
  ])
    expect(
      codeOf(() => write('worker', none, changes)),
      JSON.stringify(changes),
    ).toBe('MESSAGE_INVALID')
  expect(codeOf(() => write('worker', none, { body: { text: '\ud800' } }))).toBe('SEAL_NOT_CANONICAL')
  expect(write('worker', none, { body: { text: 'e\u0301' } }).b.body).toEqual({ text: 'é' })
})

it('accepts the fields of a message in their form only', () => {
  const { b } = reply
  for (const wrong of [
    { ...b, seq: 2 },
    { ...b, prev: 'ab'.repeat(32) },
    { ...b, seen: { [b.author]: 1 } },
    { ...b, seen: { survivor: 0 } },
    { ...b, seen: { 'not an id': 1 } },
    { ...b, t: 'toString' },
    { ...b, body: [] },
    { ...b, epoch: 65_536 },
  ])
    expect(isMessage(wrong), JSON.stringify(wrong)).toBe(false)
  expect(isMessage({ ...b, seq: 2, prev: 'ab'.repeat(32), seen: { survivor: 3 } })).toBe(true)
})

it('never throws and never verifies what it is given at random', () => {
  const six = converse([{ name: 'survivor' }, { name: 'worker' }])
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 4 }), (payloads) => {
      const items = payloads.map((payload, i) => ({ id: `random ${i}`, epoch: 1, payload }))
      const judged = judgeMessages([...items, ...six], context).items
      expect(judged.slice(0, items.length).every(({ verdict }) => verdict === 'unverified')).toBe(true)
      expect(judged.slice(items.length).every(({ verdict }) => verdict === 'verified')).toBe(true)
    }),
  )
})

it('reads its own messages after they were text', () => {
  const again: unknown = JSON.parse(JSON.stringify(reply))
  expect(isSignedMessage(again)).toBe(true)
  expect(reasonOf(again)).toBeNull()
  expect((again as SignedMessage).b.caseRef).toBe(CASE)
})
