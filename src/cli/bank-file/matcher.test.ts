import { expect, it } from 'vitest'
import type { WindowSighting } from '../decode/index.ts'
import { type BankMatcher, type LookupPrint, loadBank, openBank } from './index.ts'
import { bankPath, syntheticPicture, withWindows } from './testing.ts'

const NO_DIGESTS = { sha256: '0'.repeat(64), md5: '0'.repeat(32) }

function lookup(seed: string, print = 0, more: Partial<LookupPrint> = {}): LookupPrint {
  return {
    name: 'whole',
    pdq: syntheticPicture(seed).prints[print]?.pdq ?? '',
    quality: 90,
    usable: true,
    ...more,
  }
}

/** The same print with some of its bits turned over. */
function flipped(pdq: string, bits: number): string {
  const bytes = Buffer.from(pdq, 'hex')
  for (let bit = 0; bit < bits; bit++) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return bytes.toString('hex')
}

async function matcherOf(pictures: Record<string, string[]>, withdrawn: string[] = []) {
  const path = bankPath()
  const bank = await openBank(path, { create: true })
  for (const [entry, seeds] of Object.entries(pictures)) {
    await bank.appendPictures(
      entry,
      seeds.map((seed) => syntheticPicture(seed, seed.startsWith('plain') ? 0 : 8)),
    )
  }
  for (const entry of withdrawn) await bank.withdrawEntry(entry)
  await bank.close()
  return (await loadBank(path)).matcher
}

it('finds the entry of any of its pictures, through any variant, within 31 bits', async () => {
  const matcher = await matcherOf({ e1: ['a', 'b'], e2: ['c'] })
  const near = lookup('b', 5)
  expect(matcher.match([{ ...near, pdq: flipped(near.pdq, 31) }], NO_DIGESTS)).toEqual([
    {
      entry: 'e1',
      rule: 'whole-frame',
      distance: 31,
      variant: 'o5',
      queryPrint: 'whole',
      copy: { isSameFile: false, isMirrored: true, turnedDegrees: 0, hasBorder: false },
    },
  ])
  expect(matcher.match([{ ...near, pdq: flipped(near.pdq, 32) }], NO_DIGESTS)).toEqual([])
})

it('finds a picture without prints by its file only', async () => {
  const matcher = await matcherOf({ e1: ['plain'] })
  const { sha256, md5 } = syntheticPicture('plain')
  expect(matcher.match([lookup('plain')], NO_DIGESTS)).toEqual([])
  expect(matcher.match([], { ...NO_DIGESTS, sha256 })).toMatchObject([
    { entry: 'e1', rule: 'exact-file', distance: null },
  ])
  expect(matcher.match([], { ...NO_DIGESTS, md5 })).toMatchObject([
    { entry: 'e1', rule: 'exact-file', distance: null },
  ])
})

it('reports every entry that holds the same file, each once', async () => {
  const matcher = await matcherOf({ e2: ['a'], e1: ['a', 'b'] })
  const { sha256, md5 } = syntheticPicture('a')
  const matches = matcher.match([lookup('a'), lookup('a', 0, { name: 'trimmed' })], { sha256, md5 })
  expect(matches.map(({ entry, rule, distance }) => [entry, rule, distance])).toEqual([
    ['e1', 'exact-file', 0],
    ['e2', 'exact-file', 0],
  ])
})

it('finds nothing of a withdrawn entry, by print or by file', async () => {
  const matcher = await matcherOf({ gone: ['a'], here: ['b'] }, ['gone'])
  const { sha256, md5 } = syntheticPicture('a')
  expect(matcher.match([lookup('a'), lookup('b')], { sha256, md5 }).map((match) => match.entry)).toEqual([
    'here',
  ])
  expect(matcher.facts).toMatchObject({ entries: 1, withdrawn: 1, prints: 8 })
})

