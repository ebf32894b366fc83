import type { FileHandle } from 'node:fs/promises'
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import type { SourceTree } from '#lib/chat/index.ts'
import { ChatError, isHostilePath } from '#lib/chat/index.ts'
import { NARROW_WINDOW_BYTES, ZipWindow } from './zip-window.ts'

/** Past either of these an archive is refused before a byte of it is unpacked. */
export interface ZipLimits {
  entries: number
  totalBytes: number
}

/** What exports of chats stay below, unless a caller says otherwise. */
export const EXPORT_LIMITS: ZipLimits = { entries: 50_000, totalBytes: 20 * 1024 ** 3 }

/** Past `ratio`, one file of an archive is refused. */
export const ZIP_BOMB = {
  /** A part that unpacks to more than `ratio` times its size is a bomb once it is larger than `ratioFromBytes`. */
  ratio: 200,
  ratioFromBytes: 10 * 1024 ** 2,
} as const

const FLAG_ENCRYPTED = 1
const FLAG_SIZES_FOLLOW = 8
const FLAG_UTF8 = 0x800
const STORED = 0
const DEFLATED = 8
const AES_ENCRYPTED = 99
const LOCAL_HEADER_BYTES = 30
const LOCAL_SIGNATURE = 0x04034b50
/** Deflate adds a few bytes per block to what it cannot shrink; more than this is padding. */
const PACKING_SLACK = 64 * 1024
const HOST_UNIX = 3
const HOST_MAC = 19
const FILE_TYPE_MASK = 0o170000
const REGULAR_FILE = 0o100000
const DIRECTORY = 0o040000

/** One file in an archive: where its packed bytes lie and what they must unpack to. */
export interface ZipEntry {
  path: string
  sizeBytes: number
  packedBytes: number
  dataStart: number
  isDeflated: boolean
  crc32: number
}

export interface ZipDirectory {
  entries: Map<string, ZipEntry>
  refused: SourceTree['refused'][number][]
  zip: ZipFile
}

/** True when a file begins as a zip archive does: with a file, or with the end record of an empty archive. */
export function isZipStart(start: Uint8Array): boolean {
  return (
    start[0] === 0x50 &&
    start[1] === 0x4b &&
    ((start[2] === 3 && start[3] === 4) || (start[2] === 5 && start[3] === 6))
  )
}

/**
 * Reads and checks an archive's directory. The central directory and every local header must agree, no two entries may
 * share a name or a byte. Throws `ChatError`: `ZIP_INVALID`, `ZIP_ENCRYPTED`, `ZIP_TOO_LARGE`. Links, bombs (files past
 * the ratio, as `ENTRY_TYPE`) and hostile names are left out and counted in `refused`: members of a chat post files, so
 * none of them may decide over the rest.
 */
export async function readZipDirectory(
  handle: FileHandle,
  archiveBytes: number,
  limits: ZipLimits,
): Promise<ZipDirectory> {
  const window = new ZipWindow(handle)
  try {
    const zip = await fromRandomAccessReaderPromise(window, archiveBytes, {
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: false,
    })
    // Headers lie among the data and the directory at the end: one window for both would be filled anew for each entry.
    return await collect(zip, new ZipWindow(handle, NARROW_WINDOW_BYTES), limits)
  } catch (error) {
    if (error instanceof ChatError) throw error
    if (error instanceof Error && error.message === 'strong encryption is not supported') throw encrypted()
    throw invalid('its directory is damaged', error)
  }
}

async function collect(zip: ZipFile, window: ZipWindow, limits: ZipLimits): Promise<ZipDirectory> {
  if (zip.entryCount > limits.entries) throw tooLarge(`it holds more than ${limits.entries} files`)
  // yauzl's types call the cursor a boolean; before the first entry it is where the central directory begins.
  const dataEnd = Number(zip.readEntryCursor)
  const directory: ZipDirectory = { entries: new Map(), refused: [], zip }
  const names = new Set<string>()
  const ranges: { start: number; end: number }[] = []
  let totalBytes = 0
  for await (const entry of zip.eachEntry()) {
    checkSizes(entry)
    // A refused file is never unpacked, so it takes nothing from the others.
    if (!isBomb(entry)) totalBytes += entry.uncompressedSize
    if (totalBytes > limits.totalBytes)
      throw tooLarge(`it unpacks to more than ${Math.floor(limits.totalBytes / 1024 ** 3)} GB`)
    const dataStart = checkLocalHeader(entry, window)
    ranges.push({ start: entry.relativeOffsetOfLocalHeader, end: dataStart + entry.compressedSize })
    const path = nameOf(entry)
    if (names.has(path)) throw invalid('two of its files have the same name')
    names.add(path)
    addEntry(directory, entry, path, dataStart)
  }
  checkRanges(ranges, dataEnd)
  return directory
}

