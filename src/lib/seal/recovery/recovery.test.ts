import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToHex, hexToBytes } from '../../bytes/index.ts'
import { hybridIdentityOf } from '../keys/identity.ts'
import { systemRandom } from '../keys/random.ts'
import { signingKeyOf } from '../keys/signing.ts'
import { codeOf, people, seedOf } from '../roster/testing.ts'
import vectors from '../vectors/recovery.json' with { type: 'json' }
import { startCase } from '../wrap/case-key.ts'
import { openWrap, sealWrap } from '../wrap/wrap.ts'
import {
  advanceCeremony,
  CEREMONY_STEPS,
  type Ceremony,
  type CeremonyEvent,
  requestCeremony,
} from './ceremony.ts'
import { checkHolders } from './holders.ts'
import { openCases } from './open-cases.ts'
import { joinRecoveryShares, splitRecoverySeed } from './secret.ts'
import { formatShare, parseShare, printShare, type RecoveryShare } from './share.ts'

const seed = seedOf('recovery')
const shares = await splitRecoverySeed(seed)
const others = await splitRecoverySeed(seed)
const failed = { code: 'RECOVERY_CHECK_FAILED' }
const pick = (...numbers: number[]) => shares.filter(({ number }) => numbers.includes(number))
const altered = ({ share, ...rest }: RecoveryShare, at: number, change: number): RecoveryShare => ({
  ...rest,
  share: share.map((byte, i) => (i === at ? byte ^ change : byte)),
})

it('gives the seed back from any three or more of the five shares', async () => {
  for (let set = 0; set < 32; set++) {
    const chosen = shares.filter((_, i) => (set >> i) & 1)
    if (chosen.length >= 3) expect(await joinRecoveryShares(chosen.toReversed())).toEqual(seed)
    else await expect(joinRecoveryShares(chosen)).rejects.toMatchObject(failed)
  }
})

it('gives nothing from shares of two ceremonies, from one share twice, or from an altered one', async () => {
  const [first, second, third] = shares
  if (!first || !second || !third) throw new Error('three shares are expected')
  await expect(joinRecoveryShares([first, second, ...others.slice(2, 3)])).rejects.toMatchObject(failed)
  await expect(joinRecoveryShares([first, second, second])).rejects.toMatchObject(failed)
  await expect(joinRecoveryShares([first, second, { ...second, number: 3 }])).rejects.toMatchObject(failed)
  await expect(
    joinRecoveryShares([first, second, { ...third, share: third.share.slice(1) }]),
  ).rejects.toMatchObject(failed)
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 41 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      await expect(joinRecoveryShares([first, second, altered(third, at, change)])).rejects.toMatchObject(
        failed,
      )
    }),
  )
})

it('joins the frozen shares to the frozen seed', async () => {
  const frozen = vectors.printedShares.map(parseShare)
  expect(frozen.map(printShare)).toEqual(vectors.printedShares)
  expect(bytesToHex(await joinRecoveryShares(frozen))).toBe(vectors.seedHex)
  expect(frozen.map(({ share }) => bytesToHex(share))).toEqual(vectors.sharesHex)
})

it('prints shares of 93 characters in groups of six and reads them back', () => {
  for (const share of shares) {
    expect(formatShare(share)).toHaveLength(93)
    expect(formatShare(share)).toMatch(/^saksi-share-1[02-9ac-hj-np-z]+$/)
    expect(printShare(share)).toMatch(/^(\S{6} ){15}\S{3}$/)
    for (const text of [
      formatShare(share),
      printShare(share),
      formatShare(share).toUpperCase(),
      `\n${printShare(share)}\n`,
    ])
      expect(parseShare(text)).toEqual(share)
  }
})

it('notices every mistyped character of a share', () => {
  const text = formatShare(
    shares[0] ?? others[0] ?? { threshold: 3, total: 5, number: 1, share: new Uint8Array(42) },
  )
  fc.assert(
    fc.property(
      fc.nat({ max: 92 }),
      fc.constantFrom(...'qpzry9x8gf2tvdw0s3jn54khce6mua7l1bio-!É'),
      (at, typed) => {
        if (text[at] === typed) return
        expect(codeOf(() => parseShare(text.slice(0, at) + typed + text.slice(at + 1)))).toBe(
          'RECOVERY_SHARE',
        )
      },
    ),
    { numRuns: 300 },
  )
  for (const wrong of [
    '',
    'saksi-share-1',
    text.slice(1),
    `${text}q`,
    text.slice(0, 50),
    'q'.repeat(5000),
    people.worker.entry.age,
  ])
    expect(codeOf(() => parseShare(wrong))).toBe('RECOVERY_SHARE')
})

