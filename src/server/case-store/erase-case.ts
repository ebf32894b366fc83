import type { BlobStore } from '../blob-store/index.ts'
import type { Db } from '../database.ts'
import { addJob, type JobKind } from '../jobs/index.ts'

export const UNLINK_JOB = 'blobs.unlink'

/**
 * Erases everything of a case in the caller's transaction: wraps first of all, which makes the rest unreadable, then
 * items, files and the mailbox. The bytes of files go with a job that is part of the same commit. Its commitments stay,
 * without the case: receipts were given for them. Erasing again changes nothing.
 */
export async function eraseCase(tx: Db, caseId: Buffer, now: Date): Promise<void> {
  await tx.deleteFrom('wraps').where('case_id', '=', caseId).execute()
  await tx.deleteFrom('items').where('case_id', '=', caseId).execute()
  const blobs = await tx.selectFrom('blobs').select('id').where('case_id', '=', caseId).forUpdate().execute()
  for (const { id } of blobs) await eraseBlob(tx, id, now)
  await tx.deleteFrom('cases').where('id', '=', caseId).execute()
}

/** Erases a file in the caller's transaction, its bytes with a job of the same commit. */
export async function eraseBlob(tx: Db, blobId: Buffer, now: Date): Promise<void> {
  const parts = await tx
    .deleteFrom('blob_chunks')
    .where('blob_id', '=', blobId)
    .returning('storage_key')
    .execute()
  await tx.deleteFrom('blobs').where('id', '=', blobId).execute()
  if (parts.length === 0) return
  await addJob(tx, { kind: UNLINK_JOB, payload: { keys: parts.map((part) => part.storage_key) }, due: now })
}

/** Removes the bytes of erased files. */
export function unlinkJob(store: BlobStore): JobKind {
  return {
    handle: async (_tx, payload) => {
      const keys = Array.isArray(payload['keys']) ? payload['keys'] : []
      for (const key of keys) await store.remove(String(key))
    },
  }
}
