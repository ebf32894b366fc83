import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToHex } from '../../bytes/index.ts'
import { openBytes } from '../envelope/open.ts'
import { sealBytes } from '../envelope/seal.ts'
import { bytesToBase64url } from '../keys/base64url.ts'
import { hybridIdentityOf, x25519IdentityOf } from '../keys/identity.ts'
import { systemRandom } from '../keys/random.ts'
import { signingKeyOf } from '../keys/signing.ts'
import { caseRefOf, nextCaseKey, startCase } from './case-key.ts'
import { sealSlots, slotCount } from './slots.ts'
import { openOwnWrap, openUnknownWrap, openWrap, sealWrap, WRAP_BYTES } from './wrap.ts'
import { decodeWrap, encodeWrap } from './wrap-plain.ts'

const refused = (code: string) => expect.objectContaining({ code })
const newIdentity = () => hybridIdentityOf(systemRandom(32))
const newSigner = () => signingKeyOf(systemRandom(32))
const newAddress = () => bytesToBase64url(systemRandom(16))

it('gives the key of a case to a person, and to nobody else', async () => {
  const [worker, other] = [await newIdentity(), await newIdentity()]
  const key = await startCase(newSigner().publicKey, systemRandom)
  const wrap = await sealWrap(key, worker.recipient)
  expect(wrap).toHaveLength(1787)
  expect(WRAP_BYTES).toBe(1787)
  expect(await openWrap(wrap, worker, key)).toEqual(key)
  expect(await openUnknownWrap(wrap, worker)).toEqual(key)
  await expect(openWrap(wrap, other, key)).rejects.toEqual(refused('SEAL_NOT_FOR_THIS_KEY'))
})

it('puts every field of a wrap where the format says', async () => {
  const signer = signingKeyOf(new Uint8Array(32).fill(1))
  const key = await nextCaseKey(await startCase(signer.publicKey, (n) => new Uint8Array(n).fill(2)), (n) =>
    new Uint8Array(n).fill(3),
  )
  const plain = bytesToHex(encodeWrap(key))
  expect(plain).toHaveLength(256)
  expect(plain.slice(0, 8)).toBe('01010002')
  expect(bytesToBase64url(encodeWrap(key).subarray(4, 20))).toBe(key.caseRef)
  expect(plain.slice(40, 104)).toBe('03'.repeat(32))
  expect(plain.slice(168)).toBe('00'.repeat(44))
})

it('reads back every wrap it wrote', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.integer({ min: 1, max: 65_535 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      async (reference, epoch, seed) => {
        const key = { caseRef: bytesToBase64url(reference), epoch, identity: await hybridIdentityOf(seed) }
        expect(await decodeWrap(encodeWrap(key))).toEqual(key)
      },
    ),
    { numRuns: 30 },
  )
})

it('refuses a wrap that was put under another case', async () => {
  const worker = await newIdentity()
  const [ours, other] = await Promise.all([0, 1].map(() => startCase(newSigner().publicKey, systemRandom)))
  if (!ours || !other) throw new Error('two cases')
  const wrap = await sealWrap(other, worker.recipient)
  await expect(openWrap(wrap, worker, { caseRef: ours.caseRef })).rejects.toEqual(refused('WRAP_MISMATCH'))
})

it('refuses a wrap of another epoch than the one asked for', async () => {
  const worker = await newIdentity()
  const first = await startCase(newSigner().publicKey, systemRandom)
  const second = await nextCaseKey(first, systemRandom)
  expect(second.caseRef).toBe(first.caseRef)
  const wrap = await sealWrap(first, worker.recipient)
  const asked = { caseRef: first.caseRef, epoch: 2 }
  await expect(openWrap(wrap, worker, asked)).rejects.toEqual(refused('WRAP_MISMATCH'))
})

