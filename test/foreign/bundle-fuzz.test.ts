import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { encryptFile, recipientLock } from '#cli/bundle/encrypt.ts'
import { verifyBundleFile } from '#cli/bundle/verify-bundle.ts'
import { buildZip, type ZipPart } from '#cli/source/testing/zip-builder.ts'
import { timeStampQuery, VERIFY_SCRIPT, verifyBag, verifyTimeStamp } from '#lib/bundle/index.ts'
import { MANIFEST_SEED, memoryReader, sealedBag, withLists } from '#lib/bundle/testing.ts'
import { mutated, pseudoRandom } from '#lib/bundle/testing-mutations.ts'
import { AppError } from '#lib/errors/index.ts'
import { temporaryFolder } from '../run-saksi.ts'
import { writeBag } from './bundle-fixtures.ts'
import { makeAuthority, type TestAuthority } from './loopback-tsa.ts'

// `SAKSI_BUNDLE_FUZZ=20000 npx vitest run --project program test/foreign/bundle-fuzz.test.ts` is the slow run.
const count = Number(process.env['SAKSI_BUNDLE_FUZZ'] ?? 0) || 150
const OPTIONS = { fingerprint: null, allowsNoWitness: true }
const folder = temporaryFolder()
const at = (name: string) => join(folder.path, name)
let files: Map<string, Uint8Array>
let parts: ZipPart[]
let authority: TestAuthority

beforeAll(async () => {
  files = (await sealedBag({ hasItems: true })).files
  parts = [...files].map(([path, content]) => ({ name: `TEST-1/${path}`, content }))
  for (const name of ['tsa', 'temporary']) mkdirSync(at(name))
  process.env['TMPDIR'] = at('temporary')
  authority = makeAuthority(at('tsa'))
})
afterAll(folder.remove)

