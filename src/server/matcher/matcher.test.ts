import { randomBytes } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { type AgeIdentity, hybridIdentityOf, type SealedPrint, sealPrintSet } from '#lib/seal/index.ts'
import { Matcher } from './matcher.ts'

const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
let bank: AgeIdentity
beforeAll(async () => {
  bank = await hybridIdentityOf(random(32))
})

const newPrints = (count: number): SealedPrint[] =>
  Array.from({ length: count }, (_, n) => ({
    id: random(16),
    print: random(32),
    place: n === 0 ? null : random(8),
  }))

/** One part of a picture that was seen, lying as `orientation` says. */
function asked({ print, place }: SealedPrint, orientation: number) {
  const prints = random(256)
  prints.set(print, orientation * 32)
  return { prints, place: place === null ? null : random(8) }
}

it('gives out its identity only once it was said to have everything', () => {
  const matcher = new Matcher()
  const opening = matcher.open(bank)
  expect([matcher.isOpen, matcher.identity]).toEqual([true, null])
  matcher.setWhole(opening)
  expect(matcher.identity).toBe(bank)
  matcher.close()
  expect([matcher.isOpen, matcher.identity]).toEqual([false, null])
})

it('does not take an opening that was closed for the next one', () => {
  const matcher = new Matcher()
  const former = matcher.open(bank)
  matcher.close()
  matcher.setWhole(former)
  matcher.open(bank)
  matcher.setWhole(former)
  expect(matcher.identity).toBeNull()
})

it('tells rows of several sets apart, whole from windows, and forgets one set alone', async () => {
  const matcher = new Matcher()
  matcher.setWhole(matcher.open(bank))
  const sets = [newPrints(1), newPrints(300), [], newPrints(40)]
  for (const [n, prints] of sets.entries()) {
    await matcher.add(String(n), await sealPrintSet(prints, bank.recipient))
  }
  expect(matcher.rows).toBe(341)
  const rows = [sets[0]?.[0], sets[1]?.[299], sets[3]?.[7]].map((row) => row ?? expect.fail('no row'))
  const ask = async () => {
    const hits = await matcher.ask({ prints: rows.map((row, n) => asked(row, n)) })
    return hits.map(({ rowId, distance, orientation }) => [
      Buffer.from(rowId).toString('hex'),
      distance,
      orientation,
    ])
  }
  const hit = (n: number) => [Buffer.from(rows[n]?.id ?? []).toString('hex'), 0, n]
  expect(new Set(await ask())).toEqual(new Set([hit(0), hit(1), hit(2)]))
  matcher.remove('1')
  matcher.remove('2')
  expect(new Set(await ask())).toEqual(new Set([hit(0), hit(2)]))
  expect(matcher.rows).toBe(41)
})
