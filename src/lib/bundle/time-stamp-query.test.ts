import { sha256 } from '@noble/hashes/sha2.js'
import { expect, it } from 'vitest'
import { bytesToHex, hexToBytes } from '../bytes/index.ts'
import { timeStampQuery } from './build/time-stamp-query.ts'
import { utf8 } from './format/bytes.ts'
import vector from './vectors/sshsig.json' with { type: 'json' }

const digest = sha256(utf8(vector.file))

it('writes the known query', () => {
  const nonce = hexToBytes('0123456789abcdef') ?? new Uint8Array()
  expect(bytesToHex(timeStampQuery(digest, nonce))).toBe(
    '30430201013031300d060960864801650304020105000420880db9b05a5a68e24c4a916a0b51902f9c0b743dcf3cfcef8ec03e6fd036fc6102080123456789abcdef0101ff',
  )
})

it('always writes a positive number of eight bytes', () => {
  for (const first of [0x00, 0x80, 0xff]) {
    const query = timeStampQuery(digest, new Uint8Array([first, 2, 3, 4, 5, 6, 7, 8]))
    expect(query.length).toBe(69)
    expect(query[58]).toBeGreaterThan(0)
    expect(query[58]).toBeLessThan(0x80)
  }
})

it('refuses digests and random bytes of another length', () => {
  expect(() => timeStampQuery(digest.subarray(1), new Uint8Array(8))).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID' }),
  )
  expect(() => timeStampQuery(digest, new Uint8Array(7))).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID' }),
  )
})
