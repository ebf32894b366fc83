import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../bytes/index.ts'
import { builtRecord, exhibitRecord, withheldRecord } from './build/log-records.ts'
import { planBag } from './build/plan-bag.ts'
import { publicKeyOf } from './build/private-key.ts'
import { sealFiles } from './build/seal.ts'
import { signManifest } from './build/sign-manifest.ts'
import { utf8 } from './format/bytes.ts'
import { formatManifest, MANIFEST_ALGORITHMS } from './format/manifest.ts'
import { PATHS, PAYLOAD, SEAL } from './format/paths.ts'
import type { BundleInput, Exhibit, FileFacts, NeutralMessage } from './model.ts'
import { sealedCapture } from './testing-items.ts'
import { testLog, testSalt } from './testing-log.ts'
import type { BagReader } from './verify/bag-reader.ts'

export const MANIFEST_SEED = sha256(utf8('saksi test key manifest'))

/** Digests of arrays that do not change: the same array is read and listed in hundreds of changed bags. */
const known = new WeakMap<Uint8Array, FileFacts>()

export function factsOf(bytes: Uint8Array): FileFacts {
  const facts = known.get(bytes) ?? countedFacts(bytes)
  known.set(bytes, facts)
  return facts
}

function countedFacts(bytes: Uint8Array): FileFacts {
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
    foundBy: 'the same file as a registered one',
    capturedBy: 'witness W-017',
    capturedAt: null,
    receivedAt: '2026-01-16T08:00:00Z',
    device: 'a laptop, as the witness says',
    rawMessage: utf8('{}'),
    message: null,
    context: null,
    item: null,
    ...change,
  }
}

export function sampleMessage(change: Partial<NeutralMessage> = {}): NeutralMessage {
  return {
    kind: 'message',
    authorName: 'Synthetic Account',
    text: 'synthetic text',
    isMasked: false,
    forwardedFrom: null,
    replyToId: null,
    editedAt: null,
    attachments: [{ kind: 'photo', state: 'present', name: null, sizeBytes: 19, mime: 'image/jpeg' }],
    ...change,
  }
}

