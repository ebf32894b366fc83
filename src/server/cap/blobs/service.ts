import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import { partCount, partLength } from '#contract/sizes.ts'
import type { BlobStore } from '../../blob-store/index.ts'
import { type Asking, assertFits, findCase, lockCase, type QuotaSettings } from '../../case-store/index.ts'
import type { Clock } from '../../clock.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import { addJob } from '../../jobs/index.ts'
import type { Tables } from '../../schema/tables.ts'
import { isoWeekOf } from '../../time.ts'
import type { Tokens } from '../../tokens.ts'
import { isSealedFileSize } from './sealed-size.ts'
import { type BlobRow, findBlob, findChunk, insertBlob, insertChunk, lockBlob, setFinished } from './store.ts'
import { EXPIRE_JOB, expiryOf } from './upkeep.ts'

export interface BlobServiceDependencies {
  readonly clock: Clock
  readonly blobStore: BlobStore
  readonly uploads: Tokens
  readonly quota: QuotaSettings
}

export interface Progress {
  readonly parts: number
  readonly received: string
  readonly isFinished: boolean
}

/**
 * Begins an upload, or takes the same one up again. Throws MAILBOX_NOT_FOUND, CASE_CLOSED, BLOB_SIZE, BLOB_CONFLICT,
 * QUOTA.
 */
export async function beginUpload(
  kysely: Kysely<Tables>,
  { clock, uploads, quota }: BlobServiceDependencies,
  asking: Asking,
  wanted: { readonly id: string; readonly sizeBytes: number },
): Promise<{ upload: string }> {
  const id = Buffer.from(wanted.id, 'base64url')
  const { sizeBytes } = wanted
  if (!isSealedFileSize(sizeBytes)) throw new Refused('BLOB_SIZE')
  await kysely.transaction().execute(async (tx) => {
    const found = await lockCase(tx, asking.mailbox, asking.authPk)
    if (found === null) throw new Refused('MAILBOX_NOT_FOUND')
    if (found.status !== 'open' && found.status !== 'closing') throw new Refused('CASE_CLOSED')
    const former = await findBlob(tx, id)
    if (former !== null) {
      const isSame = former.case_id.equals(found.id) && former.size_class === sizeBytes
      if (!isSame) throw new Refused('BLOB_CONFLICT')
      return
    }
    await assertFits(tx, found, { bytes: sizeBytes, what: 'blob' }, quota)
    const now = clock.now()
    const chunks = partCount(sizeBytes)
    const isNew = await insertBlob(tx, { id, caseId: found.id, chunks, sizeBytes, week: isoWeekOf(now) })
    if (!isNew) throw new Refused('BLOB_CONFLICT')
    await addJob(tx, { kind: EXPIRE_JOB, payload: { blob: id.toString('hex') }, due: expiryOf(now) })
  })
  return { upload: uploads.seal(id) }
}

/**
 * Stores a part and returns when it is durable. Throws BLOB_NOT_FOUND, BLOB_CHUNK_HASH, BLOB_CHUNK_CONFLICT,
 * BLOB_CHUNK_SIZE, BLOB_FINISHED.
 */
export async function putPart(
  kysely: Kysely<Tables>,
  { blobStore, uploads }: BlobServiceDependencies,
  part: { readonly upload: string; readonly n: number; readonly sha256: Buffer; readonly bytes: Buffer },
): Promise<{ stored: true }> {
  const id = blobIdIn(uploads, part.upload)
  const { n, sha256, bytes } = part
  const blob = await findBlob(kysely, id)
  if (blob === null) throw new Refused('BLOB_NOT_FOUND')
  if (n >= blob.chunks || bytes.length !== partLength(blob.size_class, n))
    throw new Refused('BLOB_CHUNK_SIZE')
  if (!createHash('sha256').update(bytes).digest().equals(sha256)) throw new Refused('BLOB_CHUNK_HASH')
  if (await isStored(kysely, blob, n, sha256)) return { stored: true }
  const key = await blobStore.put(id, bytes, sha256)
  const isKept = await kysely.transaction().execute(async (tx) => {
    const now = await lockBlob(tx, id)
    if (now === null) return false
    if (!(await isStored(tx, now, n, sha256))) await insertChunk(tx, { blobId: id, n, sha256, key })
    return true
  })
  if (isKept) return { stored: true }
  // Erased while the part was on its way.
  await blobStore.remove(key)
  throw new Refused('BLOB_NOT_FOUND')
}

