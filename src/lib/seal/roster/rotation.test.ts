import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToHex } from '../../bytes/index.ts'
import type { SigningKey } from '../../tlog/index.ts'
import { type OrgRoot, orgRoot, rootFingerprint } from './root.ts'
import { followRotations, formatRotationText } from './rotation.ts'
import { addRootSignature, rootSigningKey, signRootText } from './sign-root-note.ts'
import { codeOf, NOW, ORG, officers, seedOf, trust } from './testing.ts'

const { root } = trust
const keysOf = (keys: readonly SigningKey[]) => keys.map(({ vkey }) => bytesToHex(vkey.publicKey))
const generation = (n: number) => [1, 2, 3].map((i) => rootSigningKey(ORG, i, seedOf(`officer ${i} of ${n}`)))
const next = generation(1)
const rotation = { org: ORG, n: 1, old: root.keys, new: keysOf(next), iss: '2026-11-24' }

function signed(text: string, keys: readonly (SigningKey | undefined)[]): string {
  const [first, ...others] = keys.filter((key) => key !== undefined)
  if (first === undefined) throw new Error('somebody has to sign')
  return others.reduce((note, key) => addRootSignature(note, key), signRootText(text, first))
}
const both = [officers[0], officers[2], next[1], next[2]]
const follow = (notes: string[], from: OrgRoot = root, now = NOW) =>
  codeOf(() => followRotations(from, notes, now))

it('gives a fingerprint that does not depend on the order of the keys', () => {
  const print = rootFingerprint(root)
  expect(print).toMatch(/^[0-9a-f]{5}( [0-9a-f]{5}){7}$/)
  expect(rootFingerprint(orgRoot(ORG, root.keys.toReversed()))).toBe(print)
  expect(rootFingerprint(orgRoot(ORG, keysOf(next)))).not.toBe(print)
})

it('refuses a root without three different keys', () => {
  const [a = '', b = '', c = ''] = root.keys
  for (const keys of [
    [a, b],
    [a, b, b],
    [a, b, c, a],
    [a, b, c.toUpperCase()],
    [a, b, `01${'00'.repeat(31)}`],
    [a, b, ''],
  ])
    expect(
      codeOf(() => orgRoot(ORG, keys)),
      keys.join(),
    ).toBe('ROOT_INVALID')
  expect(codeOf(() => orgRoot('Org Example', root.keys))).toBe('ROOT_INVALID')
  expect(codeOf(() => orgRoot(ORG, root.keys, -1))).toBe('ROOT_INVALID')
})

it('follows new keys that two old and two new ones signed', () => {
  const text = formatRotationText(rotation)
  expect(followRotations(root, [signed(text, both)], NOW)).toEqual(orgRoot(ORG, keysOf(next), 1))
  expect(followRotations(root, [], NOW)).toEqual(root)
})

it('refuses new keys that too few of either side signed', () => {
  const text = formatRotationText(rotation)
  for (const missing of both)
    expect(
      follow([
        signed(
          text,
          both.filter((key) => key !== missing),
        ),
      ]),
    ).toBe('ROOT_INVALID')
  expect(follow([signed(text, [officers[0], officers[0], next[1], next[2]])])).toBe('ROOT_INVALID')
  expect(follow([signed(text, officers)])).toBe('ROOT_INVALID')
  expect(follow([signed(text, next)])).toBe('ROOT_INVALID')
})

it('lets one device be replaced while two stay', () => {
  const [a, b] = officers
  const fresh = rootSigningKey(ORG, 3, seedOf('a new device'))
  const text = formatRotationText({
    ...rotation,
    new: [...root.keys.slice(0, 2), bytesToHex(fresh.vkey.publicKey)],
  })
  expect(follow([signed(text, [a, b])])).toBeNull()
  expect(follow([signed(text, [a, fresh])])).toBe('ROOT_INVALID')
})

it('refuses a change that does not begin where the root stands', () => {
  const change = (fields: Partial<typeof rotation>) =>
    follow([signed(formatRotationText({ ...rotation, ...fields }), both)])
  expect(change({})).toBeNull()
  expect(change({ n: 2 })).toBe('ROOT_INVALID')
  expect(change({ old: root.keys.toReversed() })).toBe('ROOT_INVALID')
  expect(change({ org: 'other.example' })).toBe('ROOT_INVALID')
  expect(change({ iss: '2026-11-26' })).toBe('ROOT_INVALID')
  const note = signed(formatRotationText(rotation), both)
  expect(follow([note, note])).toBe('ROOT_INVALID')
})

it('follows eight changes and not nine', () => {
  const generations = [officers, ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(generation)]
  const notes = generations.slice(1).map((keys, i) => {
    const before = generations[i] ?? []
    const text = formatRotationText({
      org: ORG,
      n: i + 1,
      old: keysOf(before),
      new: keysOf(keys),
      iss: '2026-11-24',
    })
    return signed(text, [before[0], before[1], keys[0], keys[1]])
  })
  expect(followRotations(root, notes.slice(0, 8), NOW).n).toBe(8)
  expect(follow(notes)).toBe('ROOT_INVALID')
  expect(follow([...notes.slice(0, 2), ...notes.slice(3, 5)])).toBe('ROOT_INVALID')
})

it('refuses a change of keys with any single byte changed', () => {
  const bytes = new TextEncoder().encode(signed(formatRotationText(rotation), both))
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const forged = bytes.slice()
      forged[at] = (forged[at] ?? 0) ^ change
      expect(codeOf(() => followRotations(root, [forged], NOW))).toBe('ROOT_INVALID')
    }),
    { numRuns: 150 },
  )
})
