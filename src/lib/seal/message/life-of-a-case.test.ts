import { expect, it } from 'vitest'
import { bytesToHex } from '../../bytes/index.ts'
import {
  acceptEpoch,
  type CaseContext,
  type CaseKey,
  composeMessage,
  deriveReturnKeys,
  type Heads,
  judgeMessages,
  makeReturnCode,
  openCase,
  openItem,
  openOwnCase,
  SURVIVOR,
  sealItem,
  sealReport,
  startEpoch,
  systemRandom,
} from '../index.ts'
import { NOW, ORG, people, TODAY, verifiedRoster } from '../roster/testing.ts'

const { intake, supervisor } = people
const verified = await verifiedRoster()
const { roster, sha256 } = verified
const none: Heads = new Map()

/** What a reader makes of sealed items, each opened with the key of its epoch. */
async function read(items: readonly Uint8Array[], keys: readonly CaseKey[], context: CaseContext) {
  const delivered = []
  for (const [i, item] of items.entries()) {
    let opened: { epoch: number; payload: unknown } = { epoch: 1, payload: null }
    for (const { epoch, identity } of keys) {
      const payload = await openItem(item, identity).catch(() => null)
      if (payload !== null) opened = { epoch, payload }
    }
    delivered.push({ id: `item ${i}`, ...opened })
  }
  return judgeMessages(delivered, context)
}

it('lets a survivor report, be answered, and go on with a new key when somebody leaves', async () => {
  const her = await deriveReturnKeys(makeReturnCode(systemRandom), ORG)
  const draft = { roster: roster.v, day: TODAY }
  const report = {
    keys: her,
    roster: { version: roster.v, sha256, entries: roster.entries, recovery: roster.recovery },
    exclude: [],
    nowSeconds: NOW,
    records: ({ caseRef, epoch }: CaseKey) => [
      composeMessage(
        {
          ...draft,
          t: 'report',
          caseRef,
          epoch,
          author: SURVIVOR,
          body: { text: 'Somebody shares my pictures.' },
        },
        her.sign,
        none,
      ),
    ],
  }
  const { submission } = await sealReport(report, systemRandom)
  const [opening = new Uint8Array(), ...items] = submission.items
  const wrapAt = (address: string) =>
    submission.slots.find((slot) => slot.address === address)?.wrap ?? new Uint8Array()

  // The worker who does intake: whose case it is she learns from the case alone.
  const opened = await openCase(wrapAt(intake.entry.addr), opening, intake.identity)
  const context: CaseContext = {
    caseRef: opened.key.caseRef,
    survivorKeys: [{ sign: opened.opening.signPk }],
    rosters: [verified],
    today: TODAY,
  }
  const first = await read(items, [opened.key], context)
  expect(first.items).toMatchObject([{ verdict: 'verified', role: 'survivor', message: { t: 'report' } }])
  const { caseRef, epoch, identity } = opened.key
  const words = {
    ...draft,
    t: 'reply',
    caseRef,
    epoch,
    author: intake.id,
    body: { text: 'We are here.' },
  } as const
  items.push(await sealItem(composeMessage(words, intake.sign, first.heads), identity.recipient))

  // The supervisor takes over: a new key without the worker, who leaves.
  const { heads } = await read(items, [opened.key], context)
  const change = {
    ...draft,
    reason: 'member-left',
    author: supervisor.id,
    survivor: { address: her.mailbox, recipient: her.identity.recipient },
    recovery: { address: roster.recovery.addr, recipient: roster.recovery.age },
    members: [{ address: supervisor.entry.addr, recipient: supervisor.entry.age }],
  } as const
  const next = await startEpoch(opened.key, change, { sign: supervisor.sign, heads, random: systemRandom })
  items.push(...next.items)

  // The survivor comes back with her code.
  const hers = await openOwnCase(wrapAt(her.mailbox), opening, her)
  const ownContext = { ...context, survivorKeys: [{ sign: bytesToHex(her.sign.publicKey) }] }
  const payload = await openItem(items[2] ?? new Uint8Array(), hers.key.identity)
  const slots = next.slots.filter(({ address }) => address === her.mailbox)
  const own = { reader: 'survivor', identity: her.identity } as const
  const second = await acceptEpoch(hers.key, { payload, slots }, own, ownContext)
  const all = await read(items, [hers.key, second], ownContext)
  expect(all.items.map(({ verdict }) => verdict)).toEqual(['verified', 'verified', 'verified', 'duplicate'])
  expect(all.items[1]).toMatchObject({ role: 'intake', message: { body: { text: 'We are here.' } } })
  expect(all.missing).toEqual([])

  // The server drops the reply: she is told.
  const dropped = await read([...items.slice(0, 1), ...items.slice(2)], [hers.key, second], ownContext)
  expect(dropped.missing).toEqual([{ author: intake.id, from: 1, to: 1 }])
  expect(dropped.items.map(({ verdict }) => verdict)).toEqual(['verified', 'missing-before', 'duplicate'])
})
