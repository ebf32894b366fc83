import { expect, it } from 'vitest'
import { concatBytes, equalBytes, isWellFormed, textToUtf8, utf8ToText } from './index.ts'

it('reads UTF-8 and keeps a byte order mark', () => {
  expect(utf8ToText(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe('\ufeffa')
  expect(utf8ToText(new Uint8Array([0xe2, 0x80, 0x94]))).toBe('—')
})

it('refuses bytes that are not UTF-8', () => {
  for (const bytes of [[0xff], [0xc0, 0x80], [0xe2, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
    expect(utf8ToText(new Uint8Array(bytes)), bytes.join()).toBeNull()
  }
})

it('refuses text without a UTF-8 form', () => {
  for (const text of ['\ud800', 'a\udc00', '\udc00\ud800', '\ud83d\ud83d\ude00']) {
    expect(isWellFormed(text)).toBe(false)
    expect(textToUtf8(text)).toBeNull()
  }
  expect(textToUtf8('😀')).toEqual(new Uint8Array([0xf0, 0x9f, 0x98, 0x80]))
})

it('tells equal bytes from others', () => {
  const bytes = new Uint8Array([1, 2, 3])
  expect(equalBytes(bytes, new Uint8Array([1, 2, 3]))).toBe(true)
  expect(equalBytes(new Uint8Array(0), new Uint8Array(0))).toBe(true)
  for (const other of [
    [1, 2],
    [1, 2, 3, 0],
    [0, 2, 3],
    [1, 2, 131],
  ]) {
    expect(equalBytes(bytes, new Uint8Array(other)), other.join()).toBe(false)
  }
})

it('joins parts in order', () => {
  expect(concatBytes(new Uint8Array([1]), new Uint8Array(0), new Uint8Array([2, 3]))).toEqual(
    new Uint8Array([1, 2, 3]),
  )
  expect(concatBytes()).toEqual(new Uint8Array(0))
})
