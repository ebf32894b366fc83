import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToHex } from '../bytes/index.ts'
import { systemRandom } from '../seal/index.ts'
import {
  blindPasses,
  checkPass,
  finishPasses,
  formatInviteCode,
  inviteHash,
  issuePasses,
  MAX_PASSES_AT_ONCE,
  makeInviteCode,
  parseInviteCode,
  passKeysOf,
  usePass,
} from './index.ts'

const refused = (code: string) => expect.objectContaining({ code })
const WEEK = '2026-W48'
const keys = passKeysOf(new Uint8Array(32).fill(7), WEEK)
const issuer = { week: WEEK, publicKey: keys.publicKey }
const sighting = new Uint8Array(16).fill(1)

it('lets in with a pass what it was used for, and nothing else', () => {
  const asked = blindPasses(3, systemRandom)
  const passes = finishPasses(
    asked,
    issuePasses(
      keys,
      asked.map(({ blinded }) => blinded),
    ),
    issuer,
  )
  expect(passes.map(({ week }) => week)).toEqual([WEEK, WEEK, WEEK])
  const [pass, other] = passes
  if (!pass || !other) throw new Error('no passes')
  const shown = { nonce: pass.nonce, mac: usePass(pass, sighting) }
  expect(() => checkPass(keys, shown, sighting)).not.toThrow()
  expect(() => checkPass(keys, shown, new Uint8Array(16).fill(2))).toThrow(refused('PASS_INVALID'))
  expect(() => checkPass(keys, { ...shown, nonce: other.nonce }, sighting)).toThrow(refused('PASS_INVALID'))
  expect(() => checkPass(keys, { ...shown, nonce: pass.nonce.slice(1) }, sighting)).toThrow(
    refused('PASS_INVALID'),
  )
  const nextWeek = passKeysOf(new Uint8Array(32).fill(7), '2026-W49')
  expect(() => checkPass(nextWeek, shown, sighting)).toThrow(refused('PASS_INVALID'))
  for (let at = 0; at < 32; at += 5) {
    const mac = shown.mac.with(at, (shown.mac[at] ?? 0) ^ 1)
    expect(() => checkPass(keys, { ...shown, mac }, sighting)).toThrow(refused('PASS_INVALID'))
  }
})

it('shows the issuer nothing that comes back: every request is new, for the same nonces too', () => {
  const asked = blindPasses(2, systemRandom)
  const issued = issuePasses(
    keys,
    asked.map(({ blinded }) => blinded),
  )
  const [pass] = finishPasses(asked, issued, issuer)
  if (!pass) throw new Error('no pass')
  const seen = [...asked.map(({ blinded }) => blinded), ...issued.evaluated, issued.proof].map(bytesToHex)
  for (const later of [pass.nonce, pass.key, usePass(pass, sighting)]) {
    expect(seen.filter((one) => one.includes(bytesToHex(later)))).toEqual([])
  }
  const again = blindPasses(1, () => asked[0]?.nonce ?? new Uint8Array(32))
  expect(again[0]?.nonce).toEqual(asked[0]?.nonce)
  expect(again[0]?.blinded).not.toEqual(asked[0]?.blinded)
})

it('refuses an answer under another key, and one that was altered, moved or cut', () => {
  const asked = blindPasses(2, systemRandom)
  const blinded = asked.map((one) => one.blinded)
  const marking = passKeysOf(new Uint8Array(32).fill(8), WEEK)
  expect(() => finishPasses(asked, issuePasses(marking, blinded), issuer)).toThrow(refused('PASS_INVALID'))
  const issued = issuePasses(keys, blinded)
  const [first = new Uint8Array(0), second = new Uint8Array(0)] = issued.evaluated
  const wrong = [
    { ...issued, evaluated: [second, first] },
    { ...issued, evaluated: [first] },
    { ...issued, evaluated: [] },
    { ...issued, evaluated: [first, second, second] },
    { ...issued, evaluated: [first, new Uint8Array(32)] },
    { ...issued, proof: issued.proof.slice(1) },
    { ...issued, proof: issued.proof.with(9, (issued.proof[9] ?? 0) ^ 1) },
  ]
  for (const [n, answer] of wrong.entries()) {
    expect(() => finishPasses(asked, answer, issuer), String(n)).toThrow(refused('PASS_INVALID'))
  }
})

it('takes an answer for the first few, when an invite has no more', () => {
  const asked = blindPasses(3, systemRandom)
  const issued = issuePasses(
    keys,
    asked.slice(0, 2).map(({ blinded }) => blinded),
  )
  expect(finishPasses(asked, issued, issuer).map(({ nonce }) => nonce)).toEqual(
    asked.slice(0, 2).map(({ nonce }) => nonce),
  )
})

it('refuses to issue for what is no element, for none and for too many', () => {
  const [one] = blindPasses(1, systemRandom)
  if (!one) throw new Error('no pass')
  const many = Array.from({ length: MAX_PASSES_AT_ONCE + 1 }, () => one.blinded)
  for (const blinded of [
    [],
    many,
    [new Uint8Array(32)],
    [new Uint8Array(31)],
    [new Uint8Array(32).fill(255)],
  ]) {
    expect(() => issuePasses(keys, blinded)).toThrow(refused('PASS_FORM'))
  }
})

it('reads an invite as people write it, and notices every single slip', () => {
  fc.assert(
    fc.property(fc.nat(19), fc.integer({ min: 1, max: 9 }), (at, change) => {
      const invite = makeInviteCode(systemRandom)
      const shown = formatInviteCode(invite)
      expect(shown).toMatch(/^\d{4}( \d{4}){4}$/)
      expect(parseInviteCode(` ${shown.replaceAll(' ', '-')}\n`)).toEqual(invite)
      const { digits } = invite
      const slip = digits.slice(0, at) + String((Number(digits[at]) + change) % 10) + digits.slice(at + 1)
      expect(() => parseInviteCode(slip)).toThrow(refused('INVITE_CHECK'))
    }),
    { numRuns: 200 },
  )
  expect(() => parseInviteCode('1234')).toThrow(refused('INVITE_LENGTH'))
  expect(() => parseInviteCode('9'.repeat(5_000))).toThrow(refused('INVITE_LENGTH'))
  expect(() => parseInviteCode('abcd 1234 5678 9012 3456')).toThrow(refused('INVITE_CHARS'))
})

it('has one hash for an invite, and one key pair for a week', () => {
  expect(inviteHash({ digits: '12345678901234567890' })).toBe(inviteHash({ digits: '12345678901234567890' }))
  expect(inviteHash({ digits: '12345678901234567890' })).toMatch(/^[0-9a-f]{64}$/)
  expect(passKeysOf(new Uint8Array(32).fill(7), WEEK)).toEqual(keys)
  expect(passKeysOf(new Uint8Array(32).fill(9), WEEK).publicKey).not.toEqual(keys.publicKey)
})