/** Which parts are there. Throws BLOB_NOT_FOUND. */
export async function progressOf(
  db: Db,
  { uploads }: BlobServiceDependencies,
  upload: string,
): Promise<Progress> {
  const blob = await findBlob(db, blobIdIn(uploads, upload))
  if (blob === null) throw new Refused('BLOB_NOT_FOUND')
  return progress(blob)
}

/** Ends an upload whose parts are all there; once more is no error. Throws BLOB_NOT_FOUND, BLOB_INCOMPLETE. */
export async function finishUpload(
  kysely: Kysely<Tables>,
  { uploads }: BlobServiceDependencies,
  upload: string,
): Promise<Progress> {
  return kysely.transaction().execute(async (tx) => {
    const blob = await lockBlob(tx, blobIdIn(uploads, upload))
    if (blob === null) throw new Refused('BLOB_NOT_FOUND')
    if (countBits(blob.received) < blob.chunks) throw new Refused('BLOB_INCOMPLETE')
    await setFinished(tx, blob.id)
    return { ...progress(blob), isFinished: true }
  })
}

/** A part of a finished file of her case. Throws MAILBOX_NOT_FOUND, BLOB_NOT_FOUND. */
export async function getPart(
  db: Db,
  { blobStore }: BlobServiceDependencies,
  asking: Asking,
  wanted: { readonly id: string; readonly part: number },
): Promise<Uint8Array> {
  const found = await findCase(db, asking.mailbox, asking.authPk)
  if (found === null) throw new Refused('MAILBOX_NOT_FOUND')
  const blob = await findBlob(db, Buffer.from(wanted.id, 'base64url'))
  // A file of another case answers as one that is not there.
  if (blob === null || blob.state !== 'finished' || !blob.case_id.equals(found.id)) {
    throw new Refused('BLOB_NOT_FOUND')
  }
  const chunk = await findChunk(db, blob.id, wanted.part)
  if (chunk === null) throw new Refused('BLOB_NOT_FOUND')
  const bytes = await blobStore.get(chunk.storage_key)
  // The disk has lost or altered what it was given: a fault, and never a part of other content.
  if (bytes === null) throw new Error('A stored part is missing or altered.')
  return bytes
}

/** True when this very part is stored. Throws BLOB_CHUNK_CONFLICT for another one, BLOB_FINISHED for a new one after the end. */
async function isStored(db: Db, blob: BlobRow, n: number, sha256: Buffer): Promise<boolean> {
  const former = await findChunk(db, blob.id, n)
  if (former !== null && !former.sha256.equals(sha256)) throw new Refused('BLOB_CHUNK_CONFLICT')
  if (former === null && blob.state === 'finished') throw new Refused('BLOB_FINISHED')
  return former !== null
}

function blobIdIn(uploads: Tokens, upload: string): Buffer {
  const id = uploads.open(upload)
  if (id === null) throw new Refused('BLOB_NOT_FOUND')
  return id
}

function progress(blob: BlobRow): Progress {
  return {
    parts: blob.chunks,
    received: blob.received.toString('hex'),
    isFinished: blob.state === 'finished',
  }
}

function countBits(bytes: Buffer): number {
  let count = 0
  for (const byte of bytes) for (let rest = byte; rest !== 0; rest &= rest - 1) count++
  return count
}
