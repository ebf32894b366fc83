import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { safeText } from './safe-text.ts'

it('spells out what would act on a terminal', () => {
  expect(safeText('a\u001b[31mb')).toBe('a\\u{1b}[31mb')
  expect(safeText('\u202egpj.exe')).toBe('\\u{202e}gpj.exe')
  expect(safeText('a\nb\u2028c\u200bd\u009b')).toBe('a\\u{a}b\\u{2028}c\\u{200b}d\\u{9b}')
  expect(safeText('Nur Aisyah 聊天 தமிழ்')).toBe('Nur Aisyah 聊天 தமிழ்')
})

it('cuts long text, never leaving half a letter', () => {
  expect(safeText('x'.repeat(300))).toBe(`${'x'.repeat(199)}…`)
  expect(safeText('ab\u{1f600}cd', 4)).toBe('ab\ufffd…')
})

it('never lets a control, format or separator character through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(safeText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u)
    }),
  )
})
