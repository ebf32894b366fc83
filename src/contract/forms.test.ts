import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import { base64Of, hex, id16, isoWeek } from './forms.ts'

const takes = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success

it('takes base64 of exactly the sizes asked for, in the one text that stands for it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 0, max: 40 }), (bytes, size) => {
      expect(takes(base64Of([size]), bytesToBase64(bytes))).toBe(bytes.length === size)
    }),
  )
  const bad = [
    'AB==',
    'AAB=',
    'A===',
    'AA=',
    'AA',
    'AA=A',
    '====',
    'AA\n=',
    ' AA=',
    'AÄ==',
    'A-==',
    'A_==',
    null,
    7,
  ]
  for (const text of bad) expect([text, takes(base64Of([1, 2, 3]), text)]).toEqual([text, false])
  expect(takes(base64Of([1]), 'AA==')).toBe(true)
})

it('refuses every text of base64 with one character changed to one that is none', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 30, maxLength: 30 }),
      fc.nat(39),
      fc.constantFrom('=', '-', '_', '\u0000', 'é', '\u{1F600}', ' '),
      (bytes, at, other) => {
        const text = bytesToBase64(bytes)
        expect(takes(base64Of([30]), text.slice(0, at) + other + text.slice(at + 1))).toBe(false)
      },
    ),
  )
})

it('takes ids, digests and weeks in their one form', () => {
  expect(takes(id16, 'SuEEpKfn9H_PGQSDE3CUBg')).toBe(true)
  for (const text of ['SuEEpKfn9H_PGQSDE3CUBh', 'SuEEpKfn9H_PGQSDE3CUBg=', 'SuEEpKfn9H/PGQSDE3CUBg', '']) {
    expect(takes(id16, text)).toBe(false)
  }
  expect(takes(hex(2), '00ff')).toBe(true)
  for (const text of ['00FF', '00f', '00ff0', '00fg', '00ff\n']) expect(takes(hex(2), text)).toBe(false)
  expect(takes(isoWeek, '2026-W53')).toBe(true)
  for (const text of ['2026-W54', '2026-W00', '2026-53', '1999-W01', '2026-W1']) {
    expect(takes(isoWeek, text)).toBe(false)
  }
})
