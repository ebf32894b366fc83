import type { NamedSet } from '#client/index.ts'
import { type CoverageClass, coverageClass } from '#lib/phash/index.ts'
import { bytesToBase64url } from '#lib/seal/index.ts'
import type { CliContext } from '../context.ts'
import { DecodeError, DecodePool, type PictureRecord } from '../decode/index.ts'
import { mapInOrder } from '../in-order.ts'
import { findPictureFiles, type PictureFile, readPictureFile } from '../picture-files.ts'
import { random } from './random.ts'

export type RegisteredSet = 'whole' | 'full' | 'tilt'

/** A picture that was fingerprinted here and is registered nowhere yet. */
export interface MadeSet extends NamedSet {
  readonly file: string
  readonly quality: number
  readonly wholePrints: number
  readonly windows: number
  /** What to expect; null when only whole pictures are compared. */
  readonly coverage: CoverageClass | null
}

export interface UnreadPicture {
  readonly file: string
  readonly error: { readonly code: string; readonly message: string }
}

/**
 * Fingerprints pictures from every pixel, each once however many files show it. Nothing of a picture leaves its worker but its
 * prints. Throws `AppError` INPUT_NOT_FOUND before anything is read; a picture that cannot be read is told and the rest goes on.
 */
export async function makeSets(
  context: CliContext,
  names: readonly string[],
  set: RegisteredSet,
): Promise<{ readonly sets: readonly MadeSet[]; readonly unread: readonly UnreadPicture[] }> {
  const files = await findPictureFiles(names)
  const pool = new DecodePool(context.decodeWorkerUrl, context.workerCount)
  const progress = context.progress('Fingerprinting')
  const sets: MadeSet[] = []
  const unread: UnreadPicture[] = []
  const seen = new Set<string>()
  try {
    for await (const made of mapInOrder(files, pool.capacity, (file) => make(pool, file, set))) {
      context.signal.throwIfAborted()
      if (made === null) continue
      if ('error' in made) unread.push(made)
      else if (!seen.has(made.picture.sha256)) {
        seen.add(made.picture.sha256)
        const [usable] = setOf(made, set)
        if (usable === undefined) unread.push({ file: made.file, error: TOO_PLAIN })
        else sets.push(usable)
      }
      progress.update(sets.length + unread.length, 0, `${sets.length} pictures`)
    }
    return { sets, unread }
  } finally {
    progress.end()
    await pool.close()
  }
}

const TOO_PLAIN = {
  code: 'TOO_PLAIN',
  message:
    'This picture has too few details to be recognised. If there is another picture of the same moment, give that one.',
}

async function make(
  pool: DecodePool,
  file: PictureFile,
  set: RegisteredSet,
): Promise<{ readonly file: string; readonly picture: PictureRecord } | UnreadPicture | null> {
  try {
    const bytes = await readPictureFile(file)
    if (!bytes) return null
    const result = await pool.run({ bytes, mode: 'exact', plan: 'whole', forServer: { register: set } })
    return result.ok
      ? { file: file.path, picture: result.picture }
      : { file: file.path, error: result.failure.error }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { file: file.path, error: { code: error.code, message: error.message } }
  }
}

function setOf(
  { file, picture }: { readonly file: string; readonly picture: PictureRecord },
  kind: RegisteredSet,
): MadeSet[] {
  const { set, prints } = picture
  // A picture without a single usable print cannot be looked for.
  if (set === undefined || set.prints.length === 0) return []
  const quality = prints[0]?.quality ?? 0
  const windows = set.prints.filter(({ place }) => place !== null).length
  return [
    {
      file,
      id: bytesToBase64url(random(16)),
      set,
      quality,
      windows,
      wholePrints: set.prints.length - windows,
      coverage: kind === 'whole' ? null : coverageClass(windows, quality),
    },
  ]
}