function addEntry(directory: ZipDirectory, entry: Entry, path: string, dataStart: number): void {
  const type = typeOf(entry)
  if (type === 'other' || isBomb(entry)) {
    directory.refused.push({ path, code: 'ENTRY_TYPE' })
    return
  }
  const isDirectory = type === 'directory' || path.endsWith('/')
  if (isHostilePath(isDirectory && path.endsWith('/') ? path.slice(0, -1) : path)) {
    directory.refused.push({ path, code: 'PATH_HOSTILE' })
    return
  }
  if (isDirectory) return
  directory.entries.set(path, {
    path,
    sizeBytes: entry.uncompressedSize,
    packedBytes: entry.compressedSize,
    dataStart,
    isDeflated: entry.compressionMethod === DEFLATED,
    crc32: entry.crc32,
  })
}

function isBomb(entry: Entry): boolean {
  const isLarge = entry.uncompressedSize > ZIP_BOMB.ratioFromBytes
  return isLarge && entry.uncompressedSize > entry.compressedSize * ZIP_BOMB.ratio
}

function checkSizes(entry: Entry): void {
  if ((entry.generalPurposeBitFlag & FLAG_ENCRYPTED) !== 0 || entry.compressionMethod === AES_ENCRYPTED) {
    throw encrypted()
  }
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw invalid(`it is packed with method ${entry.compressionMethod}, which is not read here`)
  }
  if (entry.compressionMethod === STORED && entry.compressedSize !== entry.uncompressedSize) {
    throw invalid('a file in it has two sizes')
  }
  if (entry.compressedSize > entry.uncompressedSize * 1.125 + PACKING_SLACK) {
    throw invalid('a file in it is far larger packed than unpacked')
  }
}

/** Where the entry's data begin, after its local header was found to say the same as the central directory. */
function checkLocalHeader(entry: Entry, window: ZipWindow): number {
  const start = entry.relativeOffsetOfLocalHeader
  const header = window.copy(start, LOCAL_HEADER_BYTES)
  if (header.readUInt32LE(0) !== LOCAL_SIGNATURE) throw invalid('a file in it does not begin where it should')
  const flags = header.readUInt16LE(6)
  const method = header.readUInt16LE(8)
  const crc = header.readUInt32LE(14)
  const packed = header.readUInt32LE(18)
  const unpacked = header.readUInt32LE(22)
  const nameLength = header.readUInt16LE(26)
  const extraLength = header.readUInt16LE(28)
  if ((flags & FLAG_ENCRYPTED) !== 0) throw encrypted()
  const name = window.copy(start + LOCAL_HEADER_BYTES, nameLength)
  if (!name.equals(entry.fileNameRaw)) throw invalid('a file in it has two names')
  const saysSizes = (flags & FLAG_SIZES_FOLLOW) === 0
  const isSame =
    method === entry.compressionMethod &&
    (!saysSizes ||
      (crc === entry.crc32 &&
        isSameSize(packed, entry.compressedSize) &&
        isSameSize(unpacked, entry.uncompressedSize)))
  if (!isSame) throw invalid('a file in it is described in two ways')
  return start + LOCAL_HEADER_BYTES + nameLength + extraLength
}

/** In ZIP64 the local header says 0xffffffff and holds the size in an extra field, which is not used here. */
function isSameSize(local: number, central: number): boolean {
  return local === central || local === 0xffffffff
}

function checkRanges(ranges: { start: number; end: number }[], dataEnd: number): void {
  ranges.sort((a, b) => a.start - b.start)
  let end = 0
  for (const range of ranges) {
    if (range.start < end) throw invalid('files in it overlap')
    end = range.end
  }
  if (end > dataEnd) throw invalid('a file in it runs into its directory')
}

function nameOf(entry: Entry): string {
  // Some archivers write UTF-8 without saying so; code page 437 is the fallback the format prescribes.
  const flags = isUtf8(entry.fileNameRaw)
    ? entry.generalPurposeBitFlag | FLAG_UTF8
    : entry.generalPurposeBitFlag
  return getFileNameLowLevel(flags, entry.fileNameRaw, entry.extraFields, true)
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function typeOf(entry: Entry): 'file' | 'directory' | 'other' {
  const host = entry.versionMadeBy >> 8
  if (host !== HOST_UNIX && host !== HOST_MAC) return 'file'
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK
  if (type === 0 || type === REGULAR_FILE) return 'file'
  return type === DIRECTORY ? 'directory' : 'other'
}

export function invalid(why: string, cause?: unknown): ChatError {
  return new ChatError(
    'ZIP_INVALID',
    `This zip archive was refused: ${why}. Nothing was kept. Make or fetch the archive again.`,
    { cause },
  )
}

function encrypted(): ChatError {
  return new ChatError(
    'ZIP_ENCRYPTED',
    'This zip archive needs a password. Unpack it first and hand over the folder.',
  )
}

function tooLarge(why: string): ChatError {
  return new ChatError('ZIP_TOO_LARGE', `This zip archive was refused: ${why}. Nothing was unpacked.`)
}
