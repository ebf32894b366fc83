import { describe, expect, it } from 'vitest'
import { exporterString, plain, textJson, withStrayBytes } from './telegram-text.ts'

describe('strings as the exporter writes them', () => {
  it('escapes quotes, backslashes and line ends as JSON does, and leaves other scripts alone', () => {
    const text = 'a"b\\c\nd\re\tமழை 下雨 🌧'
    expect(JSON.parse(exporterString(text))).toBe(text)
    expect(exporterString('மழை 下雨')).toBe('"மழை 下雨"')
  })

  it('writes other control characters in a way that is not JSON', () => {
    expect(exporterString('a\u000bb\u001f')).toBe('"a\\x0Bb\\x1F"')
    expect(() => JSON.parse(exporterString('\u000b'))).toThrow(SyntaxError)
  })

  it('puts two stray bytes after the escape of a line separator', () => {
    const { bytes, offsets } = withStrayBytes(exporterString('a\u2028b\u2029'))
    expect(Buffer.from(bytes).toString('latin1')).toBe('"a\\u2028\x80\xa8b\\u2029\x80\xa9"')
    expect(offsets).toEqual([2, 11])
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow(TypeError)
  })

  it('writes one plain part as a string and several as a list, entities always as a list', () => {
    const read = (parts: Parameters<typeof textJson>[0]) => JSON.parse(`{${textJson(parts)}}`)
    expect(read([])).toEqual({ text: '', text_entities: [] })
    expect(read([plain('hai')])).toEqual({ text: 'hai', text_entities: [{ type: 'plain', text: 'hai' }] })
    expect(read([plain('hai '), { type: 'mention', text: '@test_rusa' }])).toEqual({
      text: ['hai ', { type: 'mention', text: '@test_rusa' }],
      text_entities: [
        { type: 'plain', text: 'hai ' },
        { type: 'mention', text: '@test_rusa' },
      ],
    })
  })
})
