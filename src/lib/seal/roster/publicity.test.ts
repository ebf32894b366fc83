import { expect, it } from 'vitest'
import {
  commitmentOf,
  formatInterimReceipt,
  formatOpening,
  noteKey,
  type Opening,
  type SigningKey,
  signNote,
} from '../../tlog/index.ts'
import { hybridIdentityOf } from '../keys/identity.ts'
import { bankRecipient } from './bank-recipient.ts'
import type { Roster } from './model.ts'
import { formatRosterText, rosterDigest } from './roster-text.ts'
import { checkSuccession } from './succession.ts'
import {
  codeOf,
  NOW,
  people,
  proofOf,
  rosterOf,
  seedOf,
  signedText,
  TODAY,
  trust as witnessed,
} from './testing.ts'
import { type RosterTrust, verifyRoster } from './verify-roster.ts'

const LOG = 'log.example/custody'
const receipts = noteKey('log.example/receipts', seedOf('receipts'))
const trust: RosterTrust = { ...witnessed, receiptKeys: [receipts.vkey] }
const text = formatRosterText(rosterOf())
const note = signedText(text)

function openingOf(body: object = { rosterSha256: rosterDigest(text), version: 1 }, log = LOG): Opening {
  const at = `${TODAY}T10:00:00Z`
  const by = { role: 'system', key: 'system' } as const
  const id = '000102030405060708090a0b0c0d0e0f'
  return {
    salt: seedOf('salt'),
    record: { v: 1, type: 'roster.changed', id, log, at, by, body: { ...body } },
  } as Opening
}

function promiseOf(
  opening: Opening = openingOf(),
  {
    key = receipts,
    mergeBy = '2026-11-25T13:00:00Z',
    receivedOn = TODAY,
    log = LOG,
  }: {
    readonly key?: SigningKey
    readonly mergeBy?: string
    readonly receivedOn?: string
    readonly log?: string
  } = {},
) {
  const manifestSha256 = rosterDigest(text)
  const receipt = formatInterimReceipt({
    log,
    commitment: commitmentOf(opening),
    manifestSha256,
    receivedOn,
    mergeBy,
  })
  return { receipt: signNote(receipt, [key]), opening: formatOpening(opening) }
}

const seconds = (time: string) => Date.parse(time) / 1000
const verdict = (promise: ReturnType<typeof promiseOf> | null, nowSeconds = NOW, trusting = trust) =>
  codeOf(() => verifyRoster(note, null, { trust: trusting, nowSeconds, promise }))

it('says how it is known that a roster is public', async () => {
  const proof = await proofOf(text, 1)
  const by = (file: string | null, trusting: RosterTrust) =>
    verifyRoster(note, file, { trust: trusting, nowSeconds: NOW, promise: promiseOf() }).publicity
  expect(by(proof, trust)).toBe('witnessed')
  expect(by(null, trust)).toBe('promised')
  const alone = { ...trust, policy: { ...trust.policy, quorum: null } }
  expect(by(proof, { ...alone, allowsNoWitness: true })).toBe('log-only')
  expect(codeOf(() => by(proof, alone))).toBe('ROSTER_UNLOGGED')
})

it('takes the signed promise of the log until the time it names, and not a second longer', () => {
  expect(verdict(promiseOf())).toBeNull()
  expect(verdict(promiseOf(), seconds('2026-11-25T13:00:00Z'))).toBeNull()
  expect(verdict(promiseOf(), seconds('2026-11-25T13:00:01Z'))).toBe('ROSTER_UNLOGGED')
  expect(verdict(promiseOf(openingOf(), { receivedOn: '2026-11-26' }))).toBe('ROSTER_UNLOGGED')
  expect(verdict(null)).toBe('ROSTER_UNLOGGED')
})

it('takes no promise of another roster, record, log or key', () => {
  const other = formatRosterText(rosterOf({ exp: '2026-12-19' }))
  expect(verdict(promiseOf(openingOf({ rosterSha256: rosterDigest(other), version: 1 })))).toBe(
    'ROSTER_UNLOGGED',
  )
  expect(verdict(promiseOf(openingOf({ rosterSha256: rosterDigest(text), version: 2 })))).toBe(
    'ROSTER_UNLOGGED',
  )
  const { receipt } = promiseOf()
  const swapped = { ...openingOf(), salt: seedOf('another salt') }
  expect(verdict({ receipt, opening: formatOpening(swapped) })).toBe('ROSTER_UNLOGGED')
  const stranger = noteKey('log.example/receipts', seedOf('stranger'))
  expect(verdict(promiseOf(openingOf(), { key: stranger }))).toBe('ROSTER_UNLOGGED')
  const elsewhere = noteKey('evil.example/receipts', seedOf('evil'))
  const foreign = promiseOf(openingOf(undefined, 'evil.example/log'), {
    key: elsewhere,
    log: 'evil.example/log',
  })
  const trusting = { ...trust, receiptKeys: [receipts.vkey, elsewhere.vkey] }
  expect(verdict(foreign, NOW, trusting)).toBe('ROSTER_UNLOGGED')
  expect(verdict(promiseOf(), NOW, witnessed)).toBe('ROSTER_UNLOGGED')
})

it('never falls back on a promise from a proof that does not hold', async () => {
  const proof = await proofOf(text, 1, { cosigners: 1 })
  const options = { trust, nowSeconds: NOW, promise: promiseOf() }
  expect(codeOf(() => verifyRoster(note, proof, options))).toBe('ROSTER_UNLOGGED')
})

it('names the recipient of the bank under the signatures of two officers', async () => {
  const bank = { age: (await hybridIdentityOf(seedOf('bank'))).recipient }
  const withBank = formatRosterText(rosterOf({ bank }))
  const signed = signedText(withBank)
  const proof = await proofOf(withBank, 1)
  const open = (input: string) => verifyRoster(input, proof, { trust, nowSeconds: NOW })
  expect(bankRecipient(open(signed))).toBe(bank.age)
  const evil = (await hybridIdentityOf(seedOf('evil bank'))).recipient
  expect(codeOf(() => open(signed.replace(bank.age, evil)))).toBe('ROSTER_INVALID')
  const none = verifyRoster(note, null, { trust, nowSeconds: NOW, promise: promiseOf() })
  expect(codeOf(() => bankRecipient(none))).toBe('ROSTER_NO_BANK')
  for (const age of [people.worker.entry.age, rosterOf().recovery.age, 'age1']) {
    expect(codeOf(() => formatRosterText(rosterOf({ bank: { age } })))).toBe('ROSTER_INVALID')
  }
})

it('lets no new list give the bank another key: what is sealed to the old one would be lost', async () => {
  const bankOf = async (name: string) => ({ age: (await hybridIdentityOf(seedOf(name))).recipient })
  const before = rosterOf({ bank: await bankOf('bank') })
  const open = { count: new Map() }
  const next = (changes: Partial<Roster>) =>
    codeOf(() => {
      const previous = formatRosterText(before)
      checkSuccession(before, previous, { ...before, v: 2, prev: rosterDigest(previous), ...changes }, open)
    })
  expect(next({})).toBeNull()
  expect(next({ bank: await bankOf('another bank') })).toBe('ROSTER_SUCCESSION')
})
