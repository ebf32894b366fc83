import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToHex } from '../../bytes/index.ts'
import { collectBytes } from '../envelope/byte-stream.ts'
import { sealedLength } from '../envelope/sizes.ts'
import { SealError } from '../errors.ts'
import vectors from '../vectors/frames.json' with { type: 'json' }
import { decodeFrame, encodeFrame, type Frame } from './frame.ts'
import { frameFile, unframeFile } from './frame-stream.ts'
import { frameLength, padmeLength } from './padded-size.ts'

const withCode = (code: string) => expect.objectContaining({ code })

function* piecesOf(bytes: Uint8Array, pieceBytes: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

async function streamOutcome(frame: Uint8Array, pieceBytes: number): Promise<string> {
  try {
    return bytesToHex(await collectBytes(unframeFile(piecesOf(frame, pieceBytes))))
  } catch (error) {
    if (error instanceof SealError) return error.code
    throw error
  }
}

it('pads to the known sizes', () => {
  for (const [length = 0, padded] of vectors.padme) expect(padmeLength(length), String(length)).toBe(padded)
  for (const [payload = 0, frame = 0, sealed] of vectors.records) {
    expect(frameLength('record', payload)).toBe(frame)
    expect(frameLength('file-list', payload)).toBe(frame)
    expect(sealedLength(frame)).toBe(sealed)
  }
  for (const [payload = 0, frame = 0, sealed] of vectors.files) {
    expect(frameLength('file', payload)).toBe(frame)
    expect(sealedLength(frame)).toBe(sealed)
  }
})

it('never adds more than 3.2 % to a file of 64 KiB and more, nor leaves a length that padding would change', () => {
  fc.assert(
    fc.property(
      fc.maxSafeNat().filter((n) => n >= 65_536 && n <= 2 ** 50),
      (length) => {
        const padded = padmeLength(length)
        expect(padded).toBeGreaterThanOrEqual(length)
        expect((padded - length) / length).toBeLessThanOrEqual(0.032)
        expect(padmeLength(padded)).toBe(padded)
      },
    ),
  )
})

it('writes version, type and length before the payload and zeros behind it', () => {
  const payload = new TextEncoder().encode(vectors.frame.payloadText)
  const frame = encodeFrame({ type: 'record', payload })
  expect(bytesToHex(frame.subarray(0, 10))).toBe(vectors.frame.startHex)
  expect(frame.subarray(10, 24)).toEqual(payload)
  expect(frame.subarray(24)).toEqual(new Uint8Array(4096 - 24))
})

it('reads back what it framed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<Frame['type']>('record', 'file', 'file-list'),
      fc.uint8Array({ maxLength: 20_000 }),
      (type, payload) => {
        expect(decodeFrame(encodeFrame({ type, payload }))).toEqual({ type, payload })
      },
    ),
    { numRuns: 50 },
  )
})

it('says before sealing that a record is too long', () => {
  expect(encodeFrame({ type: 'record', payload: new Uint8Array(262_000) })).toHaveLength(262_144)
  const tooLong = { type: 'record', payload: new Uint8Array(262_001) } as const
  expect(() => encodeFrame(tooLong)).toThrow(withCode('FRAME_TOO_LARGE'))
})

it('refuses frames that it would not have made', () => {
  const good = encodeFrame({ type: 'record', payload: new Uint8Array(100).fill(7) })
  const changed = (...changes: [at: number, byte: number][]) => {
    const frame = good.slice()
    for (const [at, byte] of changes) frame[at] = byte
    return frame
  }
  const larger = new Uint8Array(16_384)
  larger.set(good)
  const bad: Uint8Array[] = [
    new Uint8Array(0),
    new Uint8Array(9),
    new Uint8Array(10),
    new Uint8Array(4096),
    changed([0, 0]),
    changed([0, 2]),
    changed([1, 0]),
    changed([1, 2]),
    changed([1, 4]),
    changed([2, 1]),
    changed([2, 255], [3, 255], [4, 255], [5, 255], [6, 255], [7, 255], [8, 255], [9, 255]),
    changed([8, 0x0f], [9, 0xf7]),
    changed([9, 99]),
    changed([110, 1]),
    changed([4095, 1]),
    good.subarray(0, 4095),
    good.subarray(0, 120),
    larger,
  ]
  for (const [i, frame] of bad.entries())
    expect(() => decodeFrame(frame), `frame ${i}`).toThrow(withCode('FRAME_INVALID'))
})

it('frames a file as a stream exactly as in one piece, whatever the pieces', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 3000 }),
      fc.integer({ min: 1, max: 70_000 }),
      fc.integer({ min: 1, max: 20 }),
      async (payload, pieceBytes, smallBytes) => {
        const frame = encodeFrame({ type: 'file', payload })
        const streamed = await collectBytes(frameFile(piecesOf(payload, smallBytes), payload.length))
        expect(streamed).toEqual(frame)
        expect(await streamOutcome(frame, pieceBytes)).toBe(bytesToHex(payload))
      },
    ),
    { numRuns: 30 },
  )
})

it('refuses a file that grew or shrank while it was read', async () => {
  const bytes = new Uint8Array(1000)
  for (const size of [0, 999, 1001])
    await expect(collectBytes(frameFile(piecesOf(bytes, 300), size))).rejects.toMatchObject({
      code: 'BLOB_MISMATCH',
    })
})

it('refuses streams of frames that it would not have made', async () => {
  const good = encodeFrame({ type: 'file', payload: new Uint8Array(100).fill(7) })
  const flipped = (at: number) => good.map((byte, i) => (i === at ? byte ^ 1 : byte))
  const record = encodeFrame({ type: 'record', payload: new Uint8Array(100).fill(7) })
  const longer = new Uint8Array(good.length + 1)
  longer.set(good)
  const bad = [
    new Uint8Array(0),
    good.subarray(0, 9),
    good.subarray(0, 60),
    good.subarray(0, good.length - 1),
    longer,
    record,
    ...[0, 1, 2, 5, 110, good.length - 1].map(flipped),
  ]
  for (const [i, frame] of bad.entries())
    for (const pieceBytes of [1, 9, 10, 11, 4096, 1_000_000])
      expect(await streamOutcome(frame, pieceBytes), `frame ${i}`).toBe('FRAME_INVALID')
})
