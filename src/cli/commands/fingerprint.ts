import type { Command } from 'commander'
import { AppError } from '#lib/errors/index.ts'
import type { CliContext } from '../context.ts'
import { DecodeError, DecodePool, type PictureResult, type PrintPlan } from '../decode/index.ts'
import { EXIT } from '../exit-codes.ts'
import { mapInOrder } from '../in-order.ts'
import { findPictureFiles, type PictureFile, readPictureFile } from '../picture-files.ts'

interface Options {
  fast?: boolean
  variants?: string | true
}

const EXAMPLES = `
Examples:
  $ saksi fingerprint picture.jpg
  $ saksi fingerprint holiday/ --fast > prints.jsonl
  $ saksi fingerprint picture.jpg --variants        the eight orientations a bank registers

One JSON object per line: file, sha256, md5, pdq, quality, usable, type, width, height.
A file that cannot be read gives { file, error: { code, message } }; the rest goes on and the exit code is 1.
Pictures are read, never copied, changed or shown. A fingerprint of an intimate picture is sensitive: keep it like one.`

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
    .addHelpText('after', EXAMPLES)
    .action((names: string[], options: Options) => runFingerprint(context, names, options))
}

async function runFingerprint(context: CliContext, names: string[], options: Options): Promise<void> {
  const plan = planFor(options)
  if (plan !== 'whole' && options.fast) {
    throw new AppError(
      'USAGE',
      'Registration sets are always made from every pixel: use --variants without --fast.',
    )
  }
  const files = await findPictureFiles(names)
  const pool = new DecodePool(context.decodeWorkerUrl, context.workerCount)
  const progress = context.progress('Fingerprinting')
  const counts = { pictures: 0, failed: 0, other: 0 }
  try {
    const lines = mapInOrder(files, pool.capacity, async (file) =>
      fingerprintFile(pool, file, plan, options.fast === true),
    )
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

function planFor({ variants }: Options): PrintPlan {
  if (variants === undefined) return 'whole'
  if (variants === true || variants === 'basic') return 'register'
  if (variants === 'standard' || variants === 'wide') return variants
  throw new AppError('USAGE', `--variants takes basic, standard or wide, not "${variants}".`)
}

type Line = { file: string } & (Record<string, unknown> | { error: { code: string; message: string } })

async function fingerprintFile(
  pool: DecodePool,
  file: PictureFile,
  plan: PrintPlan,
  isFast: boolean,
): Promise<Line | null> {
  try {
    const bytes = await readPictureFile(file)
    if (!bytes) return null
    return toLine(file.path, await pool.run({ bytes, plan, mode: isFast ? 'fast' : 'exact' }))
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { file: file.path, error: { code: error.code, message: error.message } }
  }
}

function toLine(file: string, result: PictureResult): Line {
  if (!result.ok)
    return { file, error: result.failure.error, sha256: result.failure.sha256, md5: result.failure.md5 }
  const { sha256, md5, type, width, height, prints } = result.picture
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
  }
}
