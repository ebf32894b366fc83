import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { type Radosgw, startRadosgw } from '../testing/radosgw.ts'
import { type BlobStore, blobIdOf, type OpenedBlobStore, openBlobStore } from './index.ts'

const refused = (code: string) => expect.objectContaining({ code })
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest()

let gateway: Radosgw
let admin: S3Client
const folder = makeTemporaryFolder()

beforeAll(async () => {
  gateway = await startRadosgw()
  const { endpoint, credentials } = gateway
  admin = new S3Client({
    endpoint,
    credentials: { ...credentials },
    region: 'us-east-1',
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
}, 120_000)
afterAll(async () => {
  admin.destroy()
  await gateway.stop()
  removeFolder(folder)
})

async function newBucket(): Promise<string> {
  const name = `saksi-${randomBytes(6).toString('hex')}`
  await admin.send(new CreateBucketCommand({ Bucket: name }))
  return name
}

/** A data directory that keeps its files in this bucket. */
function settingsFor(bucket: string, changes: { endpoint?: string; key?: string; name?: string } = {}) {
  const { endpoint, credentials } = gateway
  const dataDirectory = join(folder, changes.name ?? bucket)
  mkdirSync(dataDirectory, { recursive: true })
  const secretAccessKey = changes.key ?? credentials.secretAccessKey
  return {
    dataDirectory,
    s3: {
      endpoint: changes.endpoint ?? endpoint,
      bucket,
      region: 'us-east-1',
      credentials: () => ({ ...credentials, secretAccessKey }),
    },
  }
}

interface Tried extends OpenedBlobStore {
  /** Puts other bytes where a key's are, behind the store's back. */
  alter(key: string, bytes: Buffer): Promise<void>
}

const openTried: Record<string, () => Promise<Tried>> = {
  'in a folder': async () => {
    const dataDirectory = join(folder, randomBytes(6).toString('hex'))
    mkdirSync(dataDirectory)
    const opened = await openBlobStore({ dataDirectory, s3: null })
    const pathOf = (key: string) => join(dataDirectory, 'blobs', key.slice(0, 2), key)
    return { ...opened, alter: async (key, bytes) => writeFileSync(pathOf(key), bytes) }
  },
  'in a bucket of radosgw': async () => {
    const bucket = await newBucket()
    const opened = await openBlobStore(settingsFor(bucket))
    return {
      ...opened,
      alter: async (key, bytes) =>
        void (await admin.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }))),
    }
  },
}

async function keysOf(store: BlobStore, ageMs = 0): Promise<string[]> {
  const keys: string[] = []
  for await (const key of store.list(ageMs)) keys.push(key)
  return keys.sort()
}

describe.each(Object.entries(openTried))('sealed files %s', (_name, open) => {
  let tried: Tried
  beforeAll(async () => {
    tried = await open()
  }, 60_000)
  afterAll(() => tried.close())

  it('are what was put and not removed, whatever else was done', async () => {
    const blobs = [randomBytes(16), randomBytes(16)]
    const contents = [randomBytes(1), randomBytes(70_000), randomBytes(1_048_576), Buffer.alloc(0)]
    const step = fc.record({
      what: fc.constantFrom('put', 'put', 'remove'),
      blob: fc.nat(1),
      content: fc.nat(3),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await tried.clear()
        const model = new Map<string, Buffer>()
        for (const { what, blob, content } of steps) {
          const [id = Buffer.alloc(16), bytes = Buffer.alloc(0)] = [blobs[blob], contents[content]]
          const key = `${sha256(bytes).toString('hex')}-${id.toString('hex')}`
          if (what === 'put') {
            expect(await tried.store.put(id, bytes, sha256(bytes))).toBe(key)
            model.set(key, bytes)
          } else {
            await tried.store.remove(key)
            model.delete(key)
          }
        }
        expect(await keysOf(tried.store)).toEqual([...model.keys()].sort())
        for (const blob of blobs) {
          for (const bytes of contents) {
            const key = `${sha256(bytes).toString('hex')}-${blob.toString('hex')}`
            const found = await tried.store.get(key)
            expect(found?.equals(model.get(key) ?? Buffer.alloc(0)) ?? null).toBe(
              model.has(key) ? true : null,
            )
          }
        }
      }),
      { numRuns: 15 },
    )
  }, 120_000)

  it('are never handed out altered, cut or lengthened, and are put right by putting them again', async () => {
    const bytes = randomBytes(5_000)
    const key = await tried.store.put(randomBytes(16), bytes, sha256(bytes))
    const changed = Buffer.from(bytes)
    changed[7] = (changed[7] ?? 0) ^ 1
    for (const other of [changed, bytes.subarray(1), Buffer.concat([bytes, bytes]), randomBytes(3_000_000)]) {
      await tried.alter(key, other)
      expect(await tried.store.get(key)).toBeNull()
    }
    await tried.store.put(blobIdOf(key), bytes, sha256(bytes))
    expect((await tried.store.get(key))?.equals(bytes)).toBe(true)
  })

  it('can be put by many at once, the same and others', async () => {
    await tried.clear()
    const id = randomBytes(16)
    const contents = Array.from({ length: 8 }, (_, n) => Buffer.alloc(200_000, n))
    await Promise.all(
      [...contents, ...contents, ...contents].map((bytes) => tried.store.put(id, bytes, sha256(bytes))),
    )
    expect(await keysOf(tried.store)).toHaveLength(contents.length)
    expect(await keysOf(tried.store, 60_000)).toEqual([])
  })

  it('have no other names than digest and blob', async () => {
    for (const key of [
      '',
      '../../keys/server.secret',
      `${'a'.repeat(64)}-${'b'.repeat(31)}/`,
      'saksi-owner',
    ]) {
      await expect(tried.store.get(key)).rejects.toEqual(refused('SERVER_DATA'))
      await expect(tried.store.remove(key)).rejects.toEqual(refused('SERVER_DATA'))
    }
  })
})

