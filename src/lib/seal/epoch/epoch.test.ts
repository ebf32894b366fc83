import { expect, it } from 'vitest'
import { openItem, sealItem } from '../frame/item.ts'
import { hybridIdentityOf } from '../keys/identity.ts'
import { systemRandom } from '../keys/random.ts'
import { composeMessage } from '../message/compose.ts'
import { judgeMessages } from '../message/judge.ts'
import type { Head, SignedMessage } from '../message/model.ts'
import { context, headOf, survivorKey } from '../message/testing.ts'
import { idOf, people, person, rosterOf, seedOf, TODAY, verifiedRoster } from '../roster/testing.ts'
import { type CaseKey, nextCaseKey, startCase } from '../wrap/case-key.ts'
import { openWrap } from '../wrap/wrap.ts'
import { acceptEpoch, type OfferedEpoch } from './accept-epoch.ts'
import { shareCase } from './share-case.ts'
import { startEpoch } from './start-epoch.ts'

const survivor = await hybridIdentityOf(seedOf('survivor opens'))
const mailbox = idOf('mailbox')
const first = await startCase(survivorKey.publicKey, systemRandom)
const here = { ...context, caseRef: first.caseRef }
const { worker, supervisor, intake, analyst } = people
const readerOf = ({ entry }: typeof worker) => ({ address: entry.addr, recipient: entry.age })
const { recovery } = rosterOf()
const change = {
  reason: 'member-left',
  survivor: { address: mailbox, recipient: survivor.recipient },
  recovery: { address: recovery.addr, recipient: recovery.age },
  members: [readerOf(supervisor)],
  author: supervisor.id,
  roster: 1,
  day: TODAY,
} as const
const means = { sign: supervisor.sign, heads: new Map<string, Head>(), random: systemRandom }
const next = await startEpoch(first, change, means)
const hers = next.slots.filter(({ address }) => address === mailbox)
const asSurvivor = { reader: 'survivor', identity: survivor } as const
const accept = (offered: Partial<OfferedEpoch>, current: CaseKey = first) =>
  acceptEpoch(current, { payload: next.message, slots: hers, ...offered }, asSurvivor, here)
const untrusted = { code: 'EPOCH_UNTRUSTED' }

it('gives everybody who stays the new key, under an announcement that the old key opens', async () => {
  const payload = await openItem(next.items[0], first.identity)
  const key = await accept({ payload })
  expect(key.identity.secret).toBe(next.key.identity.secret)
  expect(key).toMatchObject({ caseRef: first.caseRef, epoch: 2 })
  expect(await openItem(next.items[1], key.identity)).toEqual(payload)
  const slots = next.slots.filter(({ address }) => address === supervisor.entry.addr)
  const asStaff = { reader: 'staff', identity: supervisor.identity } as const
  expect((await acceptEpoch(first, { payload, slots }, asStaff, here)).epoch).toBe(2)
  expect(next.slots).toHaveLength(12)
})

it('shuts out whoever left: no wrap, and the old key opens nothing of the new epoch', async () => {
  expect(next.slots.some(({ address }) => address === worker.entry.addr)).toBe(false)
  for (const { wrap } of next.slots)
    await expect(openWrap(wrap, worker.identity, { caseRef: first.caseRef })).rejects.toMatchObject({
      code: 'SEAL_NOT_FOR_THIS_KEY',
    })
  const item = await sealItem({ text: 'after she left' }, next.key.identity.recipient)
  await expect(openItem(item, first.identity)).rejects.toMatchObject({ code: 'SEAL_NOT_FOR_THIS_KEY' })
  expect(await openItem(item, next.key.identity)).toEqual({ text: 'after she left' })
  const asStaff = { reader: 'staff', identity: worker.identity } as const
  for (const slots of [[], next.slots, hers])
    await expect(acceptEpoch(first, { payload: next.message, slots }, asStaff, here)).rejects.toMatchObject(
      untrusted,
    )
})

it('does not trust an epoch whose server keeps the survivor’s wrap back, or gives another one', async () => {
  await expect(accept({ slots: [] })).rejects.toMatchObject(untrusted)
  const [own] = hers
  if (!own) throw new Error('her wrap is expected')
  await expect(accept({ slots: [{ ...own, slot: (own.slot + 1) % 12 }] })).rejects.toMatchObject(untrusted)
  await expect(accept({ slots: next.slots.filter(({ slot }) => slot !== own.slot) })).rejects.toMatchObject(
    untrusted,
  )
  const another = await startEpoch(first, change, means)
  const wrap = another.slots.find(({ address }) => address === mailbox)?.wrap ?? own.wrap
  await expect(accept({ slots: [{ slot: own.slot, wrap }] })).rejects.toMatchObject(untrusted)
  const altered = own.wrap.slice()
  altered[1700] = (altered[1700] ?? 0) ^ 1
  await expect(accept({ slots: [{ slot: own.slot, wrap: altered }] })).rejects.toMatchObject(untrusted)
})

