import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readPrivate, writePrivate } from '../data/private-file.ts'
import { DirectoryStore } from './directory-store.ts'
import type { BlobStore } from './port.ts'
import type { S3Credentials, S3Place } from './s3-store.ts'

/** Where sealed files go: into a folder of the data directory, or into a bucket of its own. */
export interface BlobSettings {
  readonly dataDirectory: string
  /** Null for the folder. */
  readonly s3: (S3Place & { readonly credentials: () => S3Credentials }) | null
}

/** A store with what ends its use, and what takes back that it was ever used. */
export interface OpenedBlobStore {
  readonly store: BlobStore
  /** True when nothing is in it. */
  isEmpty(): Promise<boolean>
  /** Removes everything in it. */
  clear(): Promise<void>
  /** Leaves a bucket to whoever is next. */
  disown(): Promise<void>
  close(): void
}

/** Opens the store that the settings name. Throws `ServerError` SERVER_SETTINGS, SERVER_DATA. */
export async function openBlobStore({ dataDirectory, s3 }: BlobSettings): Promise<OpenedBlobStore> {
  if (s3 === null) {
    const store = await DirectoryStore.open(join(dataDirectory, 'blobs'))
    return opened(
      store,
      async () => undefined,
      () => undefined,
    )
  }
  const owner = await ownerIn(dataDirectory)
  // Its packages take a third of a second to load, which nobody without a bucket should wait for.
  const { S3Store } = await import('./s3-store.ts')
  const store = await S3Store.open(s3, s3.credentials(), owner)
  return opened(
    store,
    () => store.disown(),
    () => store.close(),
  )
}

function opened(store: BlobStore, disown: () => Promise<void>, close: () => void): OpenedBlobStore {
  return {
    store,
    isEmpty: async () => {
      for await (const _key of store.list(0)) return false
      return true
    },
    clear: async () => {
      for await (const key of store.list(0)) await store.remove(key)
    },
    disown,
    close,
  }
}

/**
 * What tells this data directory from every other, also from a copy of it that was put back from a backup: no backup has it.
 */
async function ownerIn(dataDirectory: string): Promise<string> {
  const path = join(dataDirectory, 'blob-owner')
  const found = await readPrivate(path)
  if (found !== null) return found.trim()
  const made = randomBytes(16).toString('hex')
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
  await writePrivate(path, `${made}\n`)
  return made
}