it('refuses shares that say they are of another kind', () => {
  const [share] = shares
  if (!share) throw new Error('a share is expected')
  for (const change of [{ number: 0 }, { number: 6 }, { threshold: 2 }, { total: 6 }]) {
    const text = formatShare(Object.assign({}, share, change))
    expect(
      codeOf(() => parseShare(text)),
      JSON.stringify(change),
    ).toBe('RECOVERY_SHARE')
  }
})

const holder = (number: number, org: string, offices: string[] = []) => ({
  number,
  person: `person ${number}`,
  org,
  offices,
})
const good = [
  holder(1, 'a'),
  holder(2, 'a'),
  holder(3, 'b'),
  holder(4, 'b'),
  holder(5, 'c', ['root-officer', 'supervisor']),
]

it('refuses holders who could open cases alone', () => {
  const refused = (holders: typeof good) => codeOf(() => checkHolders(holders))
  expect(refused(good)).toBeNull()
  expect(refused(good.slice(1))).toBe('RECOVERY_HOLDERS')
  expect(refused(good.with(0, holder(1, 'b')))).toBe('RECOVERY_HOLDERS')
  expect(refused(good.map((each) => ({ ...each, org: 'a' })))).toBe('RECOVERY_HOLDERS')
  expect(refused(good.with(0, { ...holder(1, 'a'), person: 'person 2' }))).toBe('RECOVERY_HOLDERS')
  expect(refused(good.with(0, holder(2, 'a')))).toBe('RECOVERY_HOLDERS')
  expect(refused(good.with(4, holder(5, 'c', ['root-officer', 'supervisor', 'oversight'])))).toBe(
    'RECOVERY_HOLDERS',
  )
})

const identity = await hybridIdentityOf(seed)
const key = await startCase(signingKeyOf(seedOf('survivor')).publicKey, systemRandom)
const wrap = { caseRef: key.caseRef, epoch: 1, wrap: await sealWrap(key, identity.recipient) }
const request = {
  requestedBy: people.worker.id,
  reason: 'all members have left',
  cases: [key.caseRef],
  recipients: [people.supervisor.entry.age],
  blockedShares: [2],
}
const at = (atSeconds: number) => ({ atSeconds })
const approvals: CeremonyEvent[] = ['one', 'two'].map((by) => ({
  step: 'approve',
  by,
  role: 'supervisor',
  ...at(100),
}))
const entered: CeremonyEvent[] = [1, 3, 5].map((number) => ({ step: 'enter-share', number, ...at(200) }))
const run = (events: readonly CeremonyEvent[], from = requestCeremony(request)) =>
  events.reduce(advanceCeremony, from)
const refusedStep = (events: readonly CeremonyEvent[], from?: Ceremony) => codeOf(() => run(events, from))
const ready = run([...approvals, { step: 'schedule', ...at(150) }, ...entered])

it('goes from request to report in one order', () => {
  const end: CeremonyEvent[] = (['reconstruct', 'open-wraps', 'destroy', 'report'] as const).map((step) => ({
    step,
    ...at(300),
  }))
  expect(ready.state).toBe('shares-entered')
  expect(run(end, ready).state).toBe('reported')
  for (let i = 0; i < end.length; i++)
    expect(
      refusedStep(
        end.filter((_, j) => j !== i),
        ready,
      ),
    ).toBe(i === 1 ? null : i === 3 ? null : 'RECOVERY_STEP')
})

it('refuses every step that its table does not name', () => {
  const states = [
    'requested',
    'approved',
    'scheduled',
    'shares-entered',
    'reconstructed',
    'wraps-opened',
    'destroyed',
    'reported',
    'aborted',
  ] as const
  const events: CeremonyEvent[] = [
    { step: 'approve', by: 'three', role: 'supervisor', ...at(300) },
    { step: 'enter-share', number: 4, ...at(300) },
    ...(['schedule', 'reconstruct', 'open-wraps', 'destroy', 'report', 'abort'] as const).map((step) => ({
      step,
      ...at(300),
    })),
  ]
  for (const state of states)
    for (const event of events) {
      const from: readonly string[] = CEREMONY_STEPS[event.step].from
      expect(refusedStep([event], { ...ready, state }), `${event.step} after ${state}`).toBe(
        from.includes(state) ? null : 'RECOVERY_STEP',
      )
    }
  expect(CEREMONY_STEPS.abort.from).not.toContain('reconstructed')
})

