import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CURSOR_BYTES, decodePage, encodePage, type MailboxPage, partBytes, roomFor } from './mailbox-page.ts'
import { PAGE_BYTES } from './sizes.ts'

const part = fc.record({
  kind: fc.constantFrom('wrap' as const, 'item' as const),
  id: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  epoch: fc.integer({ min: 1, max: 65_535 }),
  direction: fc.constantFrom('in' as const, 'out' as const),
  wholeBytes: fc.nat(300_000),
  offset: fc.nat(300_000),
  bytes: fc.uint8Array({ maxLength: 2_000 }),
})

const page: fc.Arbitrary<MailboxPage> = fc.record({
  status: fc.constantFrom('open' as const, 'withdrawn' as const, 'closing' as const, 'closed' as const),
  logIndex: fc.option(fc.nat()),
  parts: fc.array(part, { maxLength: 20 }),
  next: fc.option(fc.uint8Array({ minLength: CURSOR_BYTES, maxLength: CURSOR_BYTES })),
})

it('is the same after it was written and read, and always of one length', () => {
  fc.assert(
    fc.property(page, (written) => {
      const bytes = encodePage(written)
      expect(bytes.length).toBe(PAGE_BYTES)
      expect(decodePage(bytes)).toEqual(written)
    }),
  )
})

it('is filled to the last byte by what there is said to be room for', () => {
  const bytes = new Uint8Array(roomFor(0)).fill(1)
  const whole = {
    kind: 'item',
    id: new Uint8Array(16),
    epoch: 1,
    direction: 'in',
    wholeBytes: bytes.length,
    offset: 0,
  } as const
  const written = encodePage({ status: 'open', logIndex: null, parts: [{ ...whole, bytes }], next: null })
  expect(written[PAGE_BYTES - 1]).toBe(1)
  expect(roomFor(partBytes(bytes.length))).toBe(0)
})

it('gives null for what is no page, and never throws', () => {
  const good = encodePage({ status: 'open', logIndex: null, parts: [], next: null })
  for (const [at, value] of [
    [0, 2],
    [1, 0],
    [1, 5],
    [34, 1],
    [PAGE_BYTES - 1, 1],
  ] as const) {
    const bad = good.slice()
    bad[at] = value
    expect(decodePage(bad)).toBeNull()
  }
  expect(decodePage(good.slice(1))).toBeNull()
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 40, maxLength: 400 }), (start) => {
      const bytes = new Uint8Array(PAGE_BYTES)
      bytes.set(start)
      decodePage(bytes)
    }),
  )
})
