import { sha256 } from '@noble/hashes/sha2.js'
import { beforeAll, expect, it } from 'vitest'
import { bytesToHex, utf8ToText } from '../bytes/index.ts'
import { publicKeyOf } from './build/private-key.ts'
import { signManifest } from './build/sign-manifest.ts'
import { utf8 } from './format/bytes.ts'
import { formatManifest } from './format/manifest.ts'
import { PATHS } from './format/paths.ts'
import { sshFingerprint } from './format/ssh-public-key.ts'
import { factsOf, MANIFEST_SEED, memoryReader, sealedBag, withLists } from './testing.ts'
import type { VerifyOptions } from './verify/options.ts'
import { verifyBag } from './verify/verify-bag.ts'

type Files = Map<string, Uint8Array>
const OPTIONS: VerifyOptions = { fingerprint: null, allowsNoWitness: false }
let whole: Files

beforeAll(async () => {
  whole = (await sealedBag()).files
})

const verify = (files: Files, options = OPTIONS) => verifyBag(memoryReader(files), options)
const failedIds = async (files: Files, options = OPTIONS) =>
  (await verify(files, options)).checks.filter(({ ok }) => !ok).map(({ id }) => id)

it('accepts a whole bag, and says whose key it is', async () => {
  const verification = await verify(whole)
  expect(verification.checks.filter(({ ok }) => !ok)).toEqual([])
  expect(verification).toMatchObject({ ok: true, isAnchored: false, hasLog: true })
  expect(verification.fingerprint).toBe(sshFingerprint(publicKeyOf(MANIFEST_SEED)))
  expect(verification.witnesses.map(({ name }) => name)).toEqual(['w1', 'w2'])
})

/** Where a reader could be lenient, every end of the file is tried. */
const isProof = (path: string) =>
  path.startsWith('seal/') || path.startsWith('manifest') || path.startsWith('tagmanifest')

const MUTATIONS: Record<string, (files: Files, path: string, bytes: Uint8Array) => unknown> = {
  'a byte in the middle': (files, path, bytes) => files.set(path, flipped(bytes, bytes.length >> 1)),
  'the first byte': (files, path, bytes) => isProof(path) && files.set(path, flipped(bytes, 0)),
  'the last byte': (files, path, bytes) => isProof(path) && files.set(path, flipped(bytes, bytes.length - 1)),
  'a byte less': (files, path, bytes) => isProof(path) && files.set(path, bytes.slice(0, -1)),
  'a byte more': (files, path, bytes) => isProof(path) && files.set(path, Uint8Array.from([...bytes, 10])),
  emptied: (files, path) => isProof(path) && files.set(path, new Uint8Array()),
  deleted: (files, path) => files.delete(path),
  renamed: (files, path, bytes) => {
    files.delete(path)
    files.set(`${path}x`, bytes)
  },
  'there twice': (files, path, bytes) => isProof(path) && files.set(`${path}.copy`, bytes),
  exchanged: (files, path, bytes) => {
    const other = [...files.keys()].find((one) => one !== path && !equal(files.get(one), bytes)) ?? path
    files.set(path, files.get(other) ?? bytes)
    files.set(other, bytes)
  },
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}

function equal(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i])
}

for (const [name, mutate] of Object.entries(MUTATIONS)) {
  it(`refuses a bag with any one file changed: ${name}`, async () => {
    for (const [path, bytes] of whole) {
      const files = new Map(whole)
      if (mutate(files, path, bytes) === false) continue
      expect((await verify(files)).ok, `${name}: ${path}`).toBe(false)
    }
  })
}

it('refuses a stranger anywhere, links and devices, and empty folders', async () => {
  for (const path of [
    'data/x.txt',
    'x.txt',
    'seal/x.tsr',
    'proofs/x.leaf',
    'data/exhibits/E0009/exhibit.json',
  ]) {
    expect((await verify(new Map(whole).set(path, utf8('x')))).ok, path).toBe(false)
  }
  for (const kind of ['other', 'folder'] as const) {
    const reader = memoryReader(whole)
    const entries = [...(await reader.entries()), { path: 'data/x', kind, sizeBytes: 0 }]
    expect((await verifyBag({ ...reader, entries: async () => entries }, OPTIONS)).ok, kind).toBe(false)
  }
})

it('refuses names that reach beyond the folder or mean another file elsewhere', async () => {
  for (const path of [
    '../x',
    'data/../../x',
    'data/CON',
    'data/a b',
    'data/exhibits/e0001/Exhibit.json',
    'data/-x',
  ]) {
    expect(await failedIds(new Map(whole).set(path, utf8('x'))), path).not.toEqual([])
  }
})

/** What somebody with the organisation's own key could do: change files and sign everything again. */
async function resealed(change: (files: Files) => void, seed = MANIFEST_SEED): Promise<Files> {
  const files = new Map(whole)
  change(files)
  return withLists(files, seed)
}

