import { lstat, mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import type { ReportedMatch } from '#contract/scan-report.ts'
import { AppError } from '#lib/errors/index.ts'
import type { CliContext } from '../context.ts'
import { type DemoCopy, type DemoPlan, type EditKind, generateDemo } from '../generate/index.ts'
import { registerPictures } from '../register-pictures.ts'
import { renderTerminal } from '../scan/report/render-terminal.ts'
import { reportTexts } from '../scan/report/texts/index.ts'
import { runScan } from '../scan/run-scan.ts'
import { formatTable } from '../terminal/table.ts'
import { wrapText } from '../terminal/wrap.ts'

interface Options {
  seed: string
  out: string
}

const MARK = '.saksi-demo'

const HELP = `
Nothing in it is real: the pictures are drawn scenes, the words invented, the phone numbers reserved for fiction.
The folder is made anew each time; it is only replaced when an earlier demo made it.`

export function addDemoCommand(program: Command, context: CliContext): void {
  program
    .command('demo')
    .summary('show the whole way on an invented group')
    .description(
      'Draws an invented chat group, its back-up group and the pictures of six survivors; scans both; says what was found, what was not, and why.',
    )
    .option('--seed <text>', 'what to derive everything from', 'demo')
    .option('--out <folder>', 'where the demo is made', 'saksi-demo')
    .addHelpText('after', HELP)
    .action((options: Options) => runDemo(context, options))
}

async function runDemo(context: CliContext, { seed, out }: Options): Promise<void> {
  await makeFolder(out)
  try {
    await playDemo(context, { seed, out })
  } catch (error) {
    await rm(out, { recursive: true, force: true })
    throw error
  }
}

async function playDemo(context: CliContext, { seed, out }: Options): Promise<void> {
  const { paint } = context
  const texts = reportTexts('en')
  await context.out(paint.bold('An invented group, drawn pictures, six survivors. Nothing here is real.'))
  const plan = await generate(context, seed, join(out, 'made'))
  const bankPath = join(out, 'survivors.bank')
  await context.out('')
  await context.out(paint.bold('1. Six survivors fingerprint their pictures. Only fingerprints are kept.'))
  for (const { entry, picturePath } of plan.survivors) {
    await registerPictures(context, { bankPath, entry, names: [picturePath], set: 'full' }, (line) =>
      'error' in line
        ? context.note(`  ${entry}  ${line.error.message}`)
        : context.out(`  ${entry}  ${line.prints} prints, ${line.windows} parts, quality ${line.quality}`),
    )
  }
  const matches = new Map<string, readonly ReportedMatch[]>()
  for (const [i, made] of plan.exports.entries()) {
    const report = join(out, `report-${made.name.replace(/-export$/, '')}`)
    await context.out('')
    await context.out(paint.bold(`${i + 2}. saksi scan ${made.dir} --bank ${bankPath} --out ${report}`))
    const outcome = await runScan(context, {
      exportPath: made.dir,
      bankPath,
      out: { folder: report, replaces: false },
      mode: 'exact',
      isWholeOnly: false,
      statedZone: null,
      dateOrder: null,
      withheld: new Set(),
      logFolder: null,
      texts,
    })
    matches.set(made.name, outcome.report.matches)
    for (const line of renderTerminal(outcome.report, texts, context)) await context.out(line)
  }
  for (const line of compareWithTruth(plan, matches, context)) await context.out(line)
  await context.out('\nReports to open:')
  for (const name of ['report-group', 'report-backup'])
    await context.out(`  ${join(out, name, 'report.html')}`)
}

async function generate(context: CliContext, seed: string, dir: string): Promise<DemoPlan> {
  const progress = context.progress('Drawing')
  try {
    return await generateDemo({
      seed,
      dir,
      signal: context.signal,
      onProgress: (done, total) => progress.update(done, total),
    })
  } finally {
    progress.end()
  }
}

/** A folder of an earlier demo is replaced; anything else is left alone. */
async function makeFolder(out: string): Promise<void> {
  const isThere = (path: string): Promise<boolean> =>
    lstat(path).then(
      () => true,
      () => false,
    )
  if (await isThere(out)) {
    if (!(await isThere(join(out, MARK)))) {
      throw new AppError(
        'OUTPUT_EXISTS',
        `"${basename(out)}" exists and was not made by a demo. Choose another folder with --out.`,
      )
    }
    await rm(out, { recursive: true })
  }
  await mkdir(out, { recursive: true })
  await writeFile(join(out, MARK), 'Made by "saksi demo"; replaced when it runs again.\n')
}

/** The generator knows what it planted, so the demo can say what every scan of real life cannot: what was missed. */
function compareWithTruth(
  plan: DemoPlan,
  matches: ReadonlyMap<string, readonly ReportedMatch[]>,
  { paint, columns }: CliContext,
): string[] {
  const isFound = (copy: DemoCopy): boolean =>
    (matches.get(copy.export) ?? []).some(
      ({ entry, messageId }) => entry === copy.entry && messageId === String(copy.messageId),
    )
  const kinds = [...new Set(plan.copies.map((copy) => kindOf(copy)))].map((kind) => {
    const copies = plan.copies.filter((copy) => kindOf(copy) === kind)
    return { kind, copies, found: copies.filter(isFound).length }
  })
  // What was found first; kinds alike in that keep the order of the exports.
  kinds.sort((a, b) => b.found / b.copies.length - a.found / a.copies.length)
  const rows = kinds.map(({ kind, copies, found }) => {
    const all =
      found === copies.length
        ? paint.good('all found')
        : found === 0
          ? paint.attention('not found')
          : paint.attention('some found')
    return [
      words(kind),
      `${found} of ${copies.length}`,
      all,
      found === copies.length ? '' : (WHY_MISSED[kind] ?? ''),
    ]
  })
  const planted = new Set(plan.copies.map((copy) => `${copy.export} ${copy.messageId} ${copy.entry}`))
  const strangers = [...matches].flatMap(([name, found]) =>
    found.filter((match) => !planted.has(`${name} ${match.messageId} ${match.entry}`)),
  )
  const neverPosted = plan.survivors
    .filter(({ entry }) => !plan.copies.some((copy) => copy.entry === entry))
    .map(({ entry }) => entry)
  return [
    '',
    paint.bold('4. Against what was really planted'),
    ...formatTable(
      [{ title: 'Kind of copy' }, { title: 'Found', align: 'right' }, { title: '' }, { title: 'Why not' }],
      rows,
      columns,
    ),
    '',
    ...wrapText(
      `Wrong matches: ${strangers.length}. ${neverPosted.join(', ')} was never posted, and nothing was found for it.`,
      columns,
    ),
  ]
}

type CopyClass = EditKind | 'missing' | 'not-included' | 'damaged'

function kindOf({ edit, state }: DemoCopy): CopyClass {
  return state === 'present' ? edit : state
}

function words(kind: CopyClass): string {
  return kind.replaceAll('-', ' ')
}

const WHY_MISSED: Partial<Record<CopyClass, string>> = {
  missing: 'named in the export, but not there',
  'not-included': 'exported without photos',
  damaged: 'cut off: too little of it is left',
  'cropped-light': 'too little of it is left',
  'cropped-heavy': 'too little of it is left',
  screenshot: 'the picture is too small in it',
  stickered: 'a large part of the picture is covered',
  thumbnail: 'too small: most of its detail is gone',
}