it('refuses wraps whose parts contradict each other, and keeps newer versions apart', async () => {
  const worker = await newIdentity()
  const key = await startCase(newSigner().publicKey, systemRandom)
  const flipped = (at: number, bits = 1) => encodeWrap(key).map((byte, i) => (i === at ? byte ^ bits : byte))
  const cases: [code: string, plain: Uint8Array][] = [
    ['WRAP_MISMATCH', flipped(20)],
    ['WRAP_MISMATCH', flipped(51)],
    ['WRAP_MISMATCH', flipped(52)],
    ['WRAP_MISMATCH', flipped(83)],
    ['WRAP_MISMATCH', flipped(84)],
    ['WRAP_MISMATCH', flipped(127, 128)],
    ['WRAP_MISMATCH', flipped(3)], // epoch 0
    ['WRAP_VERSION', flipped(0)],
    ['WRAP_VERSION', flipped(1, 3)], // an X25519 identity
  ]
  for (const [code, plain] of cases) {
    await expect(decodeWrap(plain)).rejects.toEqual(refused(code))
    const wrap = await sealBytes(plain, [worker.recipient])
    await expect(openUnknownWrap(wrap, worker)).rejects.toEqual(refused(code))
  }
  for (const length of [0, 127, 129])
    await expect(decodeWrap(new Uint8Array(length))).rejects.toEqual(refused('WRAP_MISMATCH'))
})

it('refuses bytes of another length before any key is tried, and every altered wrap', async () => {
  const worker = await newIdentity()
  const wrap = await sealWrap(await startCase(newSigner().publicKey, systemRandom), worker.recipient)
  const longer = new Uint8Array(WRAP_BYTES + 1)
  longer.set(wrap)
  for (const bytes of [new Uint8Array(0), wrap.subarray(0, -1), longer])
    await expect(openUnknownWrap(bytes, worker)).rejects.toEqual(refused('WRAP_MISMATCH'))
  for (const at of [0, 30, 800, 1600, 1643, 1650, WRAP_BYTES - 1]) {
    const altered = wrap.map((byte, i) => (i === at ? byte ^ 1 : byte))
    await expect(openUnknownWrap(altered, worker)).rejects.toMatchObject({
      code: expect.stringMatching(/^SEAL_(BROKEN|NOT_FOR_THIS_KEY)$/),
    })
  }
})

it('never seals a case key to a recipient without post-quantum protection', async () => {
  const key = await startCase(newSigner().publicKey, systemRandom)
  const { recipient } = await x25519IdentityOf(systemRandom(32))
  await expect(sealWrap(key, recipient)).rejects.toEqual(refused('SEAL_RECIPIENT'))
  const readers = [{ address: newAddress(), recipient }]
  await expect(sealSlots(key, readers, systemRandom)).rejects.toEqual(refused('SEAL_RECIPIENT'))
})

it('lets the survivor use only a first key that is tied to her own', async () => {
  const identity = await newIdentity()
  const [sign, stranger] = [newSigner(), newSigner()]
  const own = await startCase(sign.publicKey, systemRandom)
  expect(await openOwnWrap(await sealWrap(own, identity.recipient), { identity, sign })).toEqual(own)
  expect(own.caseRef).toBe(caseRefOf(sign.publicKey, own.identity.recipient))
  const foreign = await startCase(stranger.publicKey, systemRandom)
  const second = await nextCaseKey(own, systemRandom)
  const misnumbered = { ...own, epoch: 2 }
  for (const key of [foreign, second, misnumbered]) {
    const wrap = await sealWrap(key, identity.recipient)
    await expect(openOwnWrap(wrap, { identity, sign })).rejects.toEqual(refused('WRAP_MISMATCH'))
  }
})

