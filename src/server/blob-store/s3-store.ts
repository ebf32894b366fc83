import { createHash } from 'node:crypto'
import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { PART_BYTES } from '#contract/sizes.ts'
import { Refused, ServerError } from '../errors.ts'
import { assertKey, type BlobStore, digestOf, isKey, keyOf } from './port.ts'

/** Where a bucket is. */
export interface S3Place {
  /** `https://s3.example.org` */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
}

export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** The object that says whose the bucket is. */
const OWNER = 'saksi-owner'
const ATTEMPTS = 3
const CONNECTION_MS = 5_000
const REQUEST_MS = 30_000
const MAX_SOCKETS = 64

/**
 * Parts as objects of a bucket, each under its key, written only where there is none. No part is longer than a part of a file,
 * so each is one request, and none is ever left half written. A store that does not answer refuses with UNAVAILABLE: what was
 * not acknowledged is sent again.
 */
export class S3Store implements BlobStore {
  readonly #client: S3Client
  readonly #bucket: string

  /**
   * Opens a bucket that is there already, and makes it that of `owner` when it is nobody's yet: two servers on one bucket would
   * each sweep away what the other keeps. Throws `ServerError` SERVER_SETTINGS, SERVER_DATA.
   */
  static async open(place: S3Place, credentials: S3Credentials, owner: string): Promise<S3Store> {
    const store = new S3Store(place, credentials)
    try {
      await store.#assertErases()
      await store.#claim(owner)
    } catch (error) {
      store.close()
      throw asSettings(error)
    }
    return store
  }

  private constructor({ endpoint, bucket, region }: S3Place, credentials: S3Credentials) {
    this.#bucket = bucket
    this.#client = new S3Client({
      endpoint,
      region,
      credentials: { ...credentials },
      forcePathStyle: true,
      maxAttempts: ATTEMPTS,
      // Most stores that are not Amazon's refuse the checksums that newer clients send unasked.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: CONNECTION_MS,
        requestTimeout: REQUEST_MS,
        httpAgent: { maxSockets: MAX_SOCKETS },
        httpsAgent: { maxSockets: MAX_SOCKETS },
      },
    })
  }

  async put(blobId: Buffer, bytes: Buffer, sha256: Buffer): Promise<string> {
    const key = keyOf(blobId, sha256)
    assertKey(key)
    const isNew = await answered(() => this.#write(key, bytes, true))
    // What lies there may have been altered; then it is written again.
    if (!isNew && (await this.get(key)) === null) await answered(() => this.#write(key, bytes, false))
    return key
  }

  async get(key: string): Promise<Buffer | null> {
    assertKey(key)
    return answered(async () => {
      const bytes = await this.#read(key, PART_BYTES)
      const isWhole = bytes !== null && createHash('sha256').update(bytes).digest('hex') === digestOf(key)
      return isWhole ? bytes : null
    })
  }

  async remove(key: string): Promise<void> {
    assertKey(key)
    await answered(() => this.#remove(key))
  }

  async *list(ageMs: number): AsyncIterable<string> {
    let from: string | undefined
    do {
      const page = await answered(() =>
        this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket, ContinuationToken: from })),
      )
      for (const { Key: key = '', LastModified: written } of page.Contents ?? []) {
        if (isKey(key) && written !== undefined && Date.now() - written.getTime() >= ageMs) yield key
      }
      from = page.IsTruncated === true ? page.NextContinuationToken : undefined
    } while (from !== undefined)
  }

  /** Gives the bucket back, so that another may have it. For one in which nothing is kept. */
  async disown(): Promise<void> {
    await answered(() => this.#remove(OWNER))
  }

  /** Ends its connections. */
  close(): void {
    this.#client.destroy()
  }

  /** A bucket that keeps former versions keeps what was erased. */
  async #assertErases(): Promise<void> {
    const { Status: status } = await this.#client.send(
      new GetBucketVersioningCommand({ Bucket: this.#bucket }),
    )
    if (status === undefined) return
    throw new ServerError(
      'SERVER_SETTINGS',
      'The bucket for sealed files keeps former versions, so nothing could be erased from it. Make another bucket without versioning.',
    )
  }

  async #claim(owner: string): Promise<void> {
    await this.#write(OWNER, Buffer.from(owner), true)
    const found = await this.#read(OWNER, owner.length)
    if (found?.toString() === owner) return
    throw new ServerError(
      'SERVER_SETTINGS',
      'The bucket for sealed files belongs to another data directory. Nothing was changed. Name an empty bucket.',
    )
  }

  /** False when something lies there and nothing was to be written over. */
  async #write(key: string, bytes: Buffer, isOnlyNew: boolean): Promise<boolean> {
    const condition = isOnlyNew ? { IfNoneMatch: '*' } : {}
    const object = { Bucket: this.#bucket, Key: key, Body: bytes, ContentLength: bytes.length }
    try {
      await this.#client.send(new PutObjectCommand({ ...object, ...condition }))
      return true
    } catch (error) {
      const status = statusOf(error)
      // Another request for the same part was under way, or came first.
      if (isOnlyNew && (status === 412 || status === 409)) return false
      // A store that knows no conditions: what is written over has the same digest in its key.
      if (isOnlyNew && status === 501 && key !== OWNER) return this.#write(key, bytes, false)
      throw error
    }
  }

  async #read(key: string, mostBytes: number): Promise<Buffer | null> {
    try {
      const { Body: body, ContentLength: length } = await this.#client.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: key }),
      )
      if (body === undefined) return null
      if (length === undefined || length > mostBytes) {
        // What was put there is never as long. Its connection is ended, so that nobody reads it.
        if ('destroy' in body) body.destroy()
        return null
      }
      return Buffer.from(await body.transformToByteArray())
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return null
      throw error
    }
  }

  async #remove(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }))
  }
}

/** 0 when nothing answered. */
function statusOf(error: unknown): number {
  return error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0
}

/** A store that is away, busy or refuses us for the moment is no fault of the request. */
async function answered<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof ServerError) throw cause
    throw new Refused('UNAVAILABLE', { cause })
  }
}

function asSettings(cause: unknown): ServerError {
  if (cause instanceof ServerError) return cause
  const status = statusOf(cause)
  if (status === 404)
    return new ServerError('SERVER_SETTINGS', 'There is no such bucket for sealed files. Make it first.', {
      cause,
    })
  if (status >= 400 && status < 500) {
    return new ServerError(
      'SERVER_SETTINGS',
      'The store for sealed files refuses the key of SAKSI_S3_ACCESS_KEY_ID, or does not let it read, write, list and erase in the bucket and read its versioning.',
      { cause },
    )
  }
  return new ServerError('SERVER_DATA', 'The store for sealed files at SAKSI_S3_ENDPOINT does not answer.', {
    cause,
  })
}
