import fc from 'fast-check'
import { expect, it } from 'vitest'
import { signingKeyOf } from '../keys/signing.ts'
import { formatRosterText } from '../roster/roster-text.ts'
import { codeOf, idOf, ORG, person, rosterOf, seedOf, TODAY } from '../roster/testing.ts'
import { checkEnrolRequest, enrolFingerprint, entryOfRequest, signEnrolRequest } from './enrol.ts'

const newcomer = await person('newcomer', 'caseworker')
const { id, role, age, addr, langs } = newcomer.entry
const fields = { org: ORG, id, role, age, addr, langs, day: TODAY }
const signed = signEnrolRequest(fields, newcomer.sign)

it('asks to join with a signature of the key that will be on the roster', () => {
  expect(checkEnrolRequest(JSON.parse(JSON.stringify(signed)))).toEqual(signed)
  const entry = entryOfRequest(signed, '2026-11-25')
  expect(entry).toEqual({ ...newcomer.entry, since: '2026-11-25' })
  expect(codeOf(() => formatRosterText(rosterOf({ entries: [...rosterOf().entries, entry] })))).toBeNull()
})

it('keeps the label that the organisation shows', () => {
  const labelled = signEnrolRequest({ ...fields, label: 'E\u0301quipe' }, newcomer.sign)
  expect(entryOfRequest(labelled, TODAY).label).toBe('Équipe')
})

it('refuses a request that was altered, or is signed by another key', () => {
  const stranger = signingKeyOf(seedOf('stranger'))
  const { sig } = signEnrolRequest(fields, stranger)
  expect(codeOf(() => checkEnrolRequest({ ...signed, sig }))).toBe('ENROL_INVALID')
  for (const change of [
    { role: 'supervisor' },
    { addr: idOf('elsewhere') },
    { org: 'other.example' },
    { day: '2026-11-25' },
  ])
    expect(codeOf(() => checkEnrolRequest({ ...signed, b: { ...signed.b, ...change } }))).toBe(
      'ENROL_INVALID',
    )
  for (const wrong of [
    null,
    {},
    { ...signed, more: 1 },
    { ...signed, b: { ...signed.b, phone: '+1 202-555-0100' } },
  ])
    expect(codeOf(() => checkEnrolRequest(wrong))).toBe('ENROL_INVALID')
  expect(codeOf(() => signEnrolRequest({ ...fields, day: 'today' }, newcomer.sign))).toBe('ENROL_INVALID')
})

it('refuses anything at random', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => codeOf(() => checkEnrolRequest(value)) === 'ENROL_INVALID'),
  )
})

it('gives twelve digits that change with everything in the request', async () => {
  const prints = [
    signed,
    signEnrolRequest(fields, signingKeyOf(seedOf('stranger'))),
    signEnrolRequest({ ...fields, role: 'supervisor' }, newcomer.sign),
    signEnrolRequest({ ...fields, addr: idOf('elsewhere') }, newcomer.sign),
  ]
  const digits = await Promise.all(prints.map((each) => enrolFingerprint(each)))
  for (const each of digits) expect(each).toMatch(/^[0-9]{4} [0-9]{4} [0-9]{4}$/)
  expect(new Set(digits).size).toBe(4)
  expect(digits[0]).toBe('1615 4022 6216')
})
