import type { BlobStore } from '../../blob-store/index.ts'
import { blobIdOf } from '../../blob-store/index.ts'
import { eraseBlob } from '../../case-store/index.ts'
import type { JobKind } from '../../jobs/index.ts'
import { findBlob } from './store.ts'

export const EXPIRE_JOB = 'blobs.expire'
export const SWEEP_JOB = 'blobs.sweep'

const UNFINISHED_MS = 72 * 60 * 60_000
/** Rounded up to this, the date of the job does not tell when the upload began. */
const ROUND_MS = 6 * 60 * 60_000
/** A part that young may belong to an upload that is just being entered. */
const YOUNG_MS = 60 * 60_000
const DAY_MS = 24 * 60 * 60_000

/** When an upload that begins now is given up. */
export function expiryOf(now: Date): Date {
  return new Date(Math.ceil((now.getTime() + UNFINISHED_MS) / ROUND_MS) * ROUND_MS)
}

/** Erases an upload that was not finished in time. */
export const expireJob: JobKind = {
  handle: async (tx, payload, now) => {
    const blob = await findBlob(tx, Buffer.from(String(payload['blob']), 'hex'))
    if (blob?.state === 'open') await eraseBlob(tx, blob.id, now)
  },
}

/** Once a day, removes bytes that no table knows: a server that was killed had written them and not entered them. */
export function sweepJob(store: BlobStore): JobKind {
  return {
    recurring: { everyMs: DAY_MS },
    handle: async (tx) => {
      for await (const key of store.list(YOUNG_MS)) {
        const known = await tx
          .selectFrom('blob_chunks')
          .select('n')
          .where('blob_id', '=', blobIdOf(key))
          .where('storage_key', '=', key)
          .executeTakeFirst()
        if (known === undefined) await store.remove(key)
      }
    },
  }
}