/** A small bundle without a log and without time stamps. */
export function sampleInput(change: Partial<BundleInput> = {}): BundleInput {
  return {
    bagName: 'TEST-0001-H1',
    organisation: { name: 'Test Organisation', contact: 'custody@log.example' },
    senderIdentifier: '4b6f0c5e',
    languages: [],
    builtAt: '2026-01-20T09:00:00Z',
    version: '0.0.0',
    publicKey: publicKeyOf(MANIFEST_SEED),
    agency: 'Test Police',
    consent: { reference: 'consent 7', agency: 'Test Police', purpose: 'investigation', expires: null },
    exhibits: [sampleExhibit()],
    collections: [
      {
        id: 'C0001',
        recordId: null,
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

export interface SampleOptions {
  /** `all`, a number, or `none`. */
  quorum?: string
  witnessCount?: number
  hasLog?: boolean
  /** The exhibits are items of a capture that the log holds. */
  hasItems?: boolean
  change?: Partial<BundleInput>
  exhibits?: readonly Exhibit[]
  /** Private key of the manifest. */
  seed?: Uint8Array
}

/** A whole sealed bag as files, with the sample's exhibit in a log that two witnesses have seen. */
export async function sealedBag({
  seed = MANIFEST_SEED,
  ...options
}: SampleOptions = {}): Promise<{ input: BundleInput; files: Map<string, Uint8Array> }> {
  const log = testLog(options.quorum)
  const capture = await captureOf(options, log.origin)
  const { exhibits } = capture
  const context = {
    origin: log.origin,
    at: '2026-01-20T08:00:00Z',
    publicKey: publicKeyOf(seed),
    sealed: capture.collections[0]?.recordId ?? null,
  }
  const withheld = options.change?.withheld
  const unproven = [
    ...capture.records,
    ...(withheld ? [withheldRecord(withheld, testId('withheld'), context)] : []),
    ...exhibits.map((exhibit, i) => exhibitRecord(exhibit, testId(`record ${i}`), context)),
  ]
  const records = unproven.flatMap((record, i) => {
    const salt = testSalt(`exhibit ${i}`)
    return record ? [{ record, salt, index: log.append(record, salt) }] : []
  })
  const proven = await Promise.all(
    records.map(async ({ record, salt, index }) => ({
      record,
      salt,
      proof: await log.proof(index, options.witnessCount),
    })),
  )
  const input = sampleInput({
    exhibits,
    collections: capture.collections,
    ...(options.hasLog === false ? {} : { records: proven, policy: log.policy }),
    publicKey: publicKeyOf(seed),
    ...options.change,
  })
  const plan = await planBag(input, async () => utf8('%PDF-1.3 stands for the report\n'))
  const built = {
    record: builtRecord(
      {
        bundle: testId('bundle'),
        tagManifestSha256: factsOf(plan.tagManifest).sha256,
        files: plan.files.length,
        bytes: 1,
        agency: input.agency,
      },
      testId('built'),
      context,
    ),
    salt: testSalt('built'),
  }
  const proof = await log.proof(log.append(built.record, built.salt), options.witnessCount)
  const seal = sealFiles(plan, {
    seed,
    timeStamps: [],
    built: input.policy === null ? null : { ...built, proof },
  })
  return {
    input,
    files: new Map([...plan.files, ...seal].map(({ path, bytes }) => [path, bytes ?? CIPHERTEXT])),
  }
}

async function captureOf(
  options: SampleOptions,
  origin: string,
): Promise<{
  exhibits: readonly Exhibit[]
  collections: BundleInput['collections']
  records: readonly Uint8Array[]
}> {
  const exhibits = options.exhibits ?? [sampleExhibit()]
  const { collections } = sampleInput()
  const [first] = collections
  if (!options.hasItems || first === undefined) return { exhibits, collections, records: [] }
  const sealed = await sealedCapture(exhibits, first, origin)
  return { exhibits: sealed.exhibits, collections: [sealed.collection], records: [sealed.record] }
}

/** 32 hexadecimal digits. */
export function testId(name: string): string {
  return factsOf(utf8(name)).sha256.slice(0, 32)
}

/** A bag in memory. */
export function memoryReader(files: ReadonlyMap<string, Uint8Array>): BagReader {
  const read = async (path: string) => {
    const bytes = files.get(path)
    if (!bytes) throw new Error('missing')
    return bytes
  }
  return {
    entries: async () => [...files].map(([path, { length }]) => ({ path, kind: 'file', sizeBytes: length })),
    read,
    digest: async (path) => factsOf(await read(path)),
  }
}

/** The same files with manifests and signatures made anew, as somebody with the key could. */
export function withLists(
  files: Map<string, Uint8Array>,
  seed: Uint8Array,
  { keeps = '' }: { keeps?: string } = {},
): Map<string, Uint8Array> {
  const all = new Map(files)
  const list = (path: string, algorithm: 'sha256' | 'sha512', belongs: (one: string) => boolean) => {
    const lines = [...all]
      .filter(([one]) => belongs(one))
      .map(([one, bytes]) => ({ path: one, digest: factsOf(bytes)[algorithm] }))
    if (path !== keeps) all.set(path, utf8(formatManifest(lines)))
  }
  const isSeal = (path: string) => path.startsWith(SEAL)
  for (const algorithm of MANIFEST_ALGORITHMS)
    list(PATHS.manifest[algorithm], algorithm, (path) => path.startsWith(PAYLOAD))
  for (const algorithm of MANIFEST_ALGORITHMS)
    list(
      PATHS.tagManifest[algorithm],
      algorithm,
      (path) => !path.startsWith(PAYLOAD) && !isSeal(path) && !path.startsWith('tagmanifest-'),
    )
  const sign = (path: string, signature: string) =>
    all.set(signature, utf8(signManifest(all.get(path) ?? new Uint8Array(), seed)))
  sign(PATHS.tagManifest.sha256, PATHS.signature)
  list(
    PATHS.sealList,
    'sha256',
    (path) => isSeal(path) && path !== PATHS.sealList && path !== PATHS.sealListSignature,
  )
  sign(PATHS.sealList, PATHS.sealListSignature)
  return all
}
