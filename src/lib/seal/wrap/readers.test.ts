import { expect, it } from 'vitest'
import { bytesToBase64url } from '../keys/base64url.ts'
import { systemRandom } from '../keys/random.ts'
import type { RosterEntry } from '../roster/model.ts'
import { checkNotExcluded, chooseReaders, type ReaderChoice } from './readers.ts'

const refused = (code: string) => expect.objectContaining({ code })
const newId = () => bytesToBase64url(systemRandom(16))
let made = 0

function entry(change: Partial<RosterEntry> = {}): RosterEntry {
  made++
  const own = { id: newId(), age: `age1pq1person${made}`, sign: `sign${made}`, addr: newId() }
  return { ...own, role: 'intake', langs: ['ms'], since: '2026-01-01', ...change }
}

const survivor = { mailbox: newId(), recipient: 'age1pq1survivor' }
const recovery = { addr: newId(), age: 'age1pq1recovery' }
const choice = (change: Partial<ReaderChoice>): ReaderChoice => ({
  survivor,
  recovery,
  entries: [],
  exclude: [],
  day: '2026-11-24',
  ...change,
})
const addressesOf = (change: Partial<ReaderChoice>) =>
  chooseReaders(choice(change), systemRandom)
    .map(({ address }) => address)
    .slice(2)

it('gives a new case to the survivor, to recovery and to the intake team', () => {
  const team = [entry(), entry()]
  const readers = chooseReaders(choice({ entries: team }), systemRandom)
  expect(readers.slice(0, 2)).toEqual([
    { address: survivor.mailbox, recipient: survivor.recipient },
    { address: recovery.addr, recipient: recovery.age },
  ])
  expect(
    readers
      .slice(2)
      .map(({ recipient }) => recipient)
      .sort(),
  ).toEqual(team.map(({ age }) => age).sort())
})

it('leaves out other roles and people who are not there yet or no longer', () => {
  const here = [entry({ since: '2026-11-24' }), entry({ until: '2026-11-24' })]
  const away = [
    entry({ since: '2026-11-25' }),
    entry({ until: '2026-11-23' }),
    entry({ role: 'analyst' }),
    entry({ role: 'supervisor' }),
  ]
  expect(addressesOf({ entries: [...away, ...here] }).sort()).toEqual(here.map(({ addr }) => addr).sort())
})

it('takes eight of a larger team, and not always the same', () => {
  const team = Array.from({ length: 12 }, () => entry())
  const chosen = Array.from({ length: 60 }, () => addressesOf({ entries: team }))
  for (const addresses of chosen) expect(new Set(addresses).size).toBe(8)
  // Somebody is left out of all 60 by chance once in 10^27.
  expect(new Set(chosen.flat()).size).toBe(12)
})

it('never gives the case to somebody she excludes, under any of her entries', () => {
  const [excluded, other] = [entry(), entry()]
  const again = entry({ age: excluded.age })
  const sameSigner = entry({ sign: excluded.sign })
  const sameAddress = entry({ addr: excluded.addr })
  const asAnalyst = entry({ role: 'analyst' })
  const sameAsAnalyst = entry({ age: asAnalyst.age })
  const entries = [excluded, again, sameSigner, sameAddress, asAnalyst, sameAsAnalyst, other]
  expect(addressesOf({ entries, exclude: [excluded.id, asAnalyst.id] })).toEqual([other.addr])
})

it('asks for a partner organisation when everybody is excluded, and then takes only the partner', () => {
  const [a, b, partner] = [entry(), entry(), entry()]
  const everybody = { entries: [a, b], exclude: [a.id, b.id] }
  expect(() => addressesOf(everybody)).toThrow(refused('CASE_NO_RECIPIENT'))
  expect(() => addressesOf({ entries: [] })).toThrow(refused('CASE_NO_RECIPIENT'))
  expect(addressesOf({ ...everybody, partnerEntries: [partner] })).toEqual([partner.addr])
  const excludedThere = { ...everybody, exclude: [a.id, b.id, partner.id], partnerEntries: [partner] }
  expect(() => addressesOf(excludedThere)).toThrow(refused('CASE_NO_RECIPIENT'))
})

it('gives one wrap to a person who stands in the team twice', () => {
  const person = entry()
  expect(addressesOf({ entries: [person, entry({ age: person.age })] })).toHaveLength(1)
})

it('keeps a case from being shared with an excluded person later', () => {
  const [excluded, other] = [entry(), entry()]
  const twin = entry({ age: excluded.age, role: 'caseworker' })
  const entries = [excluded, other, twin]
  for (const person of [excluded, twin])
    expect(() => checkNotExcluded(person, [excluded.id], entries)).toThrow(refused('CASE_EXCLUDED_RECIPIENT'))
  expect(() => checkNotExcluded(other, [excluded.id], entries)).not.toThrow()
})
