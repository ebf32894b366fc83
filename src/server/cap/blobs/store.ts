import { sql } from 'kysely'
import type { Db } from '../../database.ts'

const FMT = 1

export interface BlobRow {
  readonly id: Buffer
  readonly case_id: Buffer
  readonly chunks: number
  readonly received: Buffer
  readonly size_class: number
  readonly state: 'open' | 'finished'
}

export interface ChunkRow {
  readonly sha256: Buffer
  readonly storage_key: string
}

/** False when the id is in use. */
export async function insertBlob(
  tx: Db,
  blob: { id: Buffer; caseId: Buffer; chunks: number; sizeBytes: number; week: string },
): Promise<boolean> {
  const inserted = await tx
    .insertInto('blobs')
    .values({
      id: blob.id,
      case_id: blob.caseId,
      chunks: blob.chunks,
      received: Buffer.alloc(Math.ceil(blob.chunks / 8)),
      size_class: blob.sizeBytes,
      state: 'open',
      created_week: blob.week,
      fmt: FMT,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

export async function findBlob(db: Db, id: Buffer): Promise<BlobRow | null> {
  return (await blobOf(db, id).executeTakeFirst()) ?? null
}

/** The same, kept from being changed by others until the transaction ends. */
export async function lockBlob(tx: Db, id: Buffer): Promise<BlobRow | null> {
  return (await blobOf(tx, id).forUpdate().executeTakeFirst()) ?? null
}

function blobOf(db: Db, id: Buffer) {
  return db
    .selectFrom('blobs')
    .select(['id', 'case_id', 'chunks', 'received', 'size_class', 'state'])
    .where('id', '=', id)
}

export async function findChunk(db: Db, blobId: Buffer, n: number): Promise<ChunkRow | null> {
  const found = await db
    .selectFrom('blob_chunks')
    .select(['sha256', 'storage_key'])
    .where('blob_id', '=', blobId)
    .where('n', '=', n)
    .executeTakeFirst()
  return found ?? null
}

/** Enters a part that is stored, and its bit. */
export async function insertChunk(
  tx: Db,
  chunk: { blobId: Buffer; n: number; sha256: Buffer; key: string },
): Promise<void> {
  await tx
    .insertInto('blob_chunks')
    .values({ blob_id: chunk.blobId, n: chunk.n, sha256: chunk.sha256, storage_key: chunk.key })
    .execute()
  await tx
    .updateTable('blobs')
    .set({ received: sql<Buffer>`set_bit(received, ${chunk.n}, 1)` })
    .where('id', '=', chunk.blobId)
    .execute()
}

export async function setFinished(tx: Db, id: Buffer): Promise<void> {
  await tx.updateTable('blobs').set({ state: 'finished' }).where('id', '=', id).execute()
}