it('fills twelve slots, of which readers open theirs and nobody the others', async () => {
  const key = await startCase(newSigner().publicKey, systemRandom)
  const people = [await newIdentity(), await newIdentity(), await newIdentity()]
  const readers = people.map(({ recipient }) => ({ address: newAddress(), recipient }))
  const slots = await sealSlots(key, readers, systemRandom)
  expect(slots.map(({ slot }) => slot)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  expect(new Set(slots.map(({ address }) => address)).size).toBe(12)
  for (const { wrap, address } of slots) {
    expect(wrap).toHaveLength(WRAP_BYTES)
    const reader = readers.findIndex((candidate) => candidate.address === address)
    for (const [i, person] of people.entries()) {
      const opened = openWrap(wrap, person, key)
      if (i === reader) expect(await opened).toEqual(key)
      else await expect(opened).rejects.toEqual(refused('SEAL_NOT_FOR_THIS_KEY'))
    }
  }
})

it('has twelve slots, and blocks of four beyond them', async () => {
  expect([0, 1, 12, 13, 16, 17, 66].map(slotCount)).toEqual([12, 12, 12, 16, 16, 20, 68])
  expect(() => slotCount(67)).toThrow(refused('SEAL_INPUT'))
  const key = await startCase(newSigner().publicKey, systemRandom)
  const { recipient } = await newIdentity()
  const readers = [recipient]
  while (readers.length < 13) readers.push((await newIdentity()).recipient)
  const slots = await sealSlots(
    key,
    readers.map((reader) => ({ address: newAddress(), recipient: reader })),
    systemRandom,
  )
  expect(slots).toHaveLength(16)
})

it('adds a block of slots behind those in use', async () => {
  const key = await startCase(newSigner().publicKey, systemRandom)
  const slots = await sealSlots(key, [], systemRandom, { slots: 4, firstSlot: 12 })
  expect(slots.map(({ slot }) => slot)).toEqual([12, 13, 14, 15])
})

it('does not show by the place of a slot whose it is', async () => {
  const key = await startCase(newSigner().publicKey, systemRandom)
  const reader = { address: newAddress(), recipient: (await newIdentity()).recipient }
  const places = new Set<number>()
  // All 25 in one place by chance: once in 16 million.
  for (let i = 0; i < 25; i++) {
    const slots = await sealSlots(key, [reader], systemRandom, { slots: 2 })
    places.add(slots.findIndex(({ address }) => address === reader.address))
  }
  expect(places).toEqual(new Set([0, 1]))
})

it('seals filler in the very form of a wrap', async () => {
  const key = await startCase(newSigner().publicKey, systemRandom)
  // The first 32 bytes drawn for a filler wrap are the seed of the key that is thrown away.
  const drawn: Uint8Array[] = []
  const remembered = (length: number) => {
    const bytes = systemRandom(length)
    drawn.push(bytes)
    return bytes
  }
  const [slot] = await sealSlots(key, [], remembered, { slots: 1 })
  const seeds = drawn.filter(({ length }) => length === 32)
  const nobody = await hybridIdentityOf(seeds[0] ?? new Uint8Array(0))
  const plain = await openBytes(slot?.wrap ?? new Uint8Array(0), nobody)
  const filler = await decodeWrap(plain)
  expect(plain).toHaveLength(128)
  expect(filler.epoch).toBe(1)
  expect([key.caseRef, bytesToBase64url(new Uint8Array(16))]).not.toContain(filler.caseRef)
  expect(filler.identity.seed).not.toEqual(key.identity.seed)
})

it('refuses readers that do not fit together', async () => {
  const key = await startCase(newSigner().publicKey, systemRandom)
  const [a, b] = [await newIdentity(), await newIdentity()]
  const address = newAddress()
  const bad = [
    [
      { address, recipient: a.recipient },
      { address, recipient: b.recipient },
    ],
    [
      { address, recipient: a.recipient },
      { address: newAddress(), recipient: a.recipient },
    ],
    [{ address: 'mailbox', recipient: a.recipient }],
    [{ address: '', recipient: a.recipient }],
  ]
  for (const readers of bad)
    await expect(sealSlots(key, readers, systemRandom)).rejects.toEqual(refused('WRAP_SLOTS'))
  const two = [a, b].map(({ recipient }) => ({ address: newAddress(), recipient }))
  await expect(sealSlots(key, two, systemRandom, { slots: 1 })).rejects.toEqual(refused('WRAP_SLOTS'))
})
