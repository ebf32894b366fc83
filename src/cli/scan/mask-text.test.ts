import { expect, it } from 'vitest'
import { maskKey, maskText } from './mask-text.ts'

it('masks numbers, addresses and links in a title, and nothing else', () => {
  expect(maskText('Kedai Kopi Malam 2026')).toBe('Kedai Kopi Malam 2026')
  expect(maskText('Jual 012-000 0123!')).toBe('Jual +60 12-••• ••23!')
  expect(maskText('a@example.com, 012-000 0456')).toBe('a…@example.com, +60 12-••• ••56')
  expect(maskText('t.me/+CONTOHabcdefghij')).not.toContain('CONTOHabcdefghij')
})

it('masks keys that hold a number or a name, and keeps those that are ids', () => {
  expect(maskKey('wa:phone:+60120000123')).toBe('wa:phone:+60 12-••• ••23')
  expect(maskKey('wa:name:Contoh 012-000 0123')).toBe('wa:name:Contoh +60 12-••• ••23')
  expect(maskKey('tg:name:012-000 0123')).toBe('tg:name:+60 12-••• ••23')
  expect(maskKey('tg:user:990720370993')).toBe('tg:user:990720370993')
})