it('does not trust an epoch that nobody who may has signed', async () => {
  const forged: (SignedMessage | null)[] = [null, { ...next.message, sig: `A${next.message.sig.slice(1)}` }]
  for (const { id, sign } of [intake, analyst])
    forged.push((await startEpoch(first, { ...change, author: id }, { ...means, sign })).message)
  forged.push((await startEpoch(first, change, { ...means, sign: worker.sign })).message)
  forged.push((await startEpoch(first, { ...change, author: idOf('nobody') }, means)).message)
  forged.push(
    (await startEpoch(first, { ...change, author: 'survivor' }, { ...means, sign: survivorKey })).message,
  )
  for (const payload of forged)
    await expect(accept({ payload }), JSON.stringify(payload)).rejects.toMatchObject(untrusted)
  const asReply = composeMessage({ ...next.message.b, t: 'reply' }, supervisor.sign, new Map())
  await expect(accept({ payload: asReply })).rejects.toMatchObject(untrusted)
})

it('does not trust an epoch that does not follow the key in use', async () => {
  const third = await startEpoch(next.key, change, means)
  const slots = third.slots.filter(({ address }) => address === mailbox)
  await expect(accept({ payload: third.message, slots })).rejects.toMatchObject(untrusted)
  expect((await accept({ payload: third.message, slots }, next.key)).epoch).toBe(3)
  await expect(accept({}, next.key), 'the same again').rejects.toMatchObject(untrusted)
  const fork = await nextCaseKey(first, systemRandom)
  await expect(
    accept({ payload: third.message, slots }, fork),
    'after another second key',
  ).rejects.toMatchObject(untrusted)
  const elsewhere = await startCase(survivorKey.publicKey, systemRandom)
  await expect(accept({}, elsewhere)).rejects.toMatchObject(untrusted)
})

it('accepts an epoch that somebody signed who has left since, up to her last day', async () => {
  const gone = await person('gone', 'caseworker')
  const old = await startEpoch(
    first,
    { ...change, author: gone.id, day: '2026-06-30' },
    { ...means, sign: gone.sign },
  )
  const offered = { payload: old.message, slots: old.slots.filter(({ address }) => address === mailbox) }
  const key = {
    id: gone.id,
    sign: gone.entry.sign,
    from: '2026-01-01',
    to: '2026-06-30',
    reason: 'left',
  } as const
  const under = async (role: 'caseworker' | 'intake', to: string = key.to) => ({
    ...here,
    rosters: [await verifiedRoster(rosterOf({ retired: [{ ...key, role, to }] }))] as const,
  })
  expect((await acceptEpoch(first, offered, asSurvivor, await under('caseworker'))).epoch).toBe(2)
  await expect(acceptEpoch(first, offered, asSurvivor, await under('intake'))).rejects.toMatchObject(
    untrusted,
  )
  await expect(
    acceptEpoch(first, offered, asSurvivor, await under('caseworker', '2026-06-29')),
  ).rejects.toMatchObject(untrusted)
  await expect(acceptEpoch(first, offered, asSurvivor, here)).rejects.toMatchObject(untrusted)
})

it('shows the announcement once, though both keys open a copy', () => {
  const items = [1, 2].map((epoch) => ({ id: `copy ${epoch}`, epoch, payload: next.message }))
  expect(judgeMessages(items, here).items.map(({ verdict }) => verdict)).toEqual(['verified', 'duplicate'])
})

const draft = { author: supervisor.id, roster: 1, day: TODAY }
const newMember = { entry: intake.entry, exclude: [], entries: rosterOf().entries, why: 'speaks Tamil' }

it('gives a case to a new member for the named epochs, and says so in the case', async () => {
  const heads = new Map([[supervisor.id, headOf(next.message)]])
  const { wraps, message } = await shareCase([first, next.key], newMember, draft, supervisor.sign, heads)
  expect(wraps.map(({ epoch, address }) => [epoch, address])).toEqual(
    [1, 2].map((epoch) => [epoch, intake.entry.addr]),
  )
  for (const { epoch, wrap } of wraps)
    expect((await openWrap(wrap, intake.identity, { caseRef: first.caseRef, epoch })).epoch).toBe(epoch)
  expect(message.b.body).toEqual({ epochs: [1, 2], toEntry: intake.id, why: 'speaks Tamil' })
  const items = [next.message, message].map((payload, i) => ({ id: `${i}`, epoch: 2, payload }))
  expect(judgeMessages(items, here).items.map(({ verdict }) => verdict)).toEqual(['verified', 'verified'])
})

it('gives a case to nobody whom it excludes, and to nobody without a reason', async () => {
  const share = (keys: CaseKey[], changes: Partial<typeof newMember> | { exclude: string[] }) =>
    shareCase(keys, { ...newMember, ...changes }, draft, supervisor.sign, new Map())
  await expect(share([first], { exclude: [intake.id] })).rejects.toMatchObject({
    code: 'CASE_EXCLUDED_RECIPIENT',
  })
  await expect(share([first], { why: '' })).rejects.toMatchObject({ code: 'MESSAGE_INVALID' })
  await expect(share([], {})).rejects.toMatchObject({ code: 'MESSAGE_INVALID' })
  await expect(share([first, first], {})).rejects.toMatchObject({ code: 'MESSAGE_INVALID' })
})
