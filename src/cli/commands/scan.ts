import type { Command } from 'commander'
import { AppError } from '#lib/errors/index.ts'
import type { CliContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { renderTerminal } from '../scan/report/render-terminal.ts'
import { REPORT_LANGUAGES, type ReportTexts, reportTexts } from '../scan/report/texts/index.ts'
import { runScan, type ScanRequest } from '../scan/run-scan.ts'

interface Options {
  bank: string
  out?: string
  replace?: boolean
  fast?: boolean
  wholeOnly?: boolean
  pairs?: boolean
  zone?: string
  dateOrder?: string
  withhold?: string[]
  log?: string
  lang?: string
  json?: boolean
}

const EXAMPLES = `
Examples:
  $ saksi scan ChatExport_2026-01-15 --bank wao.bank --out report
  $ saksi scan "WhatsApp Chat.zip" --bank wao.bank --zone Asia/Kuala_Lumpur
  $ saksi scan ChatExport --bank wao.bank --lang ms --out laporan
  $ saksi scan ChatExport --bank wao.bank --json | jq .matches
  $ saksi scan pictures/ --bank wao.bank --pairs > found.tsv
  $ saksi scan ChatExport --bank wao.bank --out report --log custody

Reads: a Telegram Desktop export of one chat (the folder with result.json or messages.html), a WhatsApp export
(.txt or .zip), or a folder of pictures. The export is not changed, nothing is sent, no picture is copied or shown.

With --out, the folder gets report.json (for machines), report.html (to read and print), export-sha256.txt (every
file that was read) and manifest-sha256.txt. They appear together when the scan is done, or not at all.

--pairs prints each file of the export that shows a registered picture with its entry, by the file's true name. Matches
that a person has to confirm first are left out.

A picture that may show a child: do not scan it again and do not copy it. Give its message number to the police or
the hotline, and add --withhold NUMBER so that it is never opened here (where messages have no numbers: the file's
name). The scan refuses a number or name that is not in the export.`

export function addScanCommand(program: Command, context: CliContext): void {
  program
    .command('scan')
    .summary('find registered pictures in a chat export')
    .description(
      'Finds which registered pictures are in a chat export: where, when, posted by which account, together with what.',
    )
    .argument('<export>', 'folder, .zip or file of the export')
    .requiredOption('--bank <file>', 'bank of registered fingerprints')
    .option('--out <folder>', 'write the report there')
    .option('--replace', 'replace a report that is already there')
    .option('--fast', 'reduce large JPEG and WebP pictures while reading')
    .option('--whole-only', 'compare whole pictures only: faster, but finds no crops and no screenshots')
    .option('--zone <zone>', 'time zone of an export that names none, such as Asia/Kuala_Lumpur')
    .option('--date-order <order>', 'day-first or month-first, when the export does not tell')
    .option(
      '--withhold <message...>',
      'messages whose pictures are suspected child abuse material: never opened',
    )
    .option('--log <folder>', 'enter the scan in this custody log; the report carries the receipt')
    .option('--lang <language>', `language of the report: ${REPORT_LANGUAGES.join(', ')} (default: en)`)
    .option('--json', 'print report.json instead of the table')
    .option('--pairs', 'print "file<TAB>entry" lines and nothing else, for programs that judge results')
    .addHelpText('after', EXAMPLES)
    .action((exportPath: string, options: Options) => runScanCommand(context, exportPath, options))
}

async function runScanCommand(context: CliContext, exportPath: string, options: Options): Promise<void> {
  const texts = textsIn(options.lang ?? 'en')
  if (options.pairs && options.json) throw new AppError('USAGE', 'Use either --pairs or --json.')
  const { report, pairs } = await runScan(context, request(exportPath, options, texts))
  if (report.counts.pictures.unreadable > 0) context.setExitCode(EXIT.partial)
  if (options.pairs) {
    for (const { path, entry } of pairs) await context.out(`${escaped(path)}\t${entry}`)
    return
  }
  if (options.json) return context.out(JSON.stringify(report))
  if (report.bank.entries === 0) context.note(texts.emptyBank)
  for (const line of renderTerminal(report, texts, context)) await context.out(line)
  if (options.out === undefined) return context.note(`\n${texts.nothingWritten}`)
  await context.out('')
  await context.out(texts.reportAt(`${options.out}/report.html`))
}

/** A path on one line, in one column, as `sha256sum` writes such names. */
function escaped(path: string): string {
  return path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')
}

function textsIn(language: string): ReportTexts {
  const known = REPORT_LANGUAGES.find((tag) => tag === language)
  if (known === undefined) {
    throw new AppError('USAGE', `--lang takes one of ${REPORT_LANGUAGES.join(', ')}.`)
  }
  return reportTexts(known)
}

function request(exportPath: string, options: Options, texts: ReportTexts): ScanRequest {
  const { dateOrder = null } = options
  if (dateOrder !== null && dateOrder !== 'day-first' && dateOrder !== 'month-first') {
    throw new AppError('USAGE', '--date-order takes day-first or month-first.')
  }
  return {
    exportPath,
    bankPath: options.bank,
    out: options.out === undefined ? null : { folder: options.out, replaces: options.replace === true },
    mode: options.fast ? 'fast' : 'exact',
    isWholeOnly: options.wholeOnly === true,
    statedZone: options.zone ?? null,
    dateOrder,
    withheld: new Set(options.withhold ?? []),
    logFolder: options.log ?? null,
    texts,
  }
}
