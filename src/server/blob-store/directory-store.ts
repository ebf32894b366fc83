import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from '#node/is-missing.ts'
import { ServerError } from '../errors.ts'

/** Where parts of sealed files are kept. A key names the digest of what lies under it and the one blob it belongs to. */
export interface BlobStore {
  /** Returns when the bytes are durable under their key. */
  put(blobId: Buffer, bytes: Buffer, sha256: Buffer): Promise<string>
  /** The bytes, or null when there are none, or others than were put there. */
  get(key: string): Promise<Buffer | null>
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>
  /** All keys that are older than `ageMs`. */
  list(ageMs: number): AsyncIterable<string>
}

const KEY = /^([0-9a-f]{64})-[0-9a-f]{32}$/

/** The blob that a key belongs to. */
export function blobIdOf(key: string): Buffer {
  return Buffer.from(key.slice(65), 'hex')
}

/** Parts in a directory: `<first two digits>/<SHA-256 of the part>-<blob>`. Written, synced, then named. */
export class DirectoryStore implements BlobStore {
  readonly #root: string

  /** Makes the folder, of mode 0700, when it is missing. */
  static async open(root: string): Promise<DirectoryStore> {
    try {
      await mkdir(root, { recursive: true, mode: 0o700 })
      return new DirectoryStore(root)
    } catch (cause) {
      throw new ServerError('SERVER_DATA', 'The folder for sealed files cannot be made.', { cause })
    }
  }

  private constructor(root: string) {
    this.#root = root
  }

  async put(blobId: Buffer, bytes: Buffer, sha256: Buffer): Promise<string> {
    const key = `${sha256.toString('hex')}-${blobId.toString('hex')}`
    const path = this.#path(key)
    const folder = join(path, '..')
    await mkdir(folder, { mode: 0o700 }).then(() => syncFolder(this.#root), unlessThere)
    const aside = `${path}.${randomBytes(8).toString('hex')}`
    try {
      const file = await open(aside, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(aside, path)
      await syncFolder(folder)
    } catch (error) {
      await rm(aside, { force: true }).catch(() => undefined)
      throw error
    }
    return key
  }

  async get(key: string): Promise<Buffer | null> {
    try {
      const bytes = await readFile(this.#path(key))
      return createHash('sha256').update(bytes).digest('hex') === key.slice(0, 64) ? bytes : null
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true })
  }

  async *list(ageMs: number): AsyncIterable<string> {
    for (const folder of await readdir(this.#root)) {
      for (const name of await readdir(join(this.#root, folder))) {
        // The name of an unfinished write starts with the key it would have had.
        const path = join(this.#root, folder, name)
        const found = await stat(path).catch(() => null)
        if (found === null || Date.now() - found.mtimeMs < ageMs) continue
        if (KEY.test(name)) yield name
        else await rm(path, { force: true })
      }
    }
  }

  #path(key: string): string {
    if (!KEY.test(key))
      throw new ServerError('SERVER_DATA', 'A key of the store for sealed files is not one.')
    return join(this.#root, key.slice(0, 2), key)
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
}
