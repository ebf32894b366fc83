import fc from 'fast-check'
import { expect, it } from 'vitest'
import { base64ToBytes, bytesToBase64 } from './index.ts'

const ascii = (text: string) => new TextEncoder().encode(text)

it('writes the examples of RFC 4648 section 10', () => {
  const examples = ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy']
  examples.forEach((text, length) => {
    expect(bytesToBase64(ascii('foobar'.slice(0, length)))).toBe(text)
    expect(base64ToBytes(text)).toEqual(ascii('foobar'.slice(0, length)))
  })
})

it('reads back what it wrote, as the runtime reads it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = bytesToBase64(bytes)
      expect(base64ToBytes(text)).toEqual(bytes)
      expect(Uint8Array.from(atob(text), (character) => character.charCodeAt(0))).toEqual(bytes)
    }),
  )
})

it('refuses every text that it would not write itself', () => {
  for (const text of [
    'Zg',
    'Zg=',
    'Zg===',
    'Z===',
    '====',
    '=',
    'Zh==',
    'Zm9=',
    'Zm9v\n',
    'Zm9v\nZm9v',
    ' Zm9v',
    'Zm9v====',
    'Zm-_',
    'Zg==Zg==',
    'Zm=v',
    'Zm9vé===',
    'Ｚm9v',
  ]) {
    expect(base64ToBytes(text), JSON.stringify(text)).toBeNull()
  }
})

it('never gives two texts for the same bytes', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9+/]{0,12}={0,2}$/), (text) => {
      const bytes = base64ToBytes(text)
      if (bytes !== null) expect(bytesToBase64(bytes)).toBe(text)
    }),
  )
})
