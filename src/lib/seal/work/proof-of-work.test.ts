import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToHex, hexToBytes } from '../../bytes/index.ts'
import { systemRandom } from '../keys/random.ts'
import vector from '../vectors/proof-of-work.json' with { type: 'json' }
import { leadingWordOf } from './leading-word.ts'
import { checkWork, solveWork } from './proof-of-work.ts'

const refused = (code: string) => expect.objectContaining({ code })

it('finds a counter with which the digest begins with as many zero bits', async () => {
  for (const bits of [1, 7, 8, 9, 12]) {
    const challenge = { nonce: systemRandom(16), bits }
    const counter = await solveWork(challenge)
    checkWork(challenge, counter)
    const input = new Uint8Array(20)
    input.set(challenge.nonce)
    new DataView(input.buffer).setUint32(16, counter)
    const zeros = BigInt(`0x${bytesToHex(sha256(input))}`)
      .toString(2)
      .padStart(256, '0')
      .indexOf('1')
    expect(zeros).toBeGreaterThanOrEqual(bits)
  }
})

it('finds the least counters of a known challenge', async () => {
  const nonce = hexToBytes(vector.nonce) ?? new Uint8Array(0)
  for (const [bits = 0, counter] of vector.least) expect(await solveWork({ nonce, bits })).toBe(counter)
})

it('refuses work for another challenge, too little of it, and what is no counter', async () => {
  const challenge = { nonce: systemRandom(16), bits: 16 }
  const counter = await solveWork(challenge)
  const later = Array.from({ length: 20 }, (_, i) => counter + 1 + i)
  // Each wrong counter fits by chance once in 65,536.
  const accepted = later.filter((wrong) => {
    try {
      checkWork(challenge, wrong)
      return true
    } catch {
      return false
    }
  })
  expect(accepted.length).toBeLessThan(3)
  for (const wrong of [-1, 0.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => checkWork(challenge, wrong)).toThrow(refused('POW_REQUIRED'))
  for (const bad of [
    { nonce: new Uint8Array(15), bits: 16 },
    { ...challenge, bits: 0 },
    { ...challenge, bits: 25 },
    { ...challenge, bits: 1.5 },
  ]) {
    expect(() => checkWork(bad, 0)).toThrow(refused('SEAL_INPUT'))
    await expect(solveWork(bad)).rejects.toEqual(refused('SEAL_INPUT'))
  }
})

it('works in slices, says how far it is, and stops when it is told to', async () => {
  const signal = { aborted: false }
  const steps: [done: number, expected: number][] = []
  const search = solveWork(
    { nonce: systemRandom(16), bits: 24 },
    {
      signal,
      sliceHashes: 100,
      onProgress: (done, expected) => {
        steps.push([done, expected])
        signal.aborted = steps.length === 3
      },
    },
  )
  await expect(search).rejects.toEqual(refused('POW_CANCELLED'))
  expect(steps).toEqual([100, 200, 300].map((done) => [done, 2 ** 24]))
})

it('computes in its search the first word that SHA-256 has', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.nat({ max: 2 ** 32 - 1 }),
      (nonce, counter) => {
        const input = new Uint8Array(20)
        input.set(nonce)
        new DataView(input.buffer).setUint32(16, counter)
        const word = leadingWordOf(nonce)(counter)
        expect(word.toString(16).padStart(8, '0')).toBe(bytesToHex(sha256(input)).slice(0, 8))
      },
    ),
    { numRuns: 2000 },
  )
})