describe('a bucket', () => {
  it('is listed to its end, beyond one page of a thousand', async () => {
    const { store, close } = await openBlobStore(settingsFor(await newBucket()))
    const id = randomBytes(16)
    const contents = Array.from({ length: 1_100 }, (_, n) => Buffer.from(String(n)))
    for (let at = 0; at < contents.length; at += 50) {
      await Promise.all(contents.slice(at, at + 50).map((bytes) => store.put(id, bytes, sha256(bytes))))
    }
    expect(new Set(await keysOf(store)).size).toBe(1_100)
    close()
  }, 60_000)

  it('is of one data directory, and of no second one before it was given back', async () => {
    const bucket = await newBucket()
    const first = await openBlobStore(settingsFor(bucket, { name: 'first' }))
    await expect(openBlobStore(settingsFor(bucket, { name: 'second' }))).rejects.toEqual(
      refused('SERVER_SETTINGS'),
    )
    const again = await openBlobStore(settingsFor(bucket, { name: 'first' }))
    expect(await again.isEmpty()).toBe(true)
    await first.disown()
    const second = await openBlobStore(settingsFor(bucket, { name: 'second' }))
    for (const opened of [first, again, second]) opened.close()
  })

  it('is refused when it keeps former versions, is not there, or refuses the key', async () => {
    const bucket = await newBucket()
    await admin.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    )
    await expect(openBlobStore(settingsFor(bucket))).rejects.toEqual(refused('SERVER_SETTINGS'))
    await expect(openBlobStore(settingsFor('saksi-not-there'))).rejects.toEqual(refused('SERVER_SETTINGS'))
    const wrong = settingsFor(await newBucket(), { key: 'not the key' })
    await expect(openBlobStore(wrong)).rejects.toEqual(refused('SERVER_SETTINGS'))
  })

  it('that is away is told apart from one that is empty', async () => {
    const bucket = await newBucket()
    await expect(openBlobStore(settingsFor(bucket, { endpoint: 'http://127.0.0.1:1' }))).rejects.toEqual(
      refused('SERVER_DATA'),
    )
    const port = Number(new URL(gateway.endpoint).port)
    const relay = createServer((socket) => {
      const onward = connect(port, '127.0.0.1')
      for (const end of [socket, onward]) end.on('error', () => onward.destroy())
      socket.pipe(onward).pipe(socket)
      open.add(socket)
    })
    const open = new Set<Socket>()
    relay.listen(0, '127.0.0.1')
    await once(relay, 'listening')
    // Listening on a port, it has an address of this form.
    const { port: relayed } = relay.address() as AddressInfo
    const opened = await openBlobStore(settingsFor(bucket, { endpoint: `http://127.0.0.1:${relayed}` }))
    const bytes = randomBytes(100)
    const key = await opened.store.put(randomBytes(16), bytes, sha256(bytes))
    relay.close()
    for (const socket of open) socket.destroy()
    await expect(opened.store.get(key)).rejects.toEqual(refused('UNAVAILABLE'))
    await expect(opened.store.put(blobIdOf(key), bytes, sha256(bytes))).rejects.toEqual(
      refused('UNAVAILABLE'),
    )
    await expect(opened.store.remove(key)).rejects.toEqual(refused('UNAVAILABLE'))
    await expect(keysOf(opened.store)).rejects.toEqual(refused('UNAVAILABLE'))
    opened.close()
  }, 60_000)
})

it('keeps in a data directory nothing of a bucket but whose it is', async () => {
  const settings = settingsFor(await newBucket())
  const opened = await openBlobStore(settings)
  await opened.store.put(randomBytes(16), Buffer.from('x'), sha256(Buffer.from('x')))
  expect(readdirSync(settings.dataDirectory)).toEqual(['blob-owner'])
  opened.close()
})
