import { expect, it } from 'vitest'
import { maskId, maskKey, maskPath, maskText } from './mask-text.ts'

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
  expect(maskKey('wa:0123456789abcdef')).toBe('wa:0123456789abcdef')
  expect(maskKey('tg:id:call 012-000 0123')).toBe('tg:id:call +60 12-••• ••23')
})

it('masks ids that somebody wrote, and keeps numbers', () => {
  expect(maskId('-999999998')).toBe('-999999998')
  expect(maskId('60120000123')).toBe('60120000123')
  expect(maskId('call 012-000 0123')).toBe('call +60 12-••• ••23')
  expect(maskId(null)).toBeNull()
})

it('masks numbers in file names, and keeps the names that programs give', () => {
  for (const path of [
    'result.json',
    'photos/photo_117@01-07-2025_13-23-21.jpg',
    'video_files/video_1@01-07-2025_13-23-21_thumb.jpg',
    'IMG-20260115-WA0001.jpg',
    '00000012-PHOTO-2026-01-15-12-00-00.jpg',
  ]) {
    expect(maskPath(path)).toBe(path)
  }
  expect(maskPath('files/call 012-000 0123.jpg')).toBe('files/call +60 12-••• ••23.jpg')
  expect(maskPath('WhatsApp Chat with +60 12-000 0123.txt')).not.toMatch(/000\D*0123/)
})
