import { sha256 } from '@noble/hashes/sha2.js'
import { expect, it } from 'vitest'
import { base64ToBytes, bytesToHex } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { parseIdentity, x25519IdentityOf } from '../keys/identity.ts'
import published from '../vectors/age-cctv.json' with { type: 'json' }
import { bytesOfStream, collectBytes } from './byte-stream.ts'
import { openBytes, openStream } from './open.ts'

async function fileOf({ file, compressed }: { file: string; compressed?: string }): Promise<Uint8Array> {
  const bytes = base64ToBytes(file) ?? new Uint8Array(0)
  if (compressed === undefined) return bytes
  return collectBytes(
    bytesOfStream(
      new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream('deflate')),
    ),
  )
}

async function identitiesOf(secrets: readonly string[]) {
  if (secrets.length === 0) return [await x25519IdentityOf(new Uint8Array(32).fill(1))]
  return Promise.all(secrets.map(parseIdentity))
}

function* piecesOf(bytes: Uint8Array, pieceBytes: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

async function outcome(open: () => Promise<Uint8Array>): Promise<string> {
  try {
    return bytesToHex(sha256(await open()))
  } catch (error) {
    if (error instanceof SealError) return error.code
    throw error
  }
}

it('opens or refuses every published age file as its makers say, whole and in pieces', async () => {
  expect(published.vectors).toHaveLength(85)
  for (const vector of published.vectors) {
    const file = await fileOf(vector)
    const identities = await identitiesOf(vector.identities)
    const expected =
      vector.expect === 'success'
        ? vector.payloadSha256
        : vector.expect === 'no match'
          ? 'SEAL_NOT_FOR_THIS_KEY'
          : 'SEAL_BROKEN'
    expect(await outcome(() => openBytes(file, identities)), vector.name).toBe(expected)
    for (const pieceBytes of file.length < 10_000 ? [1, 7, 1000] : [100_000]) {
      const whole = () => collectBytes(openStream(piecesOf(file, pieceBytes), identities))
      expect(await outcome(whole), `${vector.name} in pieces of ${pieceBytes}`).toBe(expected)
    }
  }
})
