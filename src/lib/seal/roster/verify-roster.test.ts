import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesToHex, canonicalJson } from '../../bytes/index.ts'
import { addSignatures, formatVkey, noteKey, parseNote, parsePolicy, signNote } from '../../tlog/index.ts'
import { signingKeyOf } from '../keys/signing.ts'
import type { Roster } from './model.ts'
import { formatRosterText, parseRosterText, ROSTER_TYPE, rosterDigest } from './roster-text.ts'
import { addRootSignature, rootSigningKey, signRootText } from './sign-root-note.ts'
import {
  codeOf,
  idOf,
  logKey,
  NOW,
  ORG,
  officers,
  people,
  proofOf,
  rosterOf,
  seedOf,
  signedText,
  trust,
} from './testing.ts'
import { type SeenRoster, verifyRoster, verifyRosterChain } from './verify-roster.ts'

const text = formatRosterText(rosterOf())
const good = signedText(text)
const proof = await proofOf(text, 1)
const digest = rosterDigest(text)

function verdict(
  note: string | Uint8Array,
  file: string | null = proof,
  change: { nowSeconds?: number; seen?: SeenRoster; minVersion?: number } = {},
) {
  const { nowSeconds = NOW, seen, minVersion = 1 } = change
  return codeOf(() =>
    verifyRoster(note, file, { trust: { ...trust, minVersion }, nowSeconds, ...(seen && { seen }) }),
  )
}

async function verdictOf(changes: Partial<Roster>, options: Parameters<typeof verdict>[2] = {}) {
  const changed = formatRosterText(rosterOf(changes))
  return verdict(signedText(changed), await proofOf(changed, changes.v ?? 1), options)
}

it('accepts a roster that two officers signed and a log shows', () => {
  const { roster, sha256, isNextToSeen } = verifyRoster(good, proof, { trust, nowSeconds: NOW })
  expect(roster).toEqual(rosterOf())
  expect(sha256).toBe(digest)
  expect(isNextToSeen).toBe(true)
  for (const pair of [
    [1, 3],
    [3, 2],
    [2, 3, 1],
  ])
    expect(verdict(signedText(text, pair))).toBeNull()
})

it('refuses fewer than two different root keys, whatever else has signed', () => {
  const stranger = noteKey('org.example/roster-root-2', seedOf('stranger'))
  for (const n of [1, 2, 3]) {
    const alone = signedText(text, [n])
    const signature = parseNote(alone).signatures
    expect(verdict(alone)).toBe('ROSTER_INVALID')
    expect(verdict(addSignatures(parseNote(alone), signature)), 'one key twice').toBe('ROSTER_INVALID')
    expect(verdict(addRootSignature(alone, stranger)), 'a key that only has the name').toBe('ROSTER_INVALID')
    expect(verdict(addRootSignature(alone, logKey)), 'a key of another purpose').toBe('ROSTER_INVALID')
  }
  expect(verdict(signRootText(text, stranger))).toBe('ROSTER_INVALID')
})

it('counts a key under its own number only', () => {
  const swapped = rootSigningKey(ORG, 2, seedOf('officer 1'))
  expect(verdict(addRootSignature(signedText(text, [1]), swapped))).toBe('ROSTER_INVALID')
})

it('refuses the whole note for one signature of a known key that fails, though two others hold', () => {
  const note = parseNote(signedText(text, [1, 2, 3]))
  for (const at of [0, 1, 2]) {
    const broken = note.signatures.map((line, i) => {
      if (i !== at) return line
      const signature = line.signature.slice()
      signature[40] = (signature[40] ?? 0) ^ 1
      return { ...line, signature }
    })
    const others = addSignatures({ text, signatures: broken.slice(0, 1) }, broken.slice(1))
    expect(verdict(others)).toBe('ROSTER_INVALID')
  }
})

it('refuses what is signed but no roster of this organisation', async () => {
  const json = canonicalJson(rosterOf()) ?? ''
  const signed = (wrong: string) => verdict(signedText(wrong))
  expect(signed(`saksi.root/v1\n${json}\n`)).toBe('ROSTER_INVALID')
  expect(signed(`${ROSTER_TYPE}\n${json} \n`)).toBe('ROSTER_INVALID')
  expect(signed(`${ROSTER_TYPE}\n${json}\nmore\n`)).toBe('ROSTER_INVALID')
  expect(signed(`${ROSTER_TYPE}\n{"a":1}\n`)).toBe('ROSTER_INVALID')
  expect(signed(`${ROSTER_TYPE}\n${json.replace('"v":1}', '"v":1,"v":1}')}\n`)).toBe('ROSTER_INVALID')
  expect(await verdictOf({ org: 'other.example' })).toBe('ROSTER_INVALID')
})

