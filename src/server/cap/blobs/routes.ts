import type { FastifyInstance } from 'fastify'
import { blobs } from '#contract/blobs.ts'
import { type AuthoriseDependencies, authorise } from '../../case-store/index.ts'
import type { LiveDatabase } from '../../database.ts'
import { route } from '../../route.ts'
import {
  type BlobServiceDependencies,
  beginUpload,
  finishUpload,
  getPart,
  progressOf,
  putPart,
} from './service.ts'

export interface BlobsDependencies extends BlobServiceDependencies, AuthoriseDependencies {
  readonly database: LiveDatabase
}

export function blobsRoutes(app: FastifyInstance, dependencies: BlobsDependencies): void {
  const { database } = dependencies

  route(app, blobs.begin, async (request) => {
    const asking = await authorise(database.kysely, dependencies, blobs.begin.name, request)
    return beginUpload(database.kysely, dependencies, asking, request.payload)
  })

  route(app, blobs.put, async ({ headers, bytes }) =>
    putPart(database.kysely, dependencies, {
      upload: headers['x-saksi-upload'],
      n: Number(headers['x-saksi-part']),
      sha256: Buffer.from(headers['x-saksi-sha256'], 'hex'),
      bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    }),
  )

  route(app, blobs.status, ({ upload }) => progressOf(database.kysely, dependencies, upload))

  route(app, blobs.finish, ({ upload }) => finishUpload(database.kysely, dependencies, upload))

  route(app, blobs.get, async (request) => {
    const asking = await authorise(database.kysely, dependencies, blobs.get.name, request)
    return getPart(database.kysely, dependencies, asking, request.payload)
  })
}