/** `ok`, `failed checks`, or the code it was refused with; anything but a coded refusal is thrown. */
async function outcomeOf(path: string, identities: string[] = []): Promise<string> {
  try {
    return (await verifyBundleFile(path, OPTIONS, { identities, passphrase: null })).ok
      ? 'ok'
      : 'failed checks'
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

/** What is decrypted lies there for as long as it is looked at. The folder is this test's own. */
const leftBehind = () => readdirSync(tmpdir())

it('refuses archives changed anywhere, or finds their content unchanged, and leaves nothing anywhere', async () => {
  const random = pseudoRandom(1)
  const isDeflated = (i: number) => i % 2 === 0
  const wholes = [buildZip(parts), buildZip(parts.map((part, i) => ({ ...part, isDeflated: isDeflated(i) })))]
  const before = { here: readdirSync(folder.path).sort(), left: leftBehind() }
  const outcomes = new Map<string, number>()
  for (let i = 0; i < count; i++) {
    const whole = wholes[i % 2] ?? Buffer.alloc(0)
    // The directory at the end decides where everything is: most changes go there.
    const start = random(4) === 0 ? 0 : whole.length - 6000
    const changed = Buffer.concat([whole.subarray(0, start), mutated(whole.subarray(start), random)])
    writeFileSync(at('x.zip'), changed)
    const outcome = await outcomeOf(at('x.zip'))
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    // Times, modes and versions of an archive are no part of the bundle. What it holds has its digests all the same.
    if (outcome === 'ok') expect(contentOf(at('x.zip'))).toBe(contentOf(wholeFile()))
  }
  rmSync(at('x.zip'))
  rmSync(at('whole.zip'), { force: true })
  expect(readdirSync(folder.path).sort()).toEqual(before.here)
  expect(leftBehind()).toEqual(before.left)
  expect([...outcomes.keys()].some((code) => code.startsWith('ZIP_'))).toBe(true)
})

function wholeFile(): string {
  writeFileSync(at('whole.zip'), buildZip(parts))
  return at('whole.zip')
}

function contentOf(zip: string): string {
  const text = execFileSync('python3', ['-c', LIST_ZIP, zip], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return createHash('sha256').update(text).digest('hex')
}

const LIST_ZIP = `import sys, zipfile, hashlib
z = zipfile.ZipFile(sys.argv[1])
print(sorted((i.filename, hashlib.sha256(z.read(i)).hexdigest()) for i in z.infolist()))`

it('refuses encrypted bundles changed anywhere and removes what it had decrypted', async () => {
  execFileSync('age-keygen', ['-o', at('identity')], { stdio: 'pipe' })
  const recipient = execFileSync('age-keygen', ['-y', at('identity')], { encoding: 'utf8' }).trim()
  const identity = /AGE-SECRET-KEY-\S+/.exec(readFileSync(at('identity'), 'utf8'))?.[0] ?? ''
  writeFileSync(at('plain.zip'), buildZip(parts))
  await encryptFile(at('plain.zip'), at('whole.age'), await recipientLock([recipient]))
  expect(await outcomeOf(at('whole.age'), [identity])).toBe('ok')
  const whole = readFileSync(at('whole.age'))
  const random = pseudoRandom(2)
  const before = leftBehind()
  for (let i = 0; i < count / 3; i++) {
    // Past the first line, by which it is known for an encrypted file; half of the changes in the header.
    const start = random(2) === 0 ? 22 : whole.length >> 1
    writeFileSync(
      at('x.age'),
      Buffer.concat([whole.subarray(0, start), mutated(whole.subarray(start), random)]),
    )
    expect(await outcomeOf(at('x.age'), [identity]), `change ${i}`).toBe('BUNDLE_ENCRYPTED')
  }
  expect(leftBehind()).toEqual(before)
})

it('reads a time-stamp reply or refuses it with a code, and never another time', async () => {
  const data = randomBytes(100)
  const query = timeStampQuery(createHash('sha256').update(data).digest(), randomBytes(8))
  const reply = authority.reply(query)
  const { roots, chain } = authority
  const { atMs } = await verifyTimeStamp({ data, query, reply, roots, chain })
  const random = pseudoRandom(3)
  const codes = new Set<string>()
  for (let i = 0; i < count; i++) {
    const changed = {
      reply: random(4) > 0 ? mutated(reply, random) : reply,
      query: random(4) === 0 ? mutated(query, random) : query,
      roots: random(8) === 0 ? text(mutated(Buffer.from(roots), random)) : roots,
      chain: random(8) === 0 ? text(mutated(Buffer.from(chain), random)) : chain,
    }
    try {
      expect((await verifyTimeStamp({ data, ...changed })).atMs, `change ${i}`).toBe(atMs)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      codes.add(error.code)
    }
  }
  for (const code of ['TIMESTAMP_MALFORMED', 'TIMESTAMP_SIGNATURE', 'TIMESTAMP_NONCE'])
    expect([...codes]).toContain(code)
})

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

it('refuses what was changed, listed and signed again in the script as well as in the program', async () => {
  writeFileSync(at('VERIFY.sh'), VERIFY_SCRIPT)
  const paths = [...files.keys()].filter((path) => !/^(seal|tagmanifest|manifest)/.test(path))
  const random = pseudoRandom(4)
  const disagreed: string[] = []
  for (let i = 0; i < Math.max(8, count / 15); i++) {
    const path = paths[random(paths.length)] ?? ''
    const changed = new Map(files)
    changed.set(path, mutated(files.get(path) ?? new Uint8Array(), random))
    const signed = withLists(changed, MANIFEST_SEED)
    const bag = at('bag')
    rmSync(bag, { recursive: true, force: true })
    writeBag(bag, signed)
    const before = everythingIn(bag)
    const { status } = spawnSync('sh', ['../VERIFY.sh'], { cwd: bag, encoding: 'utf8' })
    const { ok } = await verifyBag(memoryReader(signed), { fingerprint: null, allowsNoWitness: false })
    if (status !== 1 || ok) disagreed.push(`${path}: script ${status}, program ${ok}`)
    expect(everythingIn(bag)).toEqual(before)
  }
  expect(disagreed).toEqual([])
  rmSync(at('bag'), { recursive: true })
})

function everythingIn(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => `${path} ${statSync(join(root, path)).size}`)
    .sort()
}

it('refuses bombs, links and names that lead out of the archive, however they are packed', async () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024)
  const bomb = { name: 'TEST-1/data/bomb', content: zeros, isDeflated: true }
  const hostile: [string, ZipPart[]][] = [
    ['BUNDLE_HOSTILE', [...parts, bomb]],
    // A file that says it is small and unpacks to 64 MiB.
    ['failed checks', [...parts, { ...bomb, name: 'TEST-1/data/liar', sizeBytes: 100 }]],
    [
      'BUNDLE_HOSTILE',
      [...parts, { name: 'TEST-1/data/link', content: '../../../../etc/passwd', mode: 0o120777 }],
    ],
    ['BUNDLE_HOSTILE', [...parts, { name: 'TEST-1/data/device', content: '', mode: 0o020666 }]],
    ['BUNDLE_HOSTILE', [...parts, { name: '../TEST-1/x', content: 'x' }]],
    ['BUNDLE_HOSTILE', [...parts, { name: 'TEST-1\\..\\x', content: 'x' }]],
    ['BUNDLE_HOSTILE', [...parts, { name: 'C:/x', content: 'x' }]],
    ['BUNDLE_HOSTILE', [...parts, { name: 'TEST-1/data/\u0000x', content: 'x' }]],
  ]
  for (const [expected, one] of hostile) {
    writeFileSync(at('x.zip'), buildZip(one))
    expect(await outcomeOf(at('x.zip')), String(one.at(-1)?.name)).toBe(expected)
  }
  writeFileSync(at('x.zip'), buildZip(parts, { entryCount: 60_000 }))
  expect(await outcomeOf(at('x.zip'))).toMatch(/^ZIP_/)
})
