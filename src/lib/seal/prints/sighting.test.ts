import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { sealBytes } from '../envelope/seal.ts'
import { type AgeIdentity, hybridIdentityOf } from '../keys/identity.ts'
import { systemRandom } from '../keys/random.ts'
import { CONTEXT_BYTES, openContext, sealContext } from './context.ts'
import {
  decoyHit,
  HIT_BYTES,
  hitTag,
  openHit,
  openWaitingHit,
  type SealedHit,
  sealHit,
  sealWaitingHit,
} from './sealed-hit.ts'
import {
  MAX_SIGHTING_PRINTS,
  openSighting,
  SIGHTING_BYTES,
  type Sighting,
  type SightingPrint,
  sealSighting,
} from './sighting.ts'

const refused = (code: string) => expect.objectContaining({ code })
const random = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const side = fc.integer({ min: 1, max: 1_000_000 })
const scope = fc.record({ width: side, height: side, shorterSide: side })
const AT = { quarter: 1_956_123, nth: 0 }

let bank: AgeIdentity
beforeAll(async () => {
  bank = await hybridIdentityOf(systemRandom(32))
})

const part = (n: number): SightingPrint => ({
  prints: new Uint8Array(256).fill(n),
  place: n % 3 === 0 ? null : new Uint8Array(8).fill(n),
})

const sighting = (count: number): Sighting => ({
  scope: { width: 1080, height: 2400, shorterSide: 1080 },
  contextKey: systemRandom(32),
  prints: Array.from({ length: count }, (_, n) => part(n)),
})

it('gives back a sighting, at one length whatever is in it', async () => {
  for (const count of [0, 1, 339, MAX_SIGHTING_PRINTS]) {
    const sent = sighting(count)
    const sealed = await sealSighting(sent, bank.recipient)
    expect(sealed).toHaveLength(SIGHTING_BYTES)
    expect(SIGHTING_BYTES).toBe(263_851)
    expect(await openSighting(sealed, bank)).toEqual(sent)
  }
  expect(MAX_SIGHTING_PRINTS).toBe(963)
})

it('refuses what is not in its form, sealing and opening', async () => {
  const good = sighting(2)
  const wrong: Sighting[] = [
    sighting(MAX_SIGHTING_PRINTS + 1),
    { ...good, contextKey: systemRandom(31) },
    { ...good, scope: { ...good.scope, height: 0 } },
    { ...good, scope: { ...good.scope, width: 1.5 } },
    { ...good, prints: [{ prints: new Uint8Array(255), place: null }] },
    { ...good, prints: [{ prints: new Uint8Array(256), place: new Uint8Array(9) }] },
  ]
  for (const sent of wrong) {
    await expect(sealSighting(sent, bank.recipient)).rejects.toEqual(refused('PRINT_SET_INVALID'))
  }
  const changes: [at: number, byte: number][] = [
    [0, 2],
    [1, 255],
    [3, 1],
    [4, 255],
    [60, 1],
    [64 + 264, 3],
    [64 + 265, 1],
    [262_143, 1],
  ]
  for (const [at, byte] of changes) {
    const plain = new Uint8Array(262_144)
    plain.set([1, 0, 1, 0, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 9])
    plain[64 + 264] = 1
    expect((await openSighting(await sealBytes(plain, [bank.recipient]), bank)).prints).toHaveLength(1)
    plain[at] = byte
    await expect(openSighting(await sealBytes(plain, [bank.recipient]), bank), String(at)).rejects.toEqual(
      refused('PRINT_SET_INVALID'),
    )
  }
  const short = await sealBytes(new Uint8Array(100), [bank.recipient])
  await expect(openSighting(short, bank)).rejects.toEqual(refused('PRINT_SET_INVALID'))
})

const hit: fc.Arbitrary<SealedHit> = fc.record({
  sightingId: random(16),
  contextKey: random(32),
  distance: fc.integer({ min: 0, max: 31 }),
  orientation: fc.integer({ min: 0, max: 7 }),
  scope,
  place: fc.option(random(8)),
})

it('gives a hit to whoever knows the row, under a tag that changes with the quarter of an hour', () => {
  fc.assert(
    fc.property(hit, random(16), random(16), (sent, row, other) => {
      fc.pre(row.join() !== other.join())
      const sealed = sealHit(row, AT, sent, systemRandom)
      expect(sealed).toHaveLength(HIT_BYTES)
      expect(sealed.subarray(0, 16)).toEqual(hitTag(row, AT))
      expect(hitTag(row, { ...AT, quarter: AT.quarter + 1 })).not.toEqual(hitTag(row, AT))
      expect(hitTag(row, { ...AT, nth: 1 })).not.toEqual(hitTag(row, AT))
      expect(openHit(row, sealed)).toEqual(sent)
      expect(() => openHit(other, sealed)).toThrow(refused('HIT_INVALID'))
    }),
  )
})

it('keeps a hit for the bank until it is told', async () => {
  const stranger = await hybridIdentityOf(systemRandom(32))
  fc.assert(
    fc.property(hit, random(16), (sent, rowId) => {
      const sealed = sealWaitingHit(bank, rowId, sent, systemRandom)
      expect(sealed).toHaveLength(HIT_BYTES)
      expect(openWaitingHit(bank, sealed)).toEqual({ rowId, hit: sent })
      expect(() => openWaitingHit(stranger, sealed)).toThrow(refused('HIT_INVALID'))
      sealed[40] = (sealed[40] ?? 0) ^ 1
      expect(() => openWaitingHit(bank, sealed)).toThrow(refused('HIT_INVALID'))
    }),
    { numRuns: 30 },
  )
})

it('refuses every altered hit, and what only looks like one', () => {
  const row = systemRandom(16)
  const [sent] = fc.sample(hit, 1)
  if (!sent) throw new Error('no hit')
  const sealed = sealHit(row, AT, sent, systemRandom)
  for (let at = 0; at < sealed.length; at++) {
    const altered = sealed.slice()
    altered[at] = (altered[at] ?? 0) ^ 1
    expect(() => openHit(row, altered)).toThrow(refused('HIT_INVALID'))
  }
  expect(() => openHit(row, decoyHit(systemRandom))).toThrow(refused('HIT_INVALID'))
  expect(() => openHit(row, sealed.subarray(1))).toThrow(refused('HIT_INVALID'))
  for (const wrong of [{ distance: 32 }, { orientation: 8 }, { sightingId: systemRandom(3) }]) {
    expect(() => sealHit(row, AT, { ...sent, ...wrong }, systemRandom)).toThrow(refused('HIT_INVALID'))
  }
})

it('gives a context to whoever has its key, in a size class', () => {
  const key = systemRandom(32)
  const record = { place: 'group 7', seen: '2026-11-20', text: 'x'.repeat(5_000) }
  const sealed = sealContext(record, key, systemRandom)
  expect(sealed).toHaveLength(CONTEXT_BYTES[1] ?? 0)
  expect(openContext(sealed, key)).toEqual(record)
  expect(() => openContext(sealed, systemRandom(32))).toThrow(refused('SEAL_BROKEN'))
  expect(() => openContext(sealed.subarray(1), key)).toThrow(refused('SEAL_BROKEN'))
})
