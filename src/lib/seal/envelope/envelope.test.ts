import fc from 'fast-check'
import { beforeAll, expect, it, vi } from 'vitest'
import { bytesToHex } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { bech32Decode, bech32Encode } from '../keys/bech32.ts'
import { type AgeIdentity, hybridIdentityOf, x25519IdentityOf } from '../keys/identity.ts'
import { systemRandom } from '../keys/random.ts'
import { bytesOfStream, collectBytes } from './byte-stream.ts'
import { openBytes, openStream } from './open.ts'
import { sealBytes, sealStream } from './seal.ts'
import { MAX_HELD_BYTES, MAX_RECIPIENTS, sealedLength } from './sizes.ts'

const refused = (code: string) => expect.objectContaining({ code })
let hybrid: AgeIdentity
let x25519: AgeIdentity
let stranger: AgeIdentity

beforeAll(async () => {
  hybrid = await hybridIdentityOf(systemRandom(32))
  x25519 = await x25519IdentityOf(systemRandom(32))
  stranger = await hybridIdentityOf(systemRandom(32))
})

function* piecesOf(bytes: Uint8Array, pieceBytes: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

async function outcome(open: Promise<Uint8Array>): Promise<string> {
  try {
    return bytesToHex(await open)
  } catch (error) {
    if (error instanceof SealError) return error.code
    throw error
  }
}

it('opens what it sealed, of either kind and of every length around the inner pieces', async () => {
  for (const identity of [hybrid, x25519])
    for (const length of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
      const bytes = new Uint8Array(length).map((_, i) => i % 251)
      const sealed = await sealBytes(bytes, [identity.recipient])
      expect(sealed).toHaveLength(sealedLength(length, identity.kind))
      expect(bytesToHex(await openBytes(sealed, identity))).toBe(bytesToHex(bytes))
    }
})

it('opens any bytes it sealed, in any pieces', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 5000 }),
      fc.integer({ min: 1, max: 3000 }),
      fc.boolean(),
      async (bytes, pieceBytes, isHybrid) => {
        const identity = isHybrid ? hybrid : x25519
        const sealed = await collectBytes(sealStream(piecesOf(bytes, pieceBytes), [identity.recipient]))
        expect(await openBytes(sealed, identity)).toEqual(bytes)
        expect(await collectBytes(openStream(piecesOf(sealed, pieceBytes), identity))).toEqual(bytes)
      },
    ),
    { numRuns: 40 },
  )
})

it('seals 10 MiB as a stream and never holds more than a little of it', async () => {
  const length = 10 * 2 ** 20
  let [read, open] = [0, 0]
  async function* source() {
    for (; read < length; read += 65_536) {
      open++
      yield new Uint8Array(65_536).fill(read / 65_536)
      open--
    }
  }
  let sealedBytes = 0
  let ahead = 0
  async function* sealed() {
    for await (const piece of sealStream(source(), [hybrid.recipient])) {
      sealedBytes += piece.length
      ahead = Math.max(ahead, read - sealedBytes)
      yield piece
    }
  }
  let opened = 0
  for await (const piece of openStream(sealed(), hybrid)) {
    if (piece[0] !== opened / 65_536) expect(piece[0]).toBe((opened / 65_536) % 256)
    opened += piece.length
  }
  expect(opened).toBe(length)
  expect(sealedBytes).toBe(sealedLength(length))
  expect(ahead).toBeLessThan(2 ** 20)
  expect(open).toBe(0)
})

it('seals to several people at once, each of whom opens alone', async () => {
  const other = await x25519IdentityOf(systemRandom(32))
  const sealed = await sealBytes(new Uint8Array([1, 2]), [x25519.recipient, other.recipient])
  expect(sealed).toHaveLength(sealedLength(2, 'x25519', 2))
  for (const identity of [x25519, other])
    expect(await openBytes(sealed, identity)).toEqual(new Uint8Array([1, 2]))
})

it('opens with any of the keys of several epochs', async () => {
  const sealed = await sealBytes(new Uint8Array([7]), [hybrid.recipient])
  expect(await openBytes(sealed, [stranger, hybrid])).toEqual(new Uint8Array([7]))
  await expect(openBytes(sealed, [])).rejects.toEqual(refused('SEAL_IDENTITY'))
})

