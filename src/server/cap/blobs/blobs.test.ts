import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PART_BYTES, partCount, partLength } from '#contract/sizes.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { Mailbox, sendParts, sendReport } from '../../../client/index.ts'
import { newId, newSurvivor, sealedFileSize, solve } from '../../testing/reports.ts'
import { openWorld, type World } from '../../testing/world.ts'
import { isSealedFileSize } from './sealed-size.ts'

const HOUR_MS = 60 * 60_000

let world: World
const directory = makeTemporaryFolder()
beforeAll(async () => {
  world = await openWorld({ directory })
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

async function newCase() {
  const { keys, report } = newSurvivor()
  await sendReport(world.client, report, solve)
  return new Mailbox(world.client, keys)
}

function newFile(contentBytes: number) {
  const bytes = randomBytes(sealedFileSize(contentBytes))
  const part = (n: number) => bytes.subarray(n * PART_BYTES, n * PART_BYTES + partLength(bytes.length, n))
  return { id: newId(), bytes, part, parts: partCount(bytes.length) }
}

const put = (upload: string, n: number, bytes: Uint8Array, digestOf: Uint8Array = bytes) =>
  world.client.blobs.put({
    headers: {
      'x-saksi-upload': upload,
      'x-saksi-part': String(n),
      'x-saksi-sha256': createHash('sha256').update(digestOf).digest('hex'),
    },
    bytes,
  })

const refusedWith = (code: string) => expect.objectContaining({ code })
const storedFiles = () =>
  readdirSync(join(directory, 'blobs'), { recursive: true }).filter((name) => /-/.test(String(name)))

it('takes the lengths of sealed and padded files and no others', () => {
  for (const content of [1, 65_536, 65_537, 1_000_001, 5_000_000, 100 << 20]) {
    const expected = sealedFileSize(content)
    expect(isSealedFileSize(expected)).toBe(true)
    expect([expected - 1, expected + 1, content].map(isSealedFileSize)).toEqual([false, false, false])
  }
})

it('stores parts in any order, says which are there, and gives them back', async () => {
  const mailbox = await newCase()
  const file = newFile(3_000_000)
  const upload = await mailbox.beginUpload(file.id, file.bytes.length)
  await put(upload, 2, file.part(2))
  await put(upload, 0, file.part(0))
  expect(await world.client.blobs.status({ upload })).toEqual({ parts: 3, received: '05', isFinished: false })
  await expect(world.client.blobs.finish({ upload })).rejects.toThrow(refusedWith('BLOB_INCOMPLETE'))
  await expect(mailbox.getPart(file.id, 0)).rejects.toThrow(refusedWith('BLOB_NOT_FOUND'))

  // After a dropped line: the same call again takes the upload up, and only what is missing is sent.
  const again = await mailbox.beginUpload(file.id, file.bytes.length)
  const asked: number[] = []
  await sendParts(world.client, again, file.bytes.length, async (n) => {
    asked.push(n)
    return file.part(n)
  })
  expect(asked).toEqual([1])
  const got = []
  for (let n = 0; n < file.parts; n++) got.push(await mailbox.getPart(file.id, n))
  expect(Buffer.concat(got).equals(file.bytes)).toBe(true)
})

it('accepts a part again and refuses another one in its place', async () => {
  const mailbox = await newCase()
  const file = newFile(2_000_000)
  const upload = await mailbox.beginUpload(file.id, file.bytes.length)
  expect(await put(upload, 0, file.part(0))).toEqual({ stored: true })
  expect(await put(upload, 0, file.part(0))).toEqual({ stored: true })
  await expect(put(upload, 0, randomBytes(PART_BYTES))).rejects.toThrow(refusedWith('BLOB_CHUNK_CONFLICT'))
  await expect(put(upload, 1, file.part(1), file.part(0))).rejects.toThrow(refusedWith('BLOB_CHUNK_HASH'))
  await expect(put(upload, 1, file.part(1).subarray(1))).rejects.toThrow(refusedWith('BLOB_CHUNK_SIZE'))
  await expect(put(upload, 2, file.part(1))).rejects.toThrow(refusedWith('BLOB_CHUNK_SIZE'))
  await expect(put(newId() + newId().slice(1), 0, file.part(0))).rejects.toThrow(
    refusedWith('BLOB_NOT_FOUND'),
  )
  await put(upload, 1, file.part(1))
  expect(await world.client.blobs.finish({ upload })).toMatchObject({ isFinished: true })
  expect(await world.client.blobs.finish({ upload })).toMatchObject({ isFinished: true })
  expect(await put(upload, 1, file.part(1))).toEqual({ stored: true })
})

it('refuses sizes that no sealed file has, and more than a case may hold before anybody opened it', async () => {
  const mailbox = await newCase()
  await expect(mailbox.beginUpload(newId(), 1_000_000)).rejects.toThrow(refusedWith('BLOB_SIZE'))
  await mailbox.beginUpload(newId(), sealedFileSize(40_000_000))
  await expect(mailbox.beginUpload(newId(), sealedFileSize(40_000_000))).rejects.toThrow(refusedWith('QUOTA'))
  const { keys } = newSurvivor()
  const stranger = new Mailbox(world.client, keys)
  await expect(stranger.beginUpload(newId(), sealedFileSize(1))).rejects.toThrow(
    refusedWith('MAILBOX_NOT_FOUND'),
  )
})

it('gives a file to its own case only', async () => {
  const [mailbox, other] = [await newCase(), await newCase()]
  const file = newFile(1)
  const upload = await mailbox.beginUpload(file.id, file.bytes.length)
  await sendParts(world.client, upload, file.bytes.length, async (n) => file.part(n))
  await expect(other.getPart(file.id, 0)).rejects.toThrow(refusedWith('BLOB_NOT_FOUND'))
  await expect(other.beginUpload(file.id, file.bytes.length)).rejects.toThrow(refusedWith('BLOB_CONFLICT'))
})

it('gives up an upload that is not finished after 72 hours, and keeps a finished one', async () => {
  const mailbox = await newCase()
  const [open, finished] = [newFile(2_000_000), newFile(1)]
  const upload = await mailbox.beginUpload(open.id, open.bytes.length)
  await put(upload, 0, open.part(0))
  const other = await mailbox.beginUpload(finished.id, finished.bytes.length)
  await sendParts(world.client, other, finished.bytes.length, async (n) => finished.part(n))
  world.clock.advanceMs(71 * HOUR_MS)
  await world.runJobs()
  expect(await world.client.blobs.status({ upload })).toMatchObject({ received: '01' })
  world.clock.advanceMs(7 * HOUR_MS)
  const before = storedFiles().length
  await world.runJobs()
  await expect(world.client.blobs.status({ upload })).rejects.toThrow(refusedWith('BLOB_NOT_FOUND'))
  expect(storedFiles().length).toBeLessThan(before)
  expect((await mailbox.getPart(finished.id, 0)).length).toBe(finished.bytes.length)
})

it('removes the bytes of an erased case, and those that a killed server left behind', async () => {
  const mailbox = await newCase()
  const file = newFile(1)
  const upload = await mailbox.beginUpload(file.id, file.bytes.length)
  await sendParts(world.client, upload, file.bytes.length, async (n) => file.part(n))
  const hash = createHash('sha256').update(file.bytes).digest('hex')
  const isThere = () => storedFiles().some((name) => String(name).includes(hash))
  expect(isThere()).toBe(true)
  await mailbox.withdraw({ mode: 'erase', commitment: '00'.repeat(32), erased: [] })
  await world.runJobs()
  expect(isThere()).toBe(false)
  await expect(put(upload, 0, file.bytes)).rejects.toThrow(refusedWith('BLOB_NOT_FOUND'))

  const orphan = join(directory, 'blobs', hash.slice(0, 2), `${hash}-${'0'.repeat(32)}`)
  writeFileSync(orphan, file.bytes)
  const long = new Date(Date.now() - 2 * HOUR_MS)
  await utimes(orphan, long, long)
  world.clock.advanceMs(25 * HOUR_MS)
  await world.runJobs()
  expect(isThere()).toBe(false)
})

it('never hands out a part that the disk has altered', async () => {
  const mailbox = await newCase()
  const file = newFile(1)
  const upload = await mailbox.beginUpload(file.id, file.bytes.length)
  await sendParts(world.client, upload, file.bytes.length, async (n) => file.part(n))
  const hash = createHash('sha256').update(file.bytes).digest('hex')
  const name = storedFiles().find((one) => String(one).includes(hash)) ?? expect.fail('not stored')
  file.bytes[100] = (file.bytes[100] ?? 0) ^ 1
  writeFileSync(join(directory, 'blobs', String(name)), file.bytes)
  await expect(mailbox.getPart(file.id, 0)).rejects.toThrow(refusedWith('INTERNAL'))
})
