import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { sealBytes } from '../envelope/seal.ts'
import { type AgeIdentity, hybridIdentityOf, x25519IdentityOf } from '../keys/identity.ts'
import { systemRandom } from '../keys/random.ts'
import { MAX_PRINTS, openPrintSet, PRINT_SET_BYTES, type SealedPrint, sealPrintSet } from './print-set.ts'

const refused = (code: string) => expect.objectContaining({ code })
let bank: AgeIdentity

beforeAll(async () => {
  bank = await hybridIdentityOf(systemRandom(32))
})

const random = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const print = fc.record({ id: random(16), print: random(32), place: fc.option(random(8)) })
const printSet = fc.uniqueArray(print, { maxLength: 40, selector: ({ id }) => id.join() })

function prints(count: number): SealedPrint[] {
  return Array.from({ length: count }, (_, n) => ({
    id: systemRandom(16),
    print: systemRandom(32),
    place: n % 2 === 0 ? null : systemRandom(8),
  }))
}

/** A set as it is before sealing, with some bytes set otherwise. */
async function tampered(change: (plain: Uint8Array, view: DataView) => void): Promise<Uint8Array> {
  const plain = new Uint8Array(65_536)
  const view = new DataView(plain.buffer)
  plain[0] = 1
  view.setUint16(1, 2)
  plain.set([1], 64)
  plain[64 + 56] = 1
  plain.set([2], 128)
  plain[128 + 56] = 2
  change(plain, view)
  return sealBytes(plain, [bank.recipient])
}

it('gives back what was sealed, at one length whatever is in it', async () => {
  await fc.assert(
    fc.asyncProperty(printSet, async (set) => {
      const sealed = await sealPrintSet(set, bank.recipient)
      expect(sealed).toHaveLength(PRINT_SET_BYTES)
      expect(await openPrintSet(sealed, bank)).toEqual(set)
    }),
    { numRuns: 30 },
  )
  for (const count of [0, 1, MAX_PRINTS]) {
    const set = prints(count)
    const sealed = await sealPrintSet(set, bank.recipient)
    expect(sealed).toHaveLength(67_195)
    expect(await openPrintSet(sealed, bank)).toEqual(set)
  }
})

it('refuses to seal more than a set holds, wrong lengths, one id twice, and other recipients', async () => {
  const [first = { id: systemRandom(16), print: systemRandom(32), place: null }] = prints(1)
  const wrong: SealedPrint[][] = [
    prints(MAX_PRINTS + 1),
    [{ ...first, id: systemRandom(15) }],
    [{ ...first, print: systemRandom(33) }],
    [{ ...first, place: systemRandom(7) }],
    [first, { ...first, print: systemRandom(32) }],
  ]
  for (const set of wrong) {
    await expect(sealPrintSet(set, bank.recipient)).rejects.toEqual(refused('PRINT_SET_INVALID'))
  }
  const { recipient } = await x25519IdentityOf(systemRandom(32))
  await expect(sealPrintSet([first], recipient)).rejects.toEqual(refused('SEAL_RECIPIENT'))
})

it('refuses every set that it would not have made', async () => {
  expect(await openPrintSet(await tampered(() => undefined), bank)).toHaveLength(2)
  const changes: ((plain: Uint8Array, view: DataView) => void)[] = [
    (plain) => plain.set([2], 0),
    (_, view) => view.setUint16(1, MAX_PRINTS + 1),
    (_, view) => view.setUint16(1, 1),
    (_, view) => view.setUint16(1, 3),
    (plain) => plain.set([1], 63),
    (plain) => plain.set([1], 65_535),
    (plain) => plain.set([3], 64 + 56),
    (plain) => plain.set([1], 64 + 48),
    (plain) => plain.set([1], 64 + 57),
    (plain) => plain.set([1], 128),
  ]
  for (const [index, change] of changes.entries()) {
    await expect(openPrintSet(await tampered(change), bank), String(index)).rejects.toEqual(
      refused('PRINT_SET_INVALID'),
    )
  }
  const short = await sealBytes(new Uint8Array(100), [bank.recipient])
  await expect(openPrintSet(short, bank)).rejects.toEqual(refused('PRINT_SET_INVALID'))
  const stranger = await hybridIdentityOf(systemRandom(32))
  await expect(openPrintSet(await sealPrintSet([], bank.recipient), stranger)).rejects.toEqual(
    refused('SEAL_NOT_FOR_THIS_KEY'),
  )
})