it('refuses a version below the floor of the client or below what was seen', async () => {
  const second = { v: 2, prev: digest }
  const seen = { version: 1, sha256: digest }
  expect(verdict(good, proof, { minVersion: 2 })).toBe('ROSTER_ROLLBACK')
  expect(await verdictOf(second, { minVersion: 2, seen })).toBeNull()
  expect(verdict(good, proof, { seen: { version: 2, sha256: digest } })).toBe('ROSTER_ROLLBACK')
  expect(verdict(good, proof, { seen })).toBeNull()
  expect(verdict(good, proof, { seen: { version: 1, sha256: 'ab'.repeat(32) } })).toBe('ROSTER_ROLLBACK')
})

it('refuses a roster that does not continue the one seen before', async () => {
  const seen = { version: 1, sha256: digest }
  expect(await verdictOf({ v: 2, prev: 'ab'.repeat(32) }, { seen })).toBe('ROSTER_ROLLBACK')
  expect(await verdictOf({ v: 2, prev: 'ab'.repeat(32) })).toBeNull()
})

it('says when versions between were not looked at', async () => {
  const third = formatRosterText(rosterOf({ v: 3, prev: 'ab'.repeat(32) }))
  const options = { trust, nowSeconds: NOW, seen: { version: 1, sha256: digest } }
  expect(verifyRoster(signedText(third), await proofOf(third, 3), options).isNextToSeen).toBe(false)
})

it('never goes back: of any two versions the older is refused once the newer was seen', async () => {
  const notes: [number, string, string][] = []
  for (const v of [1, 2, 3, 5, 9]) {
    const versionText = formatRosterText(rosterOf(v === 1 ? {} : { v, prev: 'ab'.repeat(32) }))
    notes.push([v, versionText, await proofOf(versionText, v)])
  }
  for (const [v, versionText, file] of notes) {
    for (const [older, olderText, olderFile] of notes.filter(([other]) => other < v)) {
      const seen = { version: v, sha256: rosterDigest(versionText) }
      expect(verdict(signedText(olderText), olderFile, { seen }), `${older} after ${v}`).toBe(
        'ROSTER_ROLLBACK',
      )
    }
    expect(verdict(signedText(versionText), file, { minVersion: v + 1 })).toBe('ROSTER_ROLLBACK')
  }
})

it('refuses a roster outside of its days, with one day for wrong clocks', () => {
  const at = (instant: string) => verdict(good, null, { nowSeconds: Date.parse(instant) / 1000 })
  // Without a proof a roster that is valid is refused later, for that.
  expect(at('2026-11-18T23:59:59Z')).toBe('ROSTER_EXPIRED')
  expect(at('2026-11-19T00:00:00Z')).toBe('ROSTER_UNLOGGED')
  expect(at('2026-12-21T23:59:59Z')).toBe('ROSTER_UNLOGGED')
  expect(at('2026-12-22T00:00:00Z')).toBe('ROSTER_EXPIRED')
  expect(verdict(good, proof, { nowSeconds: Number.NaN })).toBe('ROSTER_EXPIRED')
})

it('refuses a roster that no trusted log shows', async () => {
  const other = formatRosterText(rosterOf({ exp: '2026-12-19' }))
  expect(verdict(good, null)).toBe('ROSTER_UNLOGGED')
  expect(verdict(good, '')).toBe('ROSTER_UNLOGGED')
  expect(verdict(good, await proofOf(other, 1)), 'of another roster').toBe('ROSTER_UNLOGGED')
  expect(verdict(good, await proofOf(text, 2)), 'of another version').toBe('ROSTER_UNLOGGED')
  expect(verdict(good, await proofOf(text, 1, { type: 'policy.changed' })), 'of another type').toBe(
    'ROSTER_UNLOGGED',
  )
  expect(verdict(good, await proofOf(text, 1, { cosigners: 1 })), 'too few witnesses').toBe('ROSTER_UNLOGGED')
})

