import { beforeAll, expect, it } from 'vitest'
import { AppError } from '../errors/index.ts'
import { parsePrivateKey } from './build/private-key.ts'
import { utf8 } from './format/bytes.ts'
import { parseItemPath } from './format/item.ts'
import { parseManifest } from './format/manifest.ts'
import { parseAllowedSigners } from './format/ssh-public-key.ts'
import { parseSshSignature } from './format/sshsig.ts'
import {
  MANIFEST_SEED,
  memoryReader,
  sampleExhibit,
  sampleMessage,
  sealedBag,
  testId,
  withLists,
} from './testing.ts'
import { mutated, pseudoRandom } from './testing-mutations.ts'
import { parseCsv } from './verify/parse-csv.ts'
import { verifyBag } from './verify/verify-bag.ts'

// `VITE_BUNDLE_MUTATIONS=100000 npx vitest run --project node src/lib/bundle/fuzz.test.ts` is the slow run.
const environment: { VITE_BUNDLE_MUTATIONS?: string } = Object(Reflect.get(import.meta, 'env'))
const count = Number(environment.VITE_BUNDLE_MUTATIONS ?? 0) || 60

type Files = Map<string, Uint8Array>
let whole: Files

beforeAll(async () => {
  const exhibits = ['a', 'b'].map((name) =>
    sampleExhibit({ recordId: testId(name), message: sampleMessage() }),
  )
  whole = (await sealedBag({ hasItems: true, exhibits, change: { withheld: { count: 1, items: [] } } })).files
})

const verify = (files: Files) => verifyBag(memoryReader(files), { fingerprint: null, allowsNoWitness: true })

it('refuses whatever is made of a bag, also when it is listed and signed again, and never throws', async () => {
  expect((await verify(withLists(new Map(whole), MANIFEST_SEED))).ok).toBe(true)
  const random = pseudoRandom(20_261_124)
  const paths = [...whole.keys()]
  const accepted: string[] = []
  for (let i = 0; i < count; i++) {
    const files = new Map(whole)
    const changes = Array.from({ length: 1 + random(3) }, () => paths[random(paths.length)] ?? '')
    for (const path of changes) files.set(path, mutated(files.get(path) ?? new Uint8Array(), random))
    // Half of them as somebody with the key would hand them over, so that the checks behind the lists are reached.
    const signed = random(2) === 0 ? files : withLists(files, MANIFEST_SEED)
    const isChanged = [...signed].some(
      ([path, bytes]) => bytes !== whole.get(path) && !same(bytes, whole.get(path)),
    )
    const { ok, checks } = await verify(signed)
    expect(checks.length, changes.join(' ')).toBeGreaterThan(20)
    if (ok && isChanged) accepted.push(`${i}: ${changes.join(' ')}`)
  }
  expect(accepted).toEqual([])
})

function same(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i])
}

const READERS: Record<
  string,
  { read: (bytes: Uint8Array) => unknown; from: (files: Files) => Uint8Array | undefined }
> = {
  'an SSH signature': {
    read: parseSshSignature,
    from: (files) => files.get('seal/tagmanifest-sha256.txt.sig'),
  },
  'a manifest': {
    read: (bytes) => parseManifest(bytes, 'sha256'),
    from: (files) => files.get('manifest-sha256.txt'),
  },
  'the path of an item': { read: parseItemPath, from: (files) => files.get('proofs/P0003.item.path') },
  'a list of signers': {
    read: (bytes) => parseAllowedSigners(new TextDecoder().decode(bytes)),
    from: (files) => files.get('trust/allowed_signers'),
  },
  'a table': {
    read: (bytes) => parseCsv(new TextDecoder().decode(bytes)),
    from: (files) => files.get('metadata/exhibits.csv'),
  },
  'a private key': {
    read: parsePrivateKey,
    from: () => utf8('-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r\n'),
  },
}

for (const [name, { read, from }] of Object.entries(READERS)) {
  it(`reads ${name} or refuses it with a code, whatever was done to it`, () => {
    const random = pseudoRandom(name.length)
    const start = from(whole)
    if (start === undefined) throw new Error('no such file')
    for (let i = 0; i < count * 10; i++) {
      let bytes = start
      for (let change = 0; change <= random(3); change++) bytes = mutated(bytes, random)
      try {
        read(bytes)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
      }
    }
  })
}

it('takes tables and descriptions that nest without end for damaged', async () => {
  for (const path of ['data/withheld.json', 'data/exhibits/E0001/exhibit.json', 'metadata/custody.json']) {
    const files = new Map(whole).set(path, utf8('['.repeat(200_000) + ']'.repeat(200_000)))
    expect((await verify(withLists(files, MANIFEST_SEED))).ok, path).toBe(false)
  }
  const long = new Map(whole).set('metadata/exhibits.csv', utf8(`"${'""'.repeat(300_000)}"\n`))
  expect((await verify(withLists(long, MANIFEST_SEED))).ok).toBe(false)
})
