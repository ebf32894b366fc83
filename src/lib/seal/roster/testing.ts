import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../../bytes/index.ts'
import {
  addSignatures,
  commitmentOf,
  cosign,
  formatCheckpoint,
  formatLeaf,
  formatOpening,
  formatProof,
  formatVkey,
  growTree,
  inclusionProof,
  leafHash,
  noteKey,
  parseNote,
  parsePolicy,
  signNote,
  tileHashReader,
  witnessKey,
} from '../../tlog/index.ts'
import { bytesToBase64url } from '../keys/base64url.ts'
import { hybridIdentityOf } from '../keys/identity.ts'
import { signingKeyOf } from '../keys/signing.ts'
import type { Role, Roster, RosterEntry } from './model.ts'
import { orgRoot } from './root.ts'
import { formatRosterText, rosterDigest } from './roster-text.ts'
import { addRootSignature, rootSigningKey, signRootText } from './sign-root-note.ts'
import { type RosterTrust, verifyRoster } from './verify-roster.ts'

export const ORG = 'org.example'
export const TODAY = '2026-11-24'
export const NOW = Date.parse(`${TODAY}T12:00:00Z`) / 1000
/** 32 bytes that stand for randomness. */
export const seedOf = (text: string): Uint8Array => sha256(new TextEncoder().encode(text))
export const idOf = (text: string): string => bytesToBase64url(seedOf(text).subarray(0, 16))

export const officers = [1, 2, 3].map((n) => rootSigningKey(ORG, n, seedOf(`officer ${n}`)))
const rootKeys = officers.map(({ vkey }) => bytesToHex(vkey.publicKey))
export const logKey = noteKey('log.example/custody', seedOf('log'))
export const witnessKeys = [1, 2, 3].map((n) => witnessKey(`witness.example/w${n}`, seedOf(`w${n}`)))
const policy = parsePolicy(
  [
    `log ${formatVkey(logKey.vkey)}`,
    ...witnessKeys.map(({ vkey }, i) => `witness w${i + 1} ${formatVkey(vkey)}`),
    'group two 2 w1 w2 w3',
    'quorum two',
    '',
  ].join('\n'),
)
export const trust: RosterTrust = { root: orgRoot(ORG, rootKeys), minVersion: 1, policy }

/** Somebody on the roster, with her secrets. */
export async function person(name: string, role: Role) {
  const sign = signingKeyOf(seedOf(`${name} signs`))
  const identity = await hybridIdentityOf(seedOf(`${name} opens`))
  const entry: RosterEntry = {
    id: idOf(name),
    role,
    age: identity.recipient,
    sign: bytesToHex(sign.publicKey),
    addr: idOf(`${name} is here`),
    langs: ['ms', 'en'],
    since: '2026-01-01',
  }
  return { id: entry.id, sign, identity, entry }
}

export const people = {
  intake: await person('intake', 'intake'),
  worker: await person('worker', 'caseworker'),
  supervisor: await person('supervisor', 'supervisor'),
  analyst: await person('analyst', 'analyst'),
}
const recovery = await hybridIdentityOf(seedOf('recovery'))

export function rosterOf(changes: Partial<Roster> = {}): Roster {
  return {
    org: ORG,
    v: 1,
    iss: '2026-11-20',
    exp: '2026-12-20',
    entries: Object.values(people).map(({ entry }) => entry),
    recovery: { age: recovery.recipient, addr: idOf('recovery'), threshold: 3, total: 5 },
    partners: [],
    retired: [],
    ...changes,
  }
}

/** The text as a note with the signatures of these officers, by their numbers. */
export function signedText(text: string, [first = 1, ...others]: readonly number[] = [1, 2]): string {
  const keyOf = (n: number) => officers[n - 1] ?? rootSigningKey(ORG, 1, seedOf('nobody'))
  return others.reduce((note, n) => addRootSignature(note, keyOf(n)), signRootText(text, keyOf(first)))
}

/** A `.tlog-proof` file of the public record of a roster, with co-signatures of the first witnesses at `time`. */
export async function proofOf(
  text: string,
  version: number,
  {
    time = NOW - 3600,
    cosigners = 2,
    times = {} as Readonly<Record<number, number>>,
    type = 'roster.changed',
  } = {},
): Promise<string> {
  const body =
    type === 'roster.changed'
      ? { rosterSha256: rosterDigest(text), version }
      : { policySha256: rosterDigest(text) }
  const opening = {
    salt: seedOf('salt'),
    record: {
      v: 1,
      type,
      id: '000102030405060708090a0b0c0d0e0f',
      log: 'log.example/custody',
      at: `${TODAY}T10:00:00Z`,
      by: { role: 'system', key: 'system' },
      body,
    },
  } as const
  const leaves = [0, 1, 2, 3, 4].map((i) =>
    leafHash(formatLeaf(i === 3 ? commitmentOf(opening) : seedOf(`other leaf ${i}`))),
  )
  const { root, tiles } = await growTree(0, leaves, () => new Uint8Array(0))
  const hashes = await inclusionProof(
    3,
    5,
    tileHashReader(5, () => tiles[0]?.bytes ?? new Uint8Array(0)),
  )
  const checkpoint = formatCheckpoint({ origin: 'log.example/custody', size: 5, root })
  const cosignatures = witnessKeys
    .slice(0, cosigners)
    .map((key, i) => cosign(checkpoint, key, times[i] ?? time))
  const note = parseNote(signNote(checkpoint, [logKey]))
  return formatProof({
    extra: formatOpening(opening),
    index: 3,
    hashes,
    note: cosignatures.length === 0 ? note : parseNote(addSignatures(note, cosignatures)),
  })
}

/** A roster that has been verified, as clients hold it. */
export async function verifiedRoster(roster: Roster = rosterOf()) {
  const text = formatRosterText(roster)
  return verifyRoster(signedText(text), await proofOf(text, roster.v), { trust, nowSeconds: NOW })
}

/** The code of the error that comes out, or null; an error without a code is thrown on. */
export function codeOf(act: () => unknown): string | null {
  try {
    act()
    return null
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
    throw error
  }
}