it('never mixes hybrid and X25519 recipients in one file', async () => {
  const mixed = [hybrid.recipient, x25519.recipient]
  for (const recipients of [mixed, [...mixed].reverse()]) {
    await expect(sealBytes(new Uint8Array(1), recipients)).rejects.toEqual(refused('SEAL_MIXED_RECIPIENTS'))
    const streamed = collectBytes(sealStream([new Uint8Array(1)], recipients))
    await expect(streamed).rejects.toEqual(refused('SEAL_MIXED_RECIPIENTS'))
  }
})

it('refuses recipients that are none', async () => {
  const notAKey = bech32Encode('age1pq', new Uint8Array(1216).fill(255))
  const lowOrder = bech32Encode('age', new Uint8Array(32))
  const hybridKey = bech32Decode(hybrid.recipient)?.bytes ?? new Uint8Array(0)
  const lowOrderHybrid = bech32Encode('age1pq', hybridKey.fill(0, 1184))
  const cases: [code: string, recipients: string[]][] = [
    ['SEAL_RECIPIENT_COUNT', []],
    ['SEAL_RECIPIENT_COUNT', [hybrid.recipient, hybrid.recipient]],
    ['SEAL_RECIPIENT_COUNT', Array.from({ length: MAX_RECIPIENTS + 1 }, (_, i) => `age1${i}`)],
    ['SEAL_RECIPIENT', ['']],
    ['SEAL_RECIPIENT', ['age1tag1qqqq']],
    ['SEAL_RECIPIENT', [hybrid.secret]],
    ['SEAL_RECIPIENT', [`${hybrid.recipient}q`]],
    ['SEAL_RECIPIENT', [notAKey]],
    ['SEAL_RECIPIENT', [lowOrder]],
    ['SEAL_RECIPIENT', [lowOrderHybrid]],
  ]
  for (const [code, recipients] of cases)
    await expect(sealBytes(new Uint8Array(1), recipients)).rejects.toEqual(refused(code))
})

it('keeps apart what is for somebody else and what is broken', async () => {
  const sealed = await sealBytes(new Uint8Array(100), [hybrid.recipient])
  for (const identity of [stranger, x25519])
    await expect(openBytes(sealed, identity)).rejects.toEqual(refused('SEAL_NOT_FOR_THIS_KEY'))
})

it('refuses every flipped bit, every cut and every addition', async () => {
  const bytes = systemRandom(4_464)
  const sealed = await sealBytes(bytes, [x25519.recipient])
  const longer = (extra: number) => {
    const result = new Uint8Array(sealed.length + extra)
    result.set(sealed)
    return result
  }
  const damaged = fc.oneof(
    fc
      .integer({ min: 0, max: sealed.length * 8 - 1 })
      .map((bit) => sealed.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))),
    fc.integer({ min: 0, max: sealed.length - 1 }).map((length) => sealed.slice(0, length)),
    fc.integer({ min: 1, max: 70_000 }).map(longer),
  )
  await fc.assert(
    fc.asyncProperty(damaged, fc.integer({ min: 1, max: 5000 }), async (file, pieceBytes) => {
      // A flipped bit in the stanza makes it one for another key.
      expect(await outcome(openBytes(file, x25519))).toMatch(/^SEAL_(BROKEN|NOT_FOR_THIS_KEY)$/)
      const streamed = collectBytes(openStream(piecesOf(file, pieceBytes), x25519))
      expect(await outcome(streamed)).toMatch(/^SEAL_(BROKEN|NOT_FOR_THIS_KEY)$/)
    }),
    { numRuns: 150 },
  )
})

it('refuses a file cut between two inner pieces', async () => {
  const sealed = await sealBytes(new Uint8Array(3 * 65_536), [hybrid.recipient])
  const head = sealedLength(0) - 16
  for (const pieces of [0, 1, 2]) {
    const cut = sealed.subarray(0, head + pieces * 65_552)
    expect(await outcome(openBytes(cut, hybrid))).toBe('SEAL_BROKEN')
    expect(await outcome(collectBytes(openStream([cut], hybrid)))).toBe('SEAL_BROKEN')
  }
})