it('refuses a log that enough witnesses have not seen for seven days, though one says it is fresh', async () => {
  const week = 7 * 86_400
  expect(verdict(good, await proofOf(text, 1, { time: NOW - week }))).toBeNull()
  expect(verdict(good, await proofOf(text, 1, { time: NOW - week - 1 }))).toBe('ROSTER_UNLOGGED')
  expect(verdict(good, await proofOf(text, 1, { time: NOW - week - 1, times: { 0: NOW } }))).toBe(
    'ROSTER_UNLOGGED',
  )
  expect(verdict(good, await proofOf(text, 1, { time: NOW + 86_401 }))).toBe('ROSTER_UNLOGGED')
})

it('refuses a policy in which nobody says when', () => {
  const policy = parsePolicy(`log ${formatVkey(logKey.vkey)}\nquorum none\n`, { allowNoWitness: true })
  const alone = { ...trust, policy }
  expect(codeOf(() => verifyRoster(good, proof, { trust: alone, nowSeconds: NOW }))).toBe('ROSTER_UNLOGGED')
})

it('decides by the first failure: signatures, form, organisation, version, dates, log', async () => {
  const other = { org: 'other.example', v: 1, exp: '2026-11-20' }
  const late = { nowSeconds: NOW + 1e8, minVersion: 9 }
  expect(verdict(signedText(formatRosterText(rosterOf(other))), null, late)).toBe('ROSTER_INVALID')
  expect(verdict(good, null, late)).toBe('ROSTER_ROLLBACK')
  expect(verdict(good, null, { nowSeconds: NOW + 1e8 })).toBe('ROSTER_EXPIRED')
  expect(verdict(good, null)).toBe('ROSTER_UNLOGGED')
})

it('refuses a roster with any single byte changed', () => {
  const bytes = new TextEncoder().encode(good)
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const forged = bytes.slice()
      forged[at] = (forged[at] ?? 0) ^ change
      expect(verdict(forged)).toBe('ROSTER_INVALID')
    }),
    { numRuns: 150 },
  )
})

it('refuses a roster cut short or extended at any place', () => {
  fc.assert(
    fc.property(fc.nat({ max: good.length - 1 }), fc.string({ minLength: 1, maxLength: 5 }), (at, added) => {
      expect(verdict(good.slice(0, at))).toBe('ROSTER_INVALID')
      expect(verdict(good.slice(0, at) + added + good.slice(at))).toBe('ROSTER_INVALID')
    }),
    { numRuns: 100 },
  )
})

it('refuses a proof with any single byte changed', () => {
  const bytes = new TextEncoder().encode(proof)
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const forged = bytes.slice()
      forged[at] = (forged[at] ?? 0) ^ change
      const verified = codeOf(() => verifyRoster(good, forged, { trust, nowSeconds: NOW }))
      expect(verified).toBe('ROSTER_UNLOGGED')
    }),
    { numRuns: 150 },
  )
})

it('follows a chain of rosters of the past and refuses one with a gap, a fork or a wrong order', () => {
  const texts = [text]
  for (const v of [2, 3, 4])
    texts.push(formatRosterText(rosterOf({ v, prev: rosterDigest(texts.at(-1) ?? '') })))
  const notes = texts.map((each) => signedText(each))
  const [one = '', two = '', three = ''] = notes
  expect(verifyRosterChain(notes, trust.root).map(({ v }) => v)).toEqual([1, 2, 3, 4])
  const forked = signedText(formatRosterText(rosterOf({ v: 3, prev: digest })))
  for (const wrong of [
    [one, three],
    [two, one],
    [one, two, two],
    [one, two, forked],
  ])
    expect(codeOf(() => verifyRosterChain(wrong, trust.root))).toBe('ROSTER_ROLLBACK')
  expect(codeOf(() => verifyRosterChain([one, signedText(texts[1] ?? '', [1])], trust.root))).toBe(
    'ROSTER_INVALID',
  )
})

