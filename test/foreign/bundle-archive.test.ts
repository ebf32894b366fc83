import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyBundleFile } from '#cli/bundle/verify-bundle.ts'
import { buildZip, type ZipPart } from '#cli/source/testing/zip-builder.ts'
import { sealedBag } from '#lib/bundle/testing.ts'
import { AppError } from '#lib/errors/index.ts'
import { writeZipFile } from './bundle-fixtures.ts'

const OPTIONS = { fingerprint: null, allowsNoWitness: false }
const folder = mkdtempSync(join(tmpdir(), 'saksi-bundle-test-'))
const at = (name: string) => join(folder, name)
let files: Map<string, Uint8Array>
let parts: ZipPart[]

beforeAll(async () => {
  files = (await sealedBag()).files
  parts = [...files].map(([path, content]) => ({ name: `TEST-1/${path}`, content }))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function outcomeOf(archive: Uint8Array): Promise<string> {
  writeFileSync(at('x.zip'), archive)
  try {
    return (await verifyBundleFile(at('x.zip'), OPTIONS)).ok ? 'ok' : 'failed checks'
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

it('accepts the archive of a whole bag, packed by whom it may', async () => {
  expect(await outcomeOf(buildZip(parts))).toBe('ok')
  expect(await outcomeOf(buildZip(parts.map((part) => ({ ...part, isDeflated: true }))))).toBe('ok')
})

it('refuses archives that were made to do harm, before anything is unpacked', async () => {
  const zeros = Buffer.alloc(12 * 1024 * 1024)
  const cases: [string, ZipPart[]][] = [
    ['BUNDLE_HOSTILE', [...parts, { name: 'TEST-1/../../etc/x', content: 'x' }]],
    ['BUNDLE_HOSTILE', [...parts, { name: '/etc/x', content: 'x' }]],
    ['BUNDLE_HOSTILE', [...parts, { name: 'TEST-1/link', content: '/etc/passwd', mode: 0o120777 }]],
    ['BUNDLE_HOSTILE', [...parts, { name: 'TEST-1/data/bomb', content: zeros, isDeflated: true }]],
    ['BUNDLE_HOSTILE', [...parts, { name: 'OTHER/x', content: 'x' }]],
    ['BUNDLE_HOSTILE', [...parts, { name: 'x', content: 'x' }]],
    [
      'BUNDLE_HOSTILE',
      parts.map((part) => ({ ...part, name: String(part.name).replace('TEST-1', 'not a name') })),
    ],
    ['ZIP_INVALID', [...parts, { name: 'TEST-1/bagit.txt', content: 'x' }]],
    ['ZIP_INVALID', [...parts, { name: 'TEST-1/y', content: 'x', isOverlapping: true }]],
    ['ZIP_INVALID', [...parts, { name: 'TEST-1/y', localName: 'TEST-1/z', content: 'x' }]],
    ['ZIP_ENCRYPTED', [...parts, { name: 'TEST-1/y', content: 'x', flags: 1 }]],
    ['failed checks', [...parts, { name: 'TEST-1/data/y', content: 'x' }]],
    ['failed checks', [...parts, { name: 'TEST-1/BAGIT.txt', content: 'x' }]],
    ['failed checks', parts.slice(1)],
    ['failed checks', parts.map((part, i) => (i === 3 ? { ...part, crc32: 1, localCrc32: 1 } : part))],
    ['BUNDLE_HOSTILE', []],
  ]
  for (const [expected, hostile] of cases)
    expect(await outcomeOf(buildZip(hostile)), String(hostile.at(-1)?.name)).toBe(expected)
})

it('refuses what is no archive at all with a code', async () => {
  const whole = buildZip(parts)
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('PK\u0003\u0004'),
    randomBytes(500),
    whole.subarray(0, whole.length / 2),
  ]) {
    expect(['BUNDLE_HOSTILE', 'ZIP_INVALID', 'failed checks']).toContain(await outcomeOf(bytes))
  }
  await expect(verifyBundleFile(at('nowhere'), OPTIONS)).rejects.toMatchObject({ code: 'BUNDLE_UNREADABLE' })
  mkdirSync(at('empty'))
  expect(await verifyBundleFile(at('empty'), OPTIONS)).toMatchObject({ ok: false })
  writeFileSync(at('age'), 'age-encryption.org/v1\nnot really')
  await expect(verifyBundleFile(at('age'), OPTIONS)).rejects.toMatchObject({ code: 'BUNDLE_ENCRYPTED' })
  const keys = { identities: ['AGE-SECRET-KEY-1NONSENSE'], passphrase: null }
  await expect(verifyBundleFile(at('age'), OPTIONS, keys)).rejects.toMatchObject({ code: 'BUNDLE_ENCRYPTED' })
})

it('reads a bag in a folder, and follows no link in it', async () => {
  for (const [path, bytes] of files) {
    const target = join(at('folder/TEST-1'), path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, bytes)
  }
  expect(await verifyBundleFile(at('folder'), OPTIONS)).toMatchObject({ ok: true })
  expect(await verifyBundleFile(at('folder/TEST-1'), OPTIONS)).toMatchObject({ ok: true })
  const path = at('folder/TEST-1/README.txt')
  rmSync(path)
  writeFileSync(at('readme'), files.get('README.txt') ?? '')
  symlinkSync(at('readme'), path)
  const { checks } = await verifyBundleFile(at('folder/TEST-1'), OPTIONS)
  expect(checks.filter(({ ok }) => !ok).map(({ id }) => id)).toContain('files.plain')
})

it('writes archives that other tools read, the same bytes each time', async () => {
  const inputs = [
    { name: 'T/a.txt', parts: () => partsOf('fir', 'st'), sizeBytes: 5, crc32: crc32('first') },
    { name: 'T/b.txt', parts: () => partsOf(), sizeBytes: 0, crc32: 0 },
    { name: 'T/c.txt', bytes: Buffer.from('third') },
  ]
  for (const name of ['one.zip', 'two.zip']) await writeZipFile(at(name), inputs)
  execFileSync('unzip', ['-tqq', at('one.zip')])
  expect(execFileSync('unzip', ['-p', at('one.zip'), 'T/a.txt'], { encoding: 'utf8' })).toBe('first')
  expect(execFileSync('unzip', ['-p', at('one.zip'), 'T/c.txt'], { encoding: 'utf8' })).toBe('third')
  execFileSync('cmp', [at('one.zip'), at('two.zip')])
  for (const [i, wrong] of [
    { sizeBytes: 6, crc32: crc32('first') },
    { sizeBytes: 4, crc32: crc32('first') },
    { sizeBytes: 5, crc32: crc32('other') },
  ].entries())
    await expect(
      writeZipFile(at(`wrong-${i}.zip`), [{ name: 'T/a', parts: () => partsOf('first'), ...wrong }]),
    ).rejects.toThrow('changed')
})

async function* partsOf(...parts: string[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part)
}
