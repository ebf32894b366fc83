import { constants } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PICTURE_MAGIC_BYTES, pictureTypeOf } from '#lib/chat/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { DecodeError } from './decode/index.ts'

export interface PictureFile {
  path: string
  /** Named on the command line, not found in a folder: then anything but a picture is an error. */
  isNamed: boolean
}

const MAX_FILE_BYTES = 60_000_000

/**
 * The files named, and every file below the folders named, in stable order. Links inside folders are not followed. Throws
 * `AppError` `INPUT_NOT_FOUND` before anything is read when a name does not exist.
 */
export async function findPictureFiles(
  names: readonly string[],
): Promise<AsyncGenerator<PictureFile, void, undefined>> {
  for (const name of names) {
    await lstat(name).catch((cause: unknown) => {
      throw new AppError('INPUT_NOT_FOUND', `There is no file or folder "${name}".`, { cause })
    })
  }
  return walkAll(names)
}

async function* walkAll(names: readonly string[]): AsyncGenerator<PictureFile, void, undefined> {
  for (const name of names) {
    if ((await lstat(name)).isDirectory()) yield* walk(name)
    else yield { path: name, isNamed: true }
  }
}

async function* walk(folder: string): AsyncGenerator<PictureFile, void, undefined> {
  const entries = await readdir(folder, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path)
    else if (entry.isFile()) yield { path, isNamed: false }
  }
}

/**
 * The bytes of a picture file, or null when a file found in a folder is not a picture. Throws `DecodeError`
 * `NOT_A_PICTURE`, `FILE_TOO_LARGE` (over 60 MB) or `FILE_UNREADABLE`; a device or pipe is never opened.
 */
export async function readPictureFile({
  path,
  isNamed,
}: PictureFile): Promise<Uint8Array<ArrayBuffer> | null> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
    throw new DecodeError('FILE_UNREADABLE', 'This file could not be opened.', { cause })
  })
  try {
    const info = await handle.stat()
    if (!info.isFile()) throw new DecodeError('FILE_UNREADABLE', 'This is not an ordinary file.')
    const head = new Uint8Array(PICTURE_MAGIC_BYTES)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    if (pictureTypeOf(head.subarray(0, bytesRead)) === null) {
      if (!isNamed) return null
      throw new DecodeError('NOT_A_PICTURE', 'This file is not a JPEG, PNG, WebP, GIF, AVIF or TIFF picture.')
    }
    if (info.size > MAX_FILE_BYTES) throw new DecodeError('FILE_TOO_LARGE', 'This file is larger than 60 MB.')
    return await readWhole(handle, info.size)
  } finally {
    await handle.close()
  }
}

async function readWhole(
  handle: Awaited<ReturnType<typeof open>>,
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size)
  let filled = 0
  while (filled < size) {
    const { bytesRead } = await handle.read(bytes, filled, size - filled, filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled === size ? bytes : bytes.slice(0, filled)
}
