import * as z from 'zod/mini'
import { hex, id16 } from './forms.ts'
import { MAILBOX_ERRORS, signedBy } from './mailbox.ts'
import { operation } from './operation.ts'
import { MAX_BLOB_BYTES, PART_BYTES } from './sizes.ts'

const part = z.int().check(z.gte(0), z.lte(MAX_BLOB_BYTES / PART_BYTES))
const upload = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))

const UPLOAD_ERRORS = {
  /** There is no such upload: never was, has expired after 72 hours, or was erased. */
  BLOB_NOT_FOUND: 404,
} as const

const progress = z.object({
  parts: z.int(),
  /** One bit a part, the lowest bit of the first byte being part 0, as lower-case hexadecimal digits. */
  received: z.string(),
  isFinished: z.boolean(),
})

/** Sealed files, in parts, so that a line that drops costs one part at most. The server knows no names and no types. */
export const blobs = {
  begin: operation({
    name: 'blobs.begin',
    summary:
      'Begins the upload of a sealed file to a case, or takes it up again: the same id and size give the same upload.',
    method: 'POST',
    path: '/api/blobs/begin',
    request: {
      kind: 'json',
      schema: signedBy(z.object({ id: id16, sizeBytes: z.int().check(z.gte(1), z.lte(MAX_BLOB_BYTES)) })),
      maxBytes: 2_048,
    },
    reply: { kind: 'json', schema: z.object({ upload }) },
    errors: {
      ...MAILBOX_ERRORS,
      CASE_CLOSED: 409,
      /** Not the length of a sealed and padded file. */
      BLOB_SIZE: 422,
      /** This id is in use for another file. */
      BLOB_CONFLICT: 409,
      /** More than the case may hold now. */
      QUOTA: 409,
    },
    malformed: 'REQUEST_INVALID',
  }),
  put: operation({
    name: 'blobs.put',
    summary: 'Stores one part. Answers once it is durable. The same part again is accepted.',
    method: 'PUT',
    path: '/api/blobs/put',
    request: {
      kind: 'bytes',
      headers: z.object({
        'x-saksi-upload': upload,
        'x-saksi-part': z.string().check(z.regex(/^(0|[1-9][0-9]{0,3})$/)),
        'x-saksi-sha256': hex(32),
      }),
      maxBytes: PART_BYTES,
    },
    reply: { kind: 'json', schema: z.object({ stored: z.literal(true) }) },
    errors: {
      ...UPLOAD_ERRORS,
      /** The bytes do not have the digest that was stated: send them again. */
      BLOB_CHUNK_HASH: 422,
      /** Another part is stored under this number. */
      BLOB_CHUNK_CONFLICT: 409,
      /** No part of this upload has this number or this length. */
      BLOB_CHUNK_SIZE: 422,
      /** The upload is finished. */
      BLOB_FINISHED: 409,
    },
    malformed: 'REQUEST_INVALID',
  }),
  status: operation({
    name: 'blobs.status',
    summary: 'Which parts are stored.',
    method: 'POST',
    path: '/api/blobs/status',
    request: { kind: 'json', schema: z.object({ upload }), maxBytes: 256 },
    reply: { kind: 'json', schema: progress },
    errors: UPLOAD_ERRORS,
    malformed: 'REQUEST_INVALID',
  }),
  finish: operation({
    name: 'blobs.finish',
    summary: 'Says that all parts are there. From then on the file is kept as long as its case.',
    method: 'POST',
    path: '/api/blobs/finish',
    request: { kind: 'json', schema: z.object({ upload }), maxBytes: 256 },
    reply: { kind: 'json', schema: progress },
    errors: {
      ...UPLOAD_ERRORS,
      /** Parts are missing: `status` says which. */
      BLOB_INCOMPLETE: 409,
    },
    malformed: 'REQUEST_INVALID',
  }),
  get: operation({
    name: 'blobs.get',
    summary: 'One part of a finished file of the case.',
    method: 'POST',
    path: '/api/blobs/get',
    request: { kind: 'json', schema: signedBy(z.object({ id: id16, part })), maxBytes: 2_048 },
    reply: { kind: 'bytes', maxBytes: PART_BYTES },
    errors: { ...MAILBOX_ERRORS, ...UPLOAD_ERRORS },
    malformed: 'REQUEST_INVALID',
  }),
}
