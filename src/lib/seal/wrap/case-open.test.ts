import { expect, it } from 'vitest'
import { bytesToHex } from '../../bytes/index.ts'
import { bytesToBase64url } from '../keys/base64url.ts'
import { hybridIdentityOf } from '../keys/identity.ts'
import { SIGNATURE_LABELS } from '../keys/labels.ts'
import { systemRandom } from '../keys/random.ts'
import { type SigningKey, signingKeyOf, signRecord } from '../keys/signing.ts'
import { nextCaseKey, startCase } from './case-key.ts'
import { type CaseOpen, checkCaseOpen, signCaseOpen } from './case-open.ts'
import { isIsoWeek, isoWeekOf } from './iso-week.ts'

const refused = expect.objectContaining({ code: 'CASE_OPEN_INVALID' })
const keys = {
  auth: signingKeyOf(new Uint8Array(32).fill(1)),
  sign: signingKeyOf(new Uint8Array(32).fill(2)),
  identity: await hybridIdentityOf(new Uint8Array(32).fill(3)),
}
const choice = {
  rosterVersion: 7,
  rosterSha256: '0'.repeat(64),
  exclude: ['AAAAAAAAAAAAAAAAAAAAAA'],
  week: '2026-W48',
}
const key = await startCase(keys.sign.publicKey, systemRandom)

const signedBy = (signer: SigningKey, b: unknown) => ({
  b,
  sig: bytesToBase64url(signRecord(signer, SIGNATURE_LABELS.caseOpen, b)),
})

it('begins a case with a record that whoever has the key can check', () => {
  const signed = signCaseOpen(key, keys, choice)
  expect(checkCaseOpen(JSON.parse(JSON.stringify(signed)), key)).toEqual(signed)
  expect(signed.b).toMatchObject({ t: 'case-open', v: 1, caseRef: key.caseRef, epoch: 1, ...choice })
  expect(signed.b.signPk).toBe(bytesToHex(keys.sign.publicKey))
  expect(signed.b.age).toBe(keys.identity.recipient)
})

it('refuses the record of another case, of another key, and of another signer', async () => {
  const signed = signCaseOpen(key, keys, choice)
  const other = await startCase(keys.sign.publicKey, systemRandom)
  const second = await nextCaseKey(key, systemRandom)
  for (const wrong of [other, second, { ...key, epoch: 2 }])
    expect(() => checkCaseOpen(signed, wrong)).toThrow(refused)
  // Somebody who holds the key of the case still cannot pose as the survivor.
  const stranger = signingKeyOf(systemRandom(32))
  const posing = { ...signed.b, signPk: bytesToHex(stranger.publicKey) }
  expect(() => checkCaseOpen(signedBy(stranger, posing), key)).toThrow(refused)
  expect(() => checkCaseOpen(signedBy(stranger, signed.b), key)).toThrow(refused)
})

it('refuses every changed field, whoever signed it', () => {
  const { b, sig } = signCaseOpen(key, keys, choice)
  const changes: Partial<Record<keyof CaseOpen, unknown>>[] = [
    { t: 'message' },
    { v: 2 },
    { epoch: 2 },
    { caseRef: 'AAAAAAAAAAAAAAAAAAAAAA' },
    { caseRef: 1 },
    { recipientSha256: '0'.repeat(64) },
    { signPk: b.signPk.toUpperCase() },
    { authPk: '' },
    { age: 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqs3290gq' },
    { age: undefined },
    { rosterVersion: 0 },
    { rosterVersion: 1.5 },
    { exclude: ['x'] },
    { exclude: Array.from({ length: 65 }, () => 'AAAAAAAAAAAAAAAAAAAAAA') },
    { exclude: null },
    { week: '2026-W54' },
  ]
  for (const change of changes) {
    const changed = { ...b, ...change }
    expect(() => checkCaseOpen({ b: changed, sig }, key), JSON.stringify(change)).toThrow(refused)
  }
  for (const week of ['2026-W47', '2025-W01'])
    expect(() => checkCaseOpen({ b: { ...b, week }, sig }, key)).toThrow(refused)
  expect(() => checkCaseOpen(signedBy(keys.sign, { ...b, extra: 1 }), key)).toThrow(refused)
  for (const change of [{ epoch: 2 }, { recipientSha256: '0'.repeat(64) }])
    expect(() => checkCaseOpen(signedBy(keys.sign, { ...b, ...change }), key)).toThrow(refused)
})

it('refuses what is no record at all', () => {
  for (const item of [null, undefined, 1, 'x', [], {}, { b: null, sig: '' }, { b: {}, sig: 'A'.repeat(86) }])
    expect(() => checkCaseOpen(item, key)).toThrow(refused)
})

it('refuses to sign a choice that is not in its form', () => {
  for (const change of [{ week: '24 November' }, { rosterSha256: 'x' }, { exclude: ['Mrs X'] }])
    expect(() => signCaseOpen(key, keys, { ...choice, ...change })).toThrow(refused)
})

it('names weeks as ISO 8601 does', () => {
  const at = (day: string) => isoWeekOf(Date.parse(`${day}T23:59:59Z`) / 1000)
  expect(at('2026-11-23')).toBe('2026-W48')
  expect(at('2026-11-29')).toBe('2026-W48')
  expect(at('2026-11-30')).toBe('2026-W49')
  expect(at('2021-01-03')).toBe('2020-W53')
  expect(at('2024-12-30')).toBe('2025-W01')
  expect(at('2005-01-01')).toBe('2004-W53')
  for (const week of ['2026-W01', '2026-W53', '2020-W53', '2025-W52'])
    expect(isIsoWeek(week), week).toBe(true)
  for (const week of ['2026-W00', '2025-W53', '2026-W54', '26-W01', '2026W01', '2026-W1', '', '0000-W01'])
    expect(isIsoWeek(week), week).toBe(false)
})
