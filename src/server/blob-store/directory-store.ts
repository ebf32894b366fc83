import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from '#node/is-missing.ts'
import { ServerError } from '../errors.ts'
import { assertKey, type BlobStore, digestOf, isKey, keyOf } from './port.ts'

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
    const key = keyOf(blobId, sha256)
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
      return createHash('sha256').update(bytes).digest('hex') === digestOf(key) ? bytes : null
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
        if (isKey(name)) yield name
        else await rm(path, { force: true })
      }
    }
  }

  #path(key: string): string {
    assertKey(key)
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