it('holds what was signed again with the same key against the log', async () => {
  const text = (files: Files, path: string) => utf8ToText(files.get(path) ?? new Uint8Array()) ?? ''
  const replaced = await resealed((files) => {
    for (const path of ['data/exhibits/E0001/exhibit.json', PATHS.exhibitsCsv]) {
      const old = factsOf(utf8('synthetic original\n')).sha256
      files.set(path, utf8(text(files, path).replaceAll(old, factsOf(utf8('another picture')).sha256)))
    }
  })
  expect(await failedIds(replaced)).toEqual(['seal.bundle.record', 'exhibit.E0001'])
  const dropped = await resealed((files) => {
    const [head = ''] = text(files, PATHS.custodyCsv).split('\n')
    files.set(PATHS.custodyCsv, utf8(`${head}\n`))
  })
  expect(await failedIds(dropped)).toEqual(['custody.table', 'seal.bundle.record'])
  const unlogged = await resealed((files) => {
    const kept = text(files, PATHS.sealExpected)
      .split('\n')
      .filter((line) => !line.startsWith('seal/bundle'))
    files.set(PATHS.sealExpected, utf8(kept.join('\n')))
    for (const path of [...files.keys()]) if (path.startsWith('seal/bundle')) files.delete(path)
  })
  expect(await verify(unlogged)).toMatchObject({ hasLog: false, witnesses: [] })
})

it('tells a bag signed by somebody else from ours by the fingerprint', async () => {
  const stranger = sha256(utf8('a stranger'))
  const theirs = (await sealedBag({ seed: stranger })).files
  const fingerprint = sshFingerprint(publicKeyOf(MANIFEST_SEED))
  expect(await verify(theirs)).toMatchObject({ ok: true, isAnchored: false })
  expect(await failedIds(theirs, { ...OPTIONS, fingerprint })).toEqual(['signature.fingerprint'])
  expect(await verify(whole, { ...OPTIONS, fingerprint })).toMatchObject({ ok: true, isAnchored: true })
})

it('refuses a signature made for another purpose', async () => {
  const files = new Map(whole)
  const manifest = files.get(PATHS.tagManifest.sha256) ?? new Uint8Array()
  files.set(PATHS.signature, utf8(signManifest(manifest, MANIFEST_SEED, 'file')))
  expect(await failedIds(files)).toContain('signature.tagmanifest-sha256.txt')
})

it('asks for enough witnesses, and for at least one unless told otherwise', async () => {
  const few = (await sealedBag({ witnessCount: 1 })).files
  expect(await failedIds(few)).toEqual([
    'proof.P0001',
    'proof.P0001.index',
    'custody.chains',
    'custody.table',
    'custody.json',
    'seal.bundle',
    'seal.bundle.record',
    'exhibit.E0001',
  ])
  const none = (await sealedBag({ quorum: 'none', witnessCount: 0 })).files
  expect(await failedIds(none)).toContain('log.policy')
  expect(await verify(none, { ...OPTIONS, allowsNoWitness: true })).toMatchObject({ ok: true })
})

it('refuses manifests with lines that tools skip with a mere warning', async () => {
  const manifest = utf8ToText(whole.get(PATHS.manifest.sha256) ?? new Uint8Array()) ?? ''
  for (const bad of [
    `${manifest}\n`,
    `${manifest}# note\n`,
    manifest.replaceAll('\n', '\r\n'),
    manifest.trimEnd(),
    `${manifest}${'0'.repeat(64)}  data/../x\n`,
    manifest.toUpperCase(),
  ]) {
    const files = withLists(new Map(whole).set(PATHS.manifest.sha256, utf8(bad)), MANIFEST_SEED, {
      keeps: PATHS.manifest.sha256,
    })
    expect(await failedIds(files)).toContain('manifest-sha256.txt.form')
  }
})

it('does not take a list of the seal for a list of the bag', async () => {
  const files = new Map(whole)
  files.set(PATHS.tagManifest.sha256, files.get(PATHS.sealList) ?? new Uint8Array())
  files.set(PATHS.signature, files.get(PATHS.sealListSignature) ?? new Uint8Array())
  expect(await failedIds(files)).toContain('tagmanifest-sha256.txt.complete')
})

it('never throws for what is in a bag', async () => {
  for (const files of [
    new Map(),
    new Map([['bagit.txt', utf8('x')]]),
    new Map([...whole].map(([path]) => [path, utf8('{}')])),
  ]) {
    const verification = await verify(files)
    expect(verification.ok).toBe(false)
    expect(verification.checks.length).toBeGreaterThan(20)
  }
})

it('lists every file of the bag by its digest', () => {
  const lines = [...whole]
    .filter(([path]) => path.startsWith('data/'))
    .map(([path, bytes]) => ({ path, digest: bytesToHex(sha256(bytes)) }))
  expect(utf8ToText(whole.get(PATHS.manifest.sha256) ?? new Uint8Array())).toBe(formatManifest(lines))
})
