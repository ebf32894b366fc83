import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Lock, recipientLock } from './encrypt.ts'
import { packBag } from './pack-bag.ts'
import { type SealedFile, sealedFileParts, sealFile, sealingLane } from './seal-file.ts'
import { digestBytes } from './tally.ts'

const folder = mkdtempSync(join(tmpdir(), 'saksi-seal-test-'))
const at = (name: string) => join(folder, name)
let lock: Lock

beforeAll(async () => {
  execFileSync('age-keygen', ['-o', at('key')], { stdio: 'pipe' })
  lock = await recipientLock([execFileSync('age-keygen', ['-y', at('key')], { encoding: 'utf8' }).trim()])
})
afterAll(() => rmSync(folder, { recursive: true }))

const LARGE = 4 * 1024 * 1024

async function partsOf(file: SealedFile): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of sealedFileParts(file)) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

it('knows of a file what it is and what its age file will be, whatever its size', async () => {
  const lane = sealingLane()
  for (const size of [LARGE + 1, LARGE, 131_073, 65_536, 1, 0, 20_000]) {
    const plain = randomBytes(size)
    writeFileSync(at('plain'), plain)
    for (const one of [lock, null]) {
      const sealed = await sealFile(at('plain'), one, lane)
      expect([sealed.sha256, sealed.sizeBytes]).toEqual([digestBytes(plain).sha256, size])
      const made = await partsOf(sealed)
      const facts = { sizeBytes: made.length, ...digestBytes(made), crc32: crc32(made) }
      expect(sealed.enclosed, `${size} bytes`).toEqual(facts)
      const opened =
        one === null
          ? made
          : execFileSync('age', ['-d', '-i', at('key')], { input: made, maxBuffer: 2 * LARGE })
      expect(opened.equals(plain), `${size} bytes`).toBe(true)
    }
  }
})

it('seals each file with a key of its own', async () => {
  writeFileSync(at('twice'), 'the same content')
  const [one, two] = [
    await sealFile(at('twice'), lock, sealingLane()),
    await sealFile(at('twice'), lock, sealingLane()),
  ]
  expect(one.sha256).toBe(two.sha256)
  expect(one.enclosed.sha256).not.toBe(two.enclosed.sha256)
  expect(one.seal?.payloadKey.equals(two.seal?.payloadKey ?? Buffer.alloc(0))).toBe(false)
})

it('notices a file that became another one before it was packed', async () => {
  const changes: Record<string, (path: string) => void> = {
    changed: (path) => writeFileSync(path, Buffer.from(readFileSync(path)).fill(1, 5, 6)),
    longer: (path) => appendFileSync(path, 'x'),
    shorter: (path) => writeFileSync(path, 'x'),
    emptied: (path) => writeFileSync(path, ''),
  }
  for (const [name, change] of Object.entries(changes)) {
    for (const one of [lock, null]) {
      const path = at(`${name}-${one === null}.jpg`)
      writeFileSync(path, randomBytes(1000))
      const file = await sealFile(path, one, sealingLane())
      const { crc32: _, ...facts } = file.enclosed
      const packing = {
        bagName: 'T',
        files: [{ path: 'data/x', bytes: null, ...facts }],
        enclosed: new Map([['data/x', file]]),
      }
      await packBag(`${path}.zip`, one, packing)
      change(path)
      await expect(packBag(`${path}.2.zip`, one, packing), name).rejects.toThrow('changed')
    }
  }
})

it('follows no link and takes no folder', async () => {
  writeFileSync(at('real'), 'x')
  symlinkSync(at('real'), at('link'))
  await expect(sealFile(at('link'), lock, sealingLane())).rejects.toMatchObject({ code: 'ELOOP' })
  await expect(sealFile(folder, lock, sealingLane())).rejects.toMatchObject({ code: 'EISDIR' })
})

it('packs the archive and the encrypted archive from the same bytes', async () => {
  const bytes = randomBytes(2_500_000)
  const packing = {
    bagName: 'T',
    files: [{ path: 'data/x', bytes, sizeBytes: bytes.length, ...digestBytes(bytes) }],
    enclosed: new Map<string, SealedFile>(),
  }
  const packed = await packBag(at('both.zip'), lock, packing)
  const sealed = readFileSync(packed.path)
  expect(packed).toEqual({
    path: at('both.zip.age'),
    sha256: digestBytes(sealed).sha256,
    sizeBytes: sealed.length,
  })
  const opened = execFileSync('age', ['-d', '-i', at('key'), packed.path], { maxBuffer: 2 * LARGE })
  expect(opened.equals(readFileSync(at('both.zip')))).toBe(true)
})