it('compares no print that is unusable or of quality below 50', async () => {
  const matcher = await matcherOf({ e1: ['a'] })
  expect(matcher.match([lookup('a', 0, { usable: false })], NO_DIGESTS)).toEqual([])
  expect(matcher.match([lookup('a', 0, { quality: 49 })], NO_DIGESTS)).toEqual([])
  expect(matcher.match([lookup('a', 0, { quality: 50 })], NO_DIGESTS)).toHaveLength(1)
})

it('says when the copy was recognised without its border', async () => {
  const matcher = await matcherOf({ e1: ['a'] })
  const [match] = matcher.match([lookup('other'), lookup('a', 2, { name: 'trimmed' })], NO_DIGESTS)
  expect(match).toMatchObject({ queryPrint: 'trimmed', copy: { hasBorder: true, turnedDegrees: 180 } })
})

it('refuses a print that is not one by name', async () => {
  const matcher = await matcherOf({ e1: ['a'] })
  expect(() => matcher.match([lookup('a', 0, { pdq: 'zz' })], NO_DIGESTS)).toThrow(
    expect.objectContaining({ code: 'BAD_HEX' }),
  )
})

it('matches nothing against an empty bank', async () => {
  const matcher = await matcherOf({})
  expect(matcher.match([lookup('a')], NO_DIGESTS)).toEqual([])
  expect(matcher.facts).toMatchObject({ entries: 0, withdrawn: 0, prints: 0 })
  expect(matcher.facts.sha256).toMatch(/^[0-9a-f]{64}$/)
})

async function matcherWithWindows(withdrawn: string[] = []) {
  const path = bankPath()
  const bank = await openBank(path, { create: true })
  await bank.appendPictures('gone', [withWindows('gone', 9)])
  await bank.appendPictures('plain', [syntheticPicture('plain')])
  await bank.appendPictures('e1', [withWindows('a', 9), withWindows('b', 9)])
  for (const entry of withdrawn) await bank.withdrawEntry(entry)
  await bank.close()
  return (await loadBank(path)).matcher
}

/** What a look-up would tell of a copy that shows rows of the table at their own places, moved. */
function sightingOf(matcher: BankMatcher, rows: readonly number[], moved = 0): WindowSighting {
  return {
    frame: { width: 2000, height: 1000 },
    hits: rows.map((row) => {
      const { cx, cy, side } = matcher.windows.row(row)
      return { row, distance: 9, orientation: 'original', query: { cx: cx + moved, cy, side, quality: 80 } }
    }),
  }
}

it('matches by windows that agree, under the id of their entry', async () => {
  const matcher = await matcherWithWindows(['gone'])
  expect(matcher.facts).toMatchObject({ entries: 2, prints: 24, windowRows: 18 })
  const [match, ...others] = matcher.match([], NO_DIGESTS, [sightingOf(matcher, [9, 10, 12], 300)])
  expect(others).toEqual([])
  expect(match).toMatchObject({ entry: 'e1', rule: 'windows', votes: 3, distance: 9, variant: null })
  expect(match?.where?.left).toBeCloseTo(0.15, 2)
  expect(match?.where?.width).toBeCloseTo(0.32, 2)
  expect(matcher.match([], NO_DIGESTS, [sightingOf(matcher, [9])])).toEqual([])
})

it('does not let windows of different frames of one file agree with each other', async () => {
  const matcher = await matcherWithWindows()
  const apart = [sightingOf(matcher, [9]), sightingOf(matcher, [12])]
  expect(matcher.match([], NO_DIGESTS, apart)).toEqual([])
  const [match, ...others] = matcher.match([], NO_DIGESTS, [
    sightingOf(matcher, [9, 12]),
    sightingOf(matcher, [9, 11, 13]),
  ])
  expect([match?.votes, others]).toEqual([3, []])
})

it('reports an entry once, by its stronger rule, beside others found by windows', async () => {
  const matcher = await matcherWithWindows()
  const sightings = [sightingOf(matcher, [0, 3]), sightingOf(matcher, [9, 12])]
  const matches = matcher.match([lookup('a')], NO_DIGESTS, sightings)
  expect(matches.map(({ entry, rule }) => [entry, rule])).toEqual([
    ['e1', 'whole-frame'],
    ['gone', 'windows'],
  ])
})
