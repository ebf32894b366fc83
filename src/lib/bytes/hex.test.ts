import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToHex, hexToBytes } from './index.ts'

it('reads back what it wrote, in either case', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const text = bytesToHex(bytes)
      expect(text).toMatch(/^[0-9a-f]*$/)
      expect(hexToBytes(text)).toEqual(bytes)
      expect(hexToBytes(text.toUpperCase())).toEqual(bytes)
    }),
  )
})

it('refuses odd lengths and characters beside the digits', () => {
  for (const text of ['0', '0g', 'g0', ' 00', '0x00', '00\n0', '００', '@0', '`0', '/0', ':0']) {
    expect(hexToBytes(text), JSON.stringify(text)).toBeNull()
  }
})
