import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isMissing } from '../is-missing.ts'
import { LogStoreError, writeFailed } from './errors.ts'

export const OWNER_ONLY = 0o600
export const FOR_ALL = 0o644
const PIECE_BYTES = 256 * 1024

/**
 * Puts a file in place of the one that is there, if any: after a kill or a power cut there is the old one or the new
 * one, whole. Returns when the new one is on the disk. Throws `LOG_WRITE_FAILED`.
 */
export function replaceFile(path: string, bytes: Uint8Array | string, mode: number): Promise<void> {
  return replaceFileByParts(path, [bytes], mode)
}

/** The same for what is too large to be in one piece. */
export async function replaceFileByParts(
  path: string,
  parts: Iterable<Uint8Array | string>,
  mode: number,
): Promise<void> {
  await putInPlace(path, parts, mode)
  await syncFolder(dirname(path))
}

/** Makes the names in a folder survive a power cut. Throws `LOG_WRITE_FAILED`. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  } catch (error) {
    throw writeFailed(error)
  }
}

/** The bytes of a file, or null when there is none. */
export async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (isMissing(error) || isFolder(error)) return null
    throw new LogStoreError('LOG_UNREADABLE', `${path} cannot be read.`, { cause: error })
  }
}

/** Names in a folder; none when it is not there, as in a backup that leaves out empty ones. Throws `LOG_UNREADABLE`. */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (isMissing(error)) return []
    throw new LogStoreError('LOG_UNREADABLE', `${path} cannot be read.`, { cause: error })
  }
}

/** The bytes of a file from its beginning, in pieces; none when it is not there. Throws `LOG_UNREADABLE`. */
export async function* readPieces(path: string): AsyncGenerator<Uint8Array, void> {
  let file: FileHandle | null = null
  try {
    file = await open(path, 'r')
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } catch (error) {
    if (isMissing(error)) return
    throw new LogStoreError('LOG_UNREADABLE', `${path} cannot be read.`, { cause: error })
  } finally {
    await file?.close()
  }
}

/**
 * Files that are written once and never changed, such as tiles. Their names are made durable together, by `sync`: until
 * then a power cut may lose them, and nobody may rely on them.
 */
export class ImmutableFiles {
  readonly #root: string
  readonly #folders = new Set<string>()

  /** `root` is there already, and every file lies below it. */
  constructor(root: string) {
    this.#root = root
  }

  /** Writes a file; one with these bytes is left as it is. Throws `LOG_TILE_CONFLICT` when it is there with others. */
  async add(path: string, bytes: Uint8Array): Promise<void> {
    await makeFolder(dirname(path))
    // All the way up: a writer that was killed may have made a folder and not come to syncing its name.
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      this.#folders.add(folder)
      if (folder === this.#root || folder === dirname(folder)) break
    }
    const former = await readIfThere(path)
    if (former !== null) {
      if (Buffer.compare(former, bytes) === 0) return
      throw new LogStoreError(
        'LOG_TILE_CONFLICT',
        `${path} is there already with other contents, which a log never has. Nothing was signed. Keep the folder as it is, and run: saksi log fsck`,
      )
    }
    await putInPlace(path, [bytes], FOR_ALL)
  }

  /** Returns when everything added is on the disk under its name. */
  async sync(): Promise<void> {
    for (const folder of this.#folders) await syncFolder(folder)
    this.#folders.clear()
  }
}

/** Makes a folder, and those above it. Throws `LOG_WRITE_FAILED`. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (error) {
    throw writeFailed(error)
  }
}

/** Writes under another name first; what a killed writer left there was never acknowledged, so it may be removed. */
async function putInPlace(path: string, parts: Iterable<Uint8Array | string>, mode: number): Promise<void> {
  const aside = `${path}.new`
  try {
    await rm(aside, { force: true })
    const file = await open(aside, 'wx', mode)
    try {
      // Each goes on where the last one ended.
      for (const part of parts) await file.writeFile(part)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(aside, path)
  } catch (error) {
    throw writeFailed(error)
  }
}

/** A tile's path can be the folder of further tiles: then the tile itself is not there. */
function isFolder(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EISDIR'
}