it('answers any bytes at all with a refusal', async () => {
  const text = (value: string) => new TextEncoder().encode(value)
  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ maxLength: 300 }).map((value) => text(`age-encryption.org/v1\n${value}`)),
    fc
      .string({ maxLength: 300 })
      .map((value) => text(`age-encryption.org/v1\n-> X25519 ${value}\n--- AAAA\n`)),
  )
  await fc.assert(
    fc.asyncProperty(junk, async (bytes) => {
      expect(await outcome(openBytes(bytes, hybrid))).toMatch(/^SEAL_(BROKEN|NOT_FOR_THIS_KEY)$/)
    }),
  )
})

it('does not try its key on a header made to keep it busy', async () => {
  const stanza = `-> mlkem768x25519 ${'A'.repeat(1494)}\n${'A'.repeat(43)}\n`
  const header = `age-encryption.org/v1\n${stanza.repeat(33)}--- ${'A'.repeat(43)}\n`
  const short = `age-encryption.org/v1\n${'-> a b\n\n'.repeat(33)}--- ${'A'.repeat(43)}\n`
  const endless = `age-encryption.org/v1\n-> ${'x'.repeat(200_000)}`
  for (const text of [header, short, endless, 'x'.repeat(200_000), '\n'.repeat(200_000)]) {
    const file = new TextEncoder().encode(text)
    expect(await outcome(openBytes(file, hybrid))).toBe('SEAL_BROKEN')
    expect(await outcome(collectBytes(openStream(piecesOf(file, 777), hybrid)))).toBe('SEAL_BROKEN')
  }
})

it('stops reading a stream without a header instead of holding it', async () => {
  let read = 0
  function* endless() {
    for (;;) {
      read += 1024
      yield new Uint8Array(1024)
    }
  }
  expect(await outcome(collectBytes(openStream(endless(), hybrid)))).toBe('SEAL_BROKEN')
  expect(read).toBeLessThan(80_000)
})

it('leaves what is too large for one piece to the streams', async () => {
  const large = new Uint8Array(MAX_HELD_BYTES + 1)
  await expect(sealBytes(large, [hybrid.recipient])).rejects.toEqual(refused('SEAL_TOO_LARGE'))
  await expect(openBytes(large, hybrid)).rejects.toEqual(refused('SEAL_TOO_LARGE'))
})

it('passes on an error of the source, and lets go of it when nobody reads on', async () => {
  const sealed = await sealBytes(new Uint8Array(500_000), [hybrid.recipient])
  let isClosed = false
  async function* source(failAt: number) {
    try {
      for (let at = 0; at < sealed.length; at += 1000) {
        if (at >= failAt) throw new RangeError('the network went away')
        yield sealed.subarray(at, at + 1000)
      }
    } finally {
      isClosed = true
    }
  }
  for (const failAt of [0, 1000, 400_000])
    await expect(collectBytes(openStream(source(failAt), hybrid))).rejects.toThrow(RangeError)
  isClosed = false
  for await (const piece of openStream(source(sealed.length), hybrid)) {
    expect(piece).toHaveLength(65_536)
    break
  }
  await vi.waitFor(() => expect(isClosed).toBe(true))
  isClosed = false
  for await (const piece of sealStream(source(sealed.length), [hybrid.recipient])) {
    expect(piece.length).toBeGreaterThan(0)
    break
  }
  await vi.waitFor(() => expect(isClosed).toBe(true))
})

it('lets go of a source that turns out to be for somebody else', async () => {
  const sealed = await sealBytes(new Uint8Array(500_000), [hybrid.recipient])
  let isClosed = false
  async function* source() {
    try {
      for (let at = 0; at < sealed.length; at += 1000) yield sealed.subarray(at, at + 1000)
    } finally {
      isClosed = true
    }
  }
  expect(await outcome(collectBytes(openStream(source(), stranger)))).toBe('SEAL_NOT_FOR_THIS_KEY')
  await vi.waitFor(() => expect(isClosed).toBe(true))
})

it('reads a web stream in pieces', async () => {
  const blob = new Blob([new Uint8Array([1, 2]), new Uint8Array([3])])
  expect(await collectBytes(bytesOfStream(blob.stream()))).toEqual(new Uint8Array([1, 2, 3]))
})
