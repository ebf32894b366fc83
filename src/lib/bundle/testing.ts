import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../bytes/index.ts'
import { publicKeyOf } from './build/private-key.ts'
import { utf8 } from './format/bytes.ts'
import type { BundleInput, Exhibit, FileFacts } from './model.ts'

export const MANIFEST_SEED = sha256(utf8('saksi test key manifest'))

export function factsOf(bytes: Uint8Array): FileFacts {
  return { sizeBytes: bytes.length, sha256: bytesToHex(sha256(bytes)), sha512: bytesToHex(sha512(bytes)) }
}

/** Stands for a picture: nothing in it can be seen. */
export const ORIGINAL = utf8('synthetic original\n')
export const CIPHERTEXT = utf8('synthetic ciphertext\n')

export function sampleExhibit(change: Partial<Exhibit> = {}): Exhibit {
  const { sha256: digest, sizeBytes } = factsOf(ORIGINAL)
  return {
    recordId: '000102030405060708090a0b0c0d0e0f',
    kind: 'image',
    state: 'captured',
    original: { sha256: digest, sizeBytes, mime: 'image/jpeg' },
    enclosed: { name: 'original.age', ...factsOf(CIPHERTEXT) },
    source: {
      collection: 'C0001',
      platform: 'telegram',
      placeId: 'tg:channel:990000000101',
      messageId: '117',
      authorId: 'tg:user:990720370993',
      sentAt: { utc: '2026-01-15T17:59:43Z', local: null, precision: 's' },
      isForwarded: false,
      raw: { file: 'result.json', start: 46311, end: 46668, sha256: factsOf(utf8('{}')).sha256 },
    },
    originalName: 'photo_28@01-07-2025_21-23-21.jpg',
    capturedBy: 'witness W-017',
    capturedAt: null,
    receivedAt: '2026-01-16T08:00:00Z',
    device: 'a laptop, as the witness says',
    rawMessage: utf8('{}'),
    ...change,
  }
}

/** A small bundle without a log and without time stamps. */
export function sampleInput(change: Partial<BundleInput> = {}): BundleInput {
  return {
    bagName: 'TEST-0001-H1',
    organisation: { name: 'Test Organisation', contact: 'custody@log.example' },
    senderIdentifier: '4b6f0c5e',
    builtAt: '2026-01-20T09:00:00Z',
    version: '0.0.0',
    publicKey: publicKeyOf(MANIFEST_SEED),
    agency: 'Test Police',
    consent: { reference: 'consent 7', agency: 'Test Police', purpose: 'investigation', expires: null },
    exhibits: [sampleExhibit()],
    collections: [
      {
        id: 'C0001',
        format: 'telegram-json',
        sourceSha256: factsOf(utf8('the whole export')).sha256,
        sourceBytes: 176_110,
        filesRead: 112,
        readAt: '2026-01-16T08:01:00Z',
        statedZone: null,
        repairCount: 4,
        gapCount: 0,
        repairs: [],
        reportSha256: factsOf(utf8('the report')).sha256,
      },
    ],
    withheld: { count: 0, items: [] },
    records: [],
    policy: null,
    authorities: [],
    ...change,
  }
}
