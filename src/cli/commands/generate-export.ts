import type { Command } from 'commander'
import { AppError } from '#lib/errors/index.ts'
import type { CliContext } from '../context.ts'
import { generateExport } from '../generate/index.ts'

interface Options {
  messages: string
  pictures: string
  seed: string
  out: string
  json?: boolean
}

const EXAMPLES = `
Example:
  $ saksi generate-export --messages 100000 --pictures 500 --seed 1 --out test-export

Everything in it is drawn or invented: scenes of shapes, harmless words, phone numbers reserved for fiction. The same
seed gives the same bytes. What was planted is written beside the folder, as <out>.truth.json.`

export function addGenerateExportCommand(program: Command, context: CliContext): void {
  program
    .command('generate-export')
    .summary('make a synthetic Telegram export, for tests and training')
    .description('Makes a synthetic Telegram Desktop export for tests, benchmarks and training.')
    .requiredOption('--messages <count>', 'how many messages, up to 1000000')
    .option('--pictures <count>', 'how many of them show a picture', '0')
    .option('--seed <text>', 'what to derive everything from', '1')
    .requiredOption('--out <folder>', 'a new or empty folder')
    .option('--json', 'print one JSON object instead of a sentence')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => runGenerateExport(context, options))
}

async function runGenerateExport(context: CliContext, options: Options): Promise<void> {
  const progress = context.progress('Generating')
  try {
    const made = await generateExport({
      dir: options.out,
      messages: wholeNumber('--messages', options.messages),
      pictures: wholeNumber('--pictures', options.pictures),
      seed: options.seed,
      signal: context.signal,
      onProgress: (done, total) => progress.update(done, total),
    })
    const { counts, attachments } = made.truth
    if (options.json) await context.out(JSON.stringify({ out: options.out, counts, attachments }))
    else
      await context.out(
        `${counts.messages + counts.service} messages with ${counts.pictures} pictures are in ${options.out}.`,
      )
  } finally {
    progress.end()
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new AppError('USAGE', `${name} takes a whole number, not "${text}".`)
  return Number(text)
}