const entries = rosterOf().entries
const [first = people.worker.entry, second = people.worker.entry] = entries
const retired = {
  id: idOf('gone'),
  role: 'caseworker',
  sign: trust.root.keys[0] ?? '',
  from: '2026-01-01',
  to: '2026-06-30',
  reason: 'left',
} as const
const contradictions: [string, Partial<Roster>][] = [
  ['a first version with one before it', { prev: digest }],
  ['a later version without one before it', { v: 2 }],
  ['32 days', { exp: '2026-12-22' }],
  ['an end before the beginning', { exp: '2026-11-19' }],
  ['no people', { entries: [] }],
  ['65 people', { entries: Array.from({ length: 65 }, () => first) }],
  ['an id twice', { entries: [first, { ...second, id: first.id }] }],
  ['a signing key twice', { entries: [first, { ...second, sign: first.sign }] }],
  ['a recipient twice', { entries: [first, { ...second, age: first.age }] }],
  ['an address twice', { entries: [first, { ...second, addr: first.addr }] }],
  ['the address of recovery twice', { entries: [{ ...first, addr: rosterOf().recovery.addr }] }],
  ['a key in use that was given up', { retired: [{ ...retired, sign: first.sign }] }],
  ['a compromised key without a last day', { retired: [{ ...retired, reason: 'compromised' }] }],
  ['a given-up key that ends before it begins', { retired: [{ ...retired, to: '2025-12-31' }] }],
  ['an entry that ends before it begins', { entries: [{ ...first, until: '2025-12-31' }] }],
  ['a signing key of small order', { entries: [{ ...first, sign: `01${'00'.repeat(31)}` }] }],
  [
    'a recipient without post-quantum protection',
    { entries: [{ ...first, age: 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqs3290gq' }] },
  ],
  [
    'a recipient with a typing mistake',
    { entries: [{ ...first, age: first.age.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q')) }] },
  ],
  ['a label that turns the direction of writing', { entries: [{ ...first, label: 'Intake\u202e' }] }],
  ['a label in another normalisation form', { entries: [{ ...first, label: 'e\u0301quipe' }] }],
  [
    'a partner by plain http',
    {
      partners: [{ org: 'p.example', name: 'P', rootKeys: trust.root.keys, intakeUrl: 'http://p.example/' }],
    },
  ],
  [
    'a partner with two root keys',
    {
      partners: [
        { org: 'p.example', name: 'P', rootKeys: trust.root.keys.slice(1), intakeUrl: 'https://p.example/' },
      ],
    },
  ],
]

for (const [what, changes] of contradictions) {
  it(`refuses ${what}`, () => {
    expect(codeOf(() => formatRosterText(rosterOf(changes)))).toBe('ROSTER_INVALID')
    expect(codeOf(() => parseRosterText(`${ROSTER_TYPE}\n${canonicalJson(rosterOf(changes))}\n`))).toBe(
      'ROSTER_INVALID',
    )
  })
}

it('refuses a list that no signed note can hold', () => {
  const many = Array.from({ length: 512 }, (_, i) => ({
    ...retired,
    id: idOf(`gone ${i}`),
    sign: bytesToHex(signingKeyOf(seedOf(`gone ${i}`)).publicKey),
    reason: 'compromised' as const,
    notAfter: '2026-05-01',
  }))
  const crowd = Array.from({ length: 64 }, (_, i) => ({
    ...first,
    id: idOf(`crowd ${i}`),
    label: 'x'.repeat(80),
  }))
  expect(() => formatRosterText(rosterOf({ retired: many, entries: crowd }))).toThrow(/too long/)
})

it('accepts what those contradictions are one step away from', async () => {
  const changes = {
    exp: '2026-12-21',
    entries: [{ ...first, label: 'Intake, women’s officers', until: '2027-01-01' }, second],
    retired: [
      retired,
      {
        ...retired,
        id: idOf('stolen'),
        sign: trust.root.keys[1] ?? '',
        reason: 'compromised',
        notAfter: '2026-05-01',
      },
    ],
    partners: [
      {
        org: 'p.example',
        name: 'Pusat Bantuan',
        rootKeys: trust.root.keys,
        intakeUrl: `http://${'a'.repeat(56)}.onion/`,
      },
    ],
  } as const
  expect(await verdictOf(changes)).toBeNull()
})

it('refuses a field that nobody knows and a missing one', () => {
  const { recovery, ...lacking } = rosterOf()
  expect(recovery.total).toBe(5)
  for (const wrong of [
    lacking,
    { ...rosterOf(), more: 1 },
    { ...rosterOf(), entries: [{ ...first, phone: '+1 202-555-0100' }] },
  ])
    expect(codeOf(() => parseRosterText(`${ROSTER_TYPE}\n${canonicalJson(wrong)}\n`))).toBe('ROSTER_INVALID')
})

it('is a note whose text officers can sign one after the other', () => {
  const [one, two] = officers
  if (one === undefined || two === undefined) throw new Error('two officers are needed')
  expect(addRootSignature(signRootText(text, one), two)).toBe(signNote(text, [one, two]))
})
