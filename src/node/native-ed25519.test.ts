import { randomBytes } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { concatBytes } from '#lib/bytes/index.ts'
import { KEY_TYPE, makeVkey, verifySignature } from '#lib/tlog/index.ts'
import { nativeEd25519 } from './native-ed25519.ts'

const { Point } = ed25519
const L = Point.Fn.ORDER
const TEXT = 'log.example/custody\n5\n74SZB0T0aWl7Rjb0c7oehq9HawepGhZbRetUdr1sbJI=\n'
const MESSAGE = new TextEncoder().encode(TEXT)
const SECRET = new Uint8Array(randomBytes(32))
const vkey = makeVkey('log.example/custody', KEY_TYPE.ed25519, ed25519.getPublicKey(SECRET))

/** What the library and OpenSSL say of a signature. */
function answers(signature: Uint8Array): [boolean, boolean] {
  const line = { name: vkey.name, keyId: vkey.id, signature }
  return [
    verifySignature(TEXT, line, vkey) !== null,
    verifySignature(TEXT, line, vkey, nativeEd25519) !== null,
  ]
}

const bytesOf = (scalar: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((scalar >> BigInt(8 * i)) & 0xffn))
const scalarOf = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)

/** A signature with this R, made with the private key, as only its holder can make it. */
function signedWith(nonce: bigint, encodedR: Uint8Array): Uint8Array {
  const { scalar } = ed25519.utils.getExtendedPublicKey(SECRET)
  const k = scalarOf(sha512(concatBytes(encodedR, vkey.publicKey, MESSAGE))) % L
  return concatBytes(encodedR, bytesOf((nonce + k * scalar) % L))
}

it('says what the library says of sound signatures, and of every one with a bit turned', () => {
  const signature = ed25519.sign(MESSAGE, SECRET)
  expect(answers(signature)).toEqual([true, true])
  for (let bit = 0; bit < 512; bit++) {
    const turned = signature.slice()
    turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect([bit, ...answers(turned)]).toEqual([bit, false, false])
  }
})

it('refuses what only the signer can make crooked', () => {
  const nonce = 4_711n
  const R = Point.BASE.multiply(nonce)
  expect(answers(signedWith(nonce, R.toBytes()))).toEqual([true, true])
  // A point of order 8: what some implementations accept and others do not.
  const small = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')
  expect(answers(signedWith(nonce, R.add(small).toBytes()))).toEqual([false, false])
  expect(answers(signedWith(0n, Point.ZERO.toBytes()))).toEqual([false, false])
  const signature = signedWith(nonce, R.toBytes())
  const larger = concatBytes(signature.subarray(0, 32), bytesOf(scalarOf(signature.subarray(32)) + L))
  expect(answers(larger)).toEqual([false, false])
  // The neutral element in another encoding: y = p + 1.
  const other = bytesOf(2n ** 255n - 18n)
  expect(answers(signedWith(0n, other))).toEqual([false, false])
})

it('agrees on anything of any length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (signature) => {
      const [library, native] = answers(signature)
      expect(native).toBe(library)
    }),
    { numRuns: 200 },
  )
})
