import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { displayWidth } from './display-width.ts'
import { wrapText } from './wrap.ts'

it('breaks at spaces, keeps the indent and hangs further lines', () => {
  expect(wrapText('  one two three four five six', 20)).toEqual(['  one two three four', '  five six'])
  expect(wrapText('  one two three four five six', 20, 2)).toEqual(['  one two three four', '    five six'])
})

it('leaves a pipe, a tiny window and a long word alone', () => {
  const long = 'word '.repeat(60).trimEnd()
  expect(wrapText(long, null)).toEqual([long])
  expect(wrapText(long, 19)).toEqual([long])
  expect(wrapText('x'.repeat(90), 40)).toEqual(['x'.repeat(90)])
})

it('goes no wider than 100 columns and keeps line feeds', () => {
  expect(wrapText(`${'x'.repeat(60)} ${'y'.repeat(60)}`, 200)).toEqual(['x'.repeat(60), 'y'.repeat(60)])
  expect(wrapText('\na\n\nb', 80)).toEqual(['', 'a', '', 'b'])
})

it('counts wide letters twice and colours not at all', () => {
  expect(displayWidth('\u001b[1m聊天\u001b[22m')).toBe(4)
  expect(wrapText('聊天记录 聊天记录 聊天记录', 20)).toEqual(['聊天记录 聊天记录', '聊天记录'])
})

it('loses no word, and no line is too wide unless a word is', () => {
  const word = fc.stringMatching(/^[a-z]{1,30}$/)
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 34, max: 120 }), (words, columns) => {
      const lines = wrapText(words.join(' '), columns, 2)
      expect(lines.join(' ').split(/ +/)).toEqual(words)
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns)
    }),
  )
})
