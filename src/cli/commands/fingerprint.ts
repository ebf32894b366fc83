import type { Command } from 'commander'
import { AppError } from '#lib/errors/index.ts'
import { coverageClass } from '#lib/phash/index.ts'
import { countRows, windowsFrom } from '../bank-file/index.ts'
import type { CliContext } from '../context.ts'
import {
  DecodeError,
  DecodePool,
  type MadeWindows,
  type PictureResult,
  type PrintPlan,
  type WindowSet,
} from '../decode/index.ts'
import { EXIT } from '../exit-codes.ts'
import { mapInOrder } from '../in-order.ts'
import { findPictureFiles, type PictureFile, readPictureFile } from '../picture-files.ts'
import { safeText } from '../terminal/safe-text.ts'

interface Options {
  fast?: boolean
  variants?: string | true
  set?: string
  json?: boolean
}

/** What to make of each picture. */
interface Plan {
  prints: PrintPlan
  windowSet: WindowSet | null
  isFast: boolean
  showsRows: boolean
}

const EXAMPLES = `
Examples:
  $ saksi fingerprint picture.jpg
  $ saksi fingerprint holiday/ --fast > prints.jsonl
  $ saksi fingerprint picture.jpg --variants        the eight orientations a bank registers
  $ saksi fingerprint picture.jpg --set P33         rows for matchers that compare whole pictures only
  $ saksi fingerprint picture.jpg --set full        how many parts a bank would register, and what to expect

One JSON object per line: file, sha256, md5, pdq, quality, usable, type, width, height.
A file that cannot be read gives { file, error: { code, message } }; the rest goes on and the exit code is 1.
Pictures are read, never copied, changed or shown. A fingerprint of an intimate picture is sensitive: keep it like one.

The parts of --set full and tilt are counted, not printed. Together with their places they describe a picture about as
well as a very small version of it would. --json prints them; keep that output like the picture itself, and never put it
into a list for others.`

export function addFingerprintCommand(program: Command, context: CliContext): void {
  program
    .command('fingerprint')
    .summary('fingerprint pictures (PDQ, SHA-256, MD5)')
    .description(
      'Computes the PDQ fingerprint, SHA-256 and MD5 of picture files and of all pictures in folders.',
    )
    .argument('<file|folder...>', 'JPEG, PNG, WebP, GIF, AVIF or TIFF files, or folders of them')
    .option('--fast', 'reduce large JPEG and WebP pictures while reading: much faster, a few bits different')
    .option('--variants [set]', 'add the prints of a registration set: basic, standard or wide')
    .option('--set <set>', 'what a bank or a partner would register: whole, full, tilt, P8, P33 or P64')
    .option('--json', 'with --set full or tilt: print the parts too (they describe the picture)')
    .addHelpText('after', EXAMPLES)
    .action((names: string[], options: Options) => runFingerprint(context, names, options))
}

async function runFingerprint(context: CliContext, names: string[], options: Options): Promise<void> {
  const plan = planFor(options)
  const files = await findPictureFiles(names)
  const pool = new DecodePool(context.decodeWorkerUrl, context.workerCount)
  const progress = context.progress('Fingerprinting')
  const counts = { pictures: 0, failed: 0, other: 0 }
  try {
    const lines = mapInOrder(files, pool.capacity, async (file) => fingerprintFile(pool, file, plan))
    for await (const line of lines) {
      context.signal.throwIfAborted()
      if (line === null) counts.other++
      else {
        counts['error' in line ? 'failed' : 'pictures']++
        await context.out(JSON.stringify(line))
      }
      progress.update(counts.pictures + counts.failed, 0, `${counts.pictures} pictures`)
    }
  } finally {
    progress.end()
    await pool.close()
  }
  const skipped = counts.other > 0 ? `, ${counts.other} other files left out` : ''
  const failed = counts.failed > 0 ? `, ${counts.failed} could not be read` : ''
  context.note(`${counts.pictures} pictures fingerprinted${failed}${skipped}.`)
  if (counts.failed > 0) context.setExitCode(EXIT.partial)
}

function planFor(options: Options): Plan {
  const { variants, set, fast = false, json = false } = options
  if (variants !== undefined && set !== undefined)
    throw new AppError('USAGE', 'Use either --set or --variants.')
  const plan = set === undefined ? planOfVariants(variants) : planOfSet(set)
  if (fast && (plan.prints !== 'whole' || plan.windowSet !== null)) {
    throw new AppError(
      'USAGE',
      'Registration sets are always made from every pixel: leave --fast out with --variants and --set.',
    )
  }
  return { ...plan, isFast: fast, showsRows: json }
}

function planOfVariants(variants: string | true | undefined): Pick<Plan, 'prints' | 'windowSet'> {
  if (variants === undefined) return { prints: 'whole', windowSet: null }
  if (variants === true || variants === 'basic') return { prints: 'register', windowSet: null }
  if (variants === 'standard' || variants === 'wide') return { prints: variants, windowSet: null }
  throw new AppError('USAGE', `--variants takes basic, standard or wide, not "${safeText(variants)}".`)
}

function planOfSet(set: string): Pick<Plan, 'prints' | 'windowSet'> {
  if (set === 'whole') return { prints: 'whole', windowSet: null }
  if (set === 'full' || set === 'tilt') return { prints: 'whole', windowSet: set }
  if (set === 'P8' || set === 'P33' || set === 'P64') return { prints: set, windowSet: null }
  throw new AppError('USAGE', `--set takes whole, full, tilt, P8, P33 or P64, not "${safeText(set)}".`)
}

type Line = { file: string } & (Record<string, unknown> | { error: { code: string; message: string } })

async function fingerprintFile(pool: DecodePool, file: PictureFile, plan: Plan): Promise<Line | null> {
  try {
    const bytes = await readPictureFile(file)
    if (!bytes) return null
    const { prints, windowSet, isFast, showsRows } = plan
    const job = { bytes, plan: prints, mode: isFast ? ('fast' as const) : ('exact' as const) }
    return toLine(file.path, await pool.run({ ...job, ...(windowSet && { windowSet }) }), showsRows)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { file: file.path, error: { code: error.code, message: error.message } }
  }
}

function toLine(file: string, result: PictureResult, showsRows: boolean): Line {
  if (!result.ok)
    return { file, error: result.failure.error, sha256: result.failure.sha256, md5: result.failure.md5 }
  const { sha256, md5, type, width, height, prints, windows } = result.picture
  const [whole, ...others] = prints
  return {
    file,
    sha256,
    md5,
    pdq: whole?.pdq,
    quality: whole?.quality,
    usable: whole?.usable,
    ...(whole?.reason && { reason: whole.reason }),
    type,
    width,
    height,
    ...(others.length > 0 && {
      variants: prints.map(({ name, pdq, quality }) => ({ id: name, pdq, quality })),
    }),
    ...(windows && { windows: windowFacts(windows, whole?.quality ?? 0, showsRows) }),
  }
}

function windowFacts({ set, rows, shorterSide, region }: MadeWindows, quality: number, showsRows: boolean) {
  const kept = windowsFrom(set, shorterSide, rows)
  const count = countRows(kept)
  return {
    set,
    count,
    coverage: coverageClass(count, quality),
    ...(region && { region }),
    ...(showsRows && { shorterSide, rows: kept.rows }),
  }
}
