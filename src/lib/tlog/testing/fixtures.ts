import { sha256 } from '@noble/hashes/sha2.js'
import {
  addSignatures,
  type CustodyRecord,
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
  type Opening,
  parseNote,
  type SigningKey,
  signNote,
  tileHashReader,
  witnessKey,
} from '../index.ts'

export const ORIGIN = 'log.example/custody'
export const TIME = 1768500000

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
/** 32 bytes that stand for randomness. */
export const seedOf = (text: string): Uint8Array => sha256(ascii(text))

export const logKey: SigningKey = noteKey(ORIGIN, seedOf('log'))
export const receiptsKey: SigningKey = noteKey('log.example/receipts', seedOf('receipts'))
export const witnessKeys: readonly SigningKey[] = [1, 2, 3].map((i) =>
  witnessKey(`witness.example/w${i}`, seedOf(`w${i}`)),
)

/** Two of three witnesses. */
export const POLICY = [
  `log ${formatVkey(logKey.vkey)} https://log.example/custody`,
  ...witnessKeys.map(({ vkey }, i) => `witness w${i + 1} ${formatVkey(vkey)}`),
  'group two 2 w1 w2 w3',
  'quorum two',
  '',
].join('\n')

export const RECORD: CustodyRecord = {
  v: 1,
  type: 'report.received',
  id: '000102030405060708090a0b0c0d0e0f',
  log: ORIGIN,
  at: '2026-01-15T10:00:00Z',
  by: { role: 'survivor', key: '3f9a0c1d2e4b5a69' },
  body: { drop: 'cc7117c8810a06af00c3d26d9ba9d860a24bc00ddcce8f0249109fcea7344606', blobs: 2 },
}
export const OPENING: Opening = { salt: seedOf('salt'), record: RECORD }

/** A log of `size` leaves with the opening's leaf at `index`, signed, and co-signed by the first `cosigners` witnesses. */
export async function signedLog({ size = 7, index = 3, cosigners = 3, opening = OPENING } = {}) {
  const leaves = Array.from({ length: size }, (_, i) =>
    leafHash(formatLeaf(i === index ? commitmentOf(opening) : seedOf(`pad ${i}`))),
  )
  const { root, tiles } = await growTree(0, leaves, () => new Uint8Array(0))
  const text = formatCheckpoint({ origin: ORIGIN, size, root })
  const signed = parseNote(signNote(text, [logKey]))
  const cosignatures = witnessKeys.slice(0, cosigners).map((key, i) => cosign(text, key, TIME + i))
  const note = parseNote(addSignatures(signed, cosignatures))
  const readHashes = tileHashReader(
    size,
    ({ level, index: at }) =>
      tiles.find(({ tile }) => tile.level === level && tile.index === at)?.bytes ?? new Uint8Array(0),
  )
  const hashes = await inclusionProof(index, size, readHashes)
  const file = formatProof({ extra: formatOpening(opening), index, hashes, note })
  return { leaves, root, text, note, hashes, file, readHashes }
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
