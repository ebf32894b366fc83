import { type CoverageClass, coverageClass } from '#lib/phash/index.ts'
import { countRows, openBank, type RegisteredPicture, windowsFrom } from './bank-file/index.ts'
import type { CliContext } from './context.ts'
import { DecodeError, DecodePool, type PictureRecord, type WindowSet } from './decode/index.ts'
import { mapInOrder } from './in-order.ts'
import { findPictureFiles, type PictureFile, readPictureFile } from './picture-files.ts'

export interface Registration {
  bankPath: string
  entry: string
  names: readonly string[]
  /** `whole`: no windows. */
  set: 'whole' | WindowSet
}

export type RegistrationLine = RegisteredLine | { file: string; error: { code: string; message: string } }

export interface RegisteredLine {
  file: string
  entry: string
  /** Nothing was written. */
  alreadyThere: boolean
  /** It was there, and has windows now that it had not. */
  extended?: true
  usable: boolean
  quality: number
  prints: number
  set: Registration['set']
  /** Registered parts; 0 when none were asked for. */
  windows: number
  /** How copies will be recognised; null when only whole pictures are compared. */
  coverage: CoverageClass | null
  /** Share of the frame that is picture, where that is not all: parts were taken from it only. */
  pictureShare?: number
}

/** How many pictures. */
export interface RegistrationOutcome {
  added: number
  extended: number
  alreadyThere: number
  failed: number
}

type Decoded =
  | { file: string; picture: PictureRecord }
  | { file: string; error: { code: string; message: string } }

/**
 * Fingerprints pictures from every pixel and appends them to a bank, made when there is none. `onLine` is called for each
 * picture after it is safely on the disk. A picture that cannot be read is told and the rest goes on. Throws `BankError`.
 */
export async function registerPictures(
  context: CliContext,
  { bankPath, entry, names, set }: Registration,
  onLine: (line: RegistrationLine) => void | Promise<void>,
): Promise<RegistrationOutcome> {
  const files = await findPictureFiles(names)
  const bank = await openBank(bankPath, { create: true })
  const pool = new DecodePool(context.decodeWorkerUrl, context.workerCount)
  const outcome = { added: 0, extended: 0, alreadyThere: 0, failed: 0 }
  try {
    for await (const decoded of mapInOrder(files, pool.capacity, (file) => decode(pool, file, set))) {
      context.signal.throwIfAborted()
      if (decoded === null) continue
      if ('error' in decoded) {
        outcome.failed++
        await onLine(decoded)
        continue
      }
      const picture = registered(decoded.picture)
      const { added, extended, alreadyThere } = await bank.appendPictures(entry, [picture])
      outcome.added += added
      outcome.extended += extended
      outcome.alreadyThere += alreadyThere
      const line = lineOf(picture, decoded.picture)
      const state = { alreadyThere: alreadyThere > 0, ...(extended > 0 && { extended: true as const }) }
      await onLine({ file: decoded.file, entry, ...state, set, ...line })
    }
    return outcome
  } finally {
    await bank.close()
    await pool.close()
  }
}

async function decode(
  pool: DecodePool,
  file: PictureFile,
  set: Registration['set'],
): Promise<Decoded | null> {
  try {
    const bytes = await readPictureFile(file)
    if (!bytes) return null
    const result = await pool.run({
      bytes,
      mode: 'exact',
      plan: 'register',
      ...(set !== 'whole' && { windowSet: set }),
    })
    return result.ok
      ? { file: file.path, picture: result.picture }
      : { file: file.path, error: result.failure.error }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { file: file.path, error: { code: error.code, message: error.message } }
  }
}

/** An unusable print would match strangers: only usable ones are kept, and without any the digests stand alone. */
function registered({ sha256, md5, width, height, prints, windows }: PictureRecord): RegisteredPicture {
  const usable = prints.filter((print) => print.usable)
  return {
    sha256,
    md5,
    width,
    height,
    quality: prints[0]?.quality ?? 0,
    usable: usable.length > 0,
    prints: usable.map(({ name, pdq, quality }) => ({ variant: name, pdq, quality })),
    ...(windows && { windows: windowsFrom(windows.set, windows.shorterSide, windows.rows) }),
  }
}

function lineOf(
  { usable, quality, prints, windows }: RegisteredPicture,
  { width, height, windows: made }: PictureRecord,
): Omit<RegisteredLine, 'file' | 'entry' | 'alreadyThere' | 'extended' | 'set'> {
  const rows = countRows(windows)
  const region = made?.region
  return {
    usable,
    quality,
    prints: prints.length,
    windows: rows,
    coverage: windows ? coverageClass(rows, quality) : null,
    ...(region && { pictureShare: (region.width * region.height) / (width * height) }),
  }
}