it('needs two supervisors who did not ask for it', () => {
  const [one, two] = approvals
  if (!one || !two) throw new Error('two approvals are expected')
  expect(run([one]).state).toBe('requested')
  expect(run([one, two]).state).toBe('approved')
  expect(refusedStep([one, one])).toBe('RECOVERY_STEP')
  expect(refusedStep([{ step: 'approve', by: 'one', role: 'caseworker', ...at(100) }])).toBe('RECOVERY_STEP')
  expect(refusedStep([{ step: 'approve', by: people.worker.id, role: 'supervisor', ...at(100) }])).toBe(
    'RECOVERY_STEP',
  )
})

it('lets an approval expire after seven days, and the ceremony be called off still', () => {
  const week = 7 * 86_400
  expect(refusedStep([...approvals, { step: 'schedule', ...at(100 + week - 1) }])).toBeNull()
  expect(refusedStep([...approvals, { step: 'schedule', ...at(100 + week) }])).toBe('RECOVERY_STEP')
  expect(refusedStep([{ step: 'reconstruct', ...at(100 + week) }], ready)).toBe('RECOVERY_STEP')
  expect(refusedStep([{ step: 'reconstruct', ...at(Number.NaN) }], ready)).toBe('RECOVERY_STEP')
  expect(run([{ step: 'abort', ...at(100 + week) }], ready).state).toBe('aborted')
})

it('takes no share of a holder in conflict, and none twice', () => {
  const scheduled = run([...approvals, { step: 'schedule', ...at(150) }])
  const enter = (number: number): CeremonyEvent => ({ step: 'enter-share', number, ...at(200) })
  expect(refusedStep([enter(2)], scheduled)).toBe('RECOVERY_STEP')
  expect(refusedStep([enter(1), enter(1)], scheduled)).toBe('RECOVERY_STEP')
  for (const number of [0, 6, 1.5]) expect(refusedStep([enter(number)], scheduled)).toBe('RECOVERY_STEP')
  expect(codeOf(() => requestCeremony({ ...request, blockedShares: [1, 2, 3] }))).toBe('RECOVERY_STEP')
  expect(codeOf(() => requestCeremony({ ...request, cases: [] }))).toBe('RECOVERY_STEP')
})

it('opens the named case with three good shares, for the named people only', async () => {
  const [recovered, ...more] = await openCases(ready, pick(1, 3, 5), [wrap])
  if (!recovered) throw new Error('a wrap is expected')
  expect(more).toEqual([])
  const opened = await openWrap(recovered.wrap, people.supervisor.identity, {
    caseRef: key.caseRef,
    epoch: 1,
  })
  expect(opened.identity.secret).toBe(key.identity.secret)
  await expect(
    openWrap(recovered.wrap, people.worker.identity, { caseRef: key.caseRef }),
  ).rejects.toMatchObject({
    code: 'SEAL_NOT_FOR_THIS_KEY',
  })
})

it('opens nothing with other shares, at another time, or of another case', async () => {
  const refused = { code: 'RECOVERY_STEP' }
  await expect(openCases(ready, pick(1, 3, 4), [wrap]), 'not entered').rejects.toMatchObject(refused)
  await expect(openCases({ ...ready, state: 'scheduled' }, pick(1, 3, 5), [wrap])).rejects.toMatchObject(
    refused,
  )
  await expect(openCases({ ...ready, state: 'destroyed' }, pick(1, 3, 5), [wrap])).rejects.toMatchObject(
    refused,
  )
  const unnamed = { ...wrap, caseRef: 'AAAAAAAAAAAAAAAAAAAAAA' }
  await expect(openCases(ready, pick(1, 3, 5), [wrap, unnamed])).rejects.toMatchObject(refused)
  await expect(openCases(ready, pick(1, 3), [wrap])).rejects.toMatchObject(failed)
  await expect(
    openCases({ ...ready, cases: [unnamed.caseRef] }, pick(1, 3, 5), [unnamed]),
  ).rejects.toMatchObject({ code: 'WRAP_MISMATCH' })
})

it('leaves the shares as they were', async () => {
  const before = shares.map(({ share }) => bytesToHex(share))
  await joinRecoveryShares(shares)
  expect(shares.map(({ share }) => bytesToHex(share))).toEqual(before)
  expect(hexToBytes(before[0] ?? '')).toHaveLength(42)
})
