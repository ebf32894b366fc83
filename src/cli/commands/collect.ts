import type { Command } from 'commander'
import { AppError } from '#lib/errors/index.ts'
import { PASSPHRASE_BYTES, passphraseOf } from '../bundle/passphrase.ts'
import { askAgain, type CollectionResult, collectExport } from '../collect/index.ts'
import { stateFolder, takeSecrets } from '../config.ts'
import type { CliContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { IntakeError, leafletFrom, random } from '../intake/index.ts'
import { maskPath } from '../scan/mask-text.ts'
import { safeText } from '../terminal/safe-text.ts'
import { readSeconds } from './register.ts'

const HELP = `
Examples:
  $ saksi collect ChatExport_2026-01-15 --server https://reports.example.org --organisation "1a2b3 c4d5e …"
  $ saksi collect ChatExport_2026-01-15 --invite "4815 1623 4270 1936 5528"
  $ saksi collect "WhatsApp Chat.zip" --zone Asia/Kuala_Lumpur --withhold 4711

Reads: a Telegram Desktop export of one chat, a WhatsApp export (.txt or .zip), or a folder of pictures. Each picture is
fingerprinted on this computer and stays on it. What is sent is sealed here: fingerprints, and where the picture stands in
the export, with phone numbers, names of accounts and links masked. Only a person whose picture it is, and the people of her
case, can ever open where it was seen. Neither you nor the server are told whether something was found: keep the export.

If the line breaks or the computer goes off, run the same command again: it sends only what is missing. At the end nothing
is kept here but the export.

A picture that may show a child: do not open it again and do not copy it. Give its message number to the police or the
hotline, and add --withhold NUMBER (where messages have no numbers: the file's name). It is never opened here, and nothing
of it is sent: only a count is shown. A number or name that is not in the export is refused before anything is opened.

Pictures that are registered later are looked for among those asked about before, but as whole pictures only. To have crops
and screenshots found then, too, keep what was asked with --keep FILE, and ask again with --again FILE in some weeks. The
file holds fingerprints of other people's pictures, sealed with a passphrase: keep it like the export.

An invite lets in as many pictures as it was made for. It is exchanged for passes that nobody can trace to it, so that the
server cannot tell which pictures came from one export. Without one, this computer solves a puzzle for each picture, where
the organisation takes that.

SAKSI_SERVER, SAKSI_ORGANISATION and SAKSI_INVITE can hold address, fingerprint and invite.`

interface Options {
  readonly server?: string
  readonly organisation?: string
  readonly trust?: string
  readonly invite?: string
  readonly fast?: boolean
  readonly keep?: string
  readonly again?: boolean
  readonly zone?: string
  readonly dateOrder?: string
  readonly withhold?: string[]
  readonly patience: number
  readonly json?: boolean
}

export function addCollectCommand(program: Command, context: CliContext): void {
  program
    .command('collect')
    .summary('ask an organisation about the pictures of a chat export, sealed')
    .description(
      'Has the pictures of a chat export looked for among registered ones, without showing them or telling what was found.',
    )
    .argument('<export>', 'folder, .zip or file of the export; with --again, a kept file')
    .option('--server <url>', 'address of the organisation’s server')
    .option('--organisation <fingerprint>', 'the 40 digits on its leaflet')
    .option('--trust <file>', 'what the organisation gives out to be trusted by, instead of the 40 digits')
    .option('--invite <code>', 'the 20 digits that the organisation gave you')
    .option('--fast', 'reduce large JPEG and WebP pictures while reading')
    .option('--keep <file>', 'keep what is asked, sealed with a passphrase, to ask again later')
    .option('--again', 'ask again: the export is a file made with --keep')
    .option('--zone <zone>', 'time zone of an export that names none, such as Asia/Kuala_Lumpur')
    .option('--date-order <order>', 'day-first or month-first, when the export does not tell')
    .option(
      '--withhold <message...>',
      'messages whose pictures are suspected child abuse material: never opened',
    )
    .option('--patience <seconds>', 'how long to try again when the server does not answer', readSeconds, 600)
    .option('--json', 'print a JSON object')
    .addHelpText('after', HELP)
    .action((exportPath: string, options: Options) => collect(context, exportPath, options))
}

async function collect(context: CliContext, exportPath: string, options: Options): Promise<void> {
  const { dateOrder = null, zone = null, withhold = [], fast, patience, keep } = options
  const { invite, passphrase } = takeSecrets()
  if (dateOrder !== null && dateOrder !== 'day-first' && dateOrder !== 'month-first') {
    throw new AppError('USAGE', '--date-order takes day-first or month-first.')
  }
  const common = {
    leaflet: await leafletFrom(context, options),
    invite: options.invite ?? invite,
    stateFolder: stateFolder(),
    patienceMs: patience * 1_000,
  }
  if (options.again) {
    const kept = { path: exportPath, passphrase: await askPassphrase(context, passphrase) }
    const asked = await askAgain(context, { ...common, kept })
    if (options.json) return context.out(JSON.stringify(asked))
    return tell(context, { ...asked, notInExport: 0, withheld: 0, unnamedLeft: 0 })
  }
  const result = await collectExport(context, {
    ...common,
    exportPath,
    keep: keep === undefined ? null : { path: keep, passphrase: await newPassphrase(context, passphrase) },
    withheld: new Set(withhold),
    mode: fast ? 'fast' : 'exact',
    statedZone: zone,
    dateOrder,
  })
  if (result.unread.length > 0) context.setExitCode(EXIT.partial)
  const shown = { ...result, unread: result.unread.map(({ path, code }) => ({ path: maskPath(path), code })) }
  if (options.json) return context.out(JSON.stringify(shown))
  await tell(context, shown)
}

const MIN_PASSPHRASE = 20

/** Hers, of twenty characters at least, or one that is made and shown once. Throws `IntakeError` ANSWER_NEEDED. */
async function newPassphrase(context: CliContext, given: string | null): Promise<string> {
  const chosen = given ?? ''
  if (chosen.length >= MIN_PASSPHRASE) return chosen
  if (chosen !== '')
    throw new AppError('USAGE', `SAKSI_PASSPHRASE needs ${MIN_PASSPHRASE} characters at least.`)
  if (context.columns === null) {
    throw new IntakeError(
      'ANSWER_NEEDED',
      'The passphrase of the kept file is shown on a terminal. Run this on one, or give your own in SAKSI_PASSPHRASE. Nothing was sent.',
    )
  }
  const made = passphraseOf(random(PASSPHRASE_BYTES))
  await context.out(`Passphrase of the kept file, shown once:  ${context.paint.bold(made)}`)
  return made
}

async function askPassphrase({ input }: CliContext, given: string | null): Promise<string> {
  const answer = given ?? (await input.ask('Passphrase of the kept file: ', { isSecret: true }))
  if (answer !== null && answer !== '') return answer
  throw new IntakeError('ANSWER_NEEDED', 'The passphrase of the kept file is needed. Nothing was sent.')
}

async function tell(context: CliContext, result: CollectionResult): Promise<void> {
  const { pictures, sent, sentBefore, tooPlain, unread, notInExport, withheld, unnamedLeft } = result
  const { out, paint } = context
  await out(
    paint.good(`${pictures === 1 ? '1 picture was' : `${pictures} different pictures were`} asked about.`),
  )
  const counts: [number, string][] = [
    [sent, 'sent now, sealed'],
    [sentBefore, 'sent by the run before'],
    [tooPlain, 'with too few details to be recognised'],
    [notInExport, 'named in the export, but not in it'],
    [withheld, 'withheld: never opened, and nothing of them was sent'],
    [unnamedLeft, 'files named by no message, not opened because something is withheld'],
    [unread.length, 'could not be read'],
  ]
  for (const [count, what] of counts) if (count > 0) await out(`  ${count}  ${what}`)
  for (const { path, code } of unread.slice(0, MAX_LISTED))
    context.note(`not read  ${safeText(path)} [${code}]`)
  context.note(
    'Whether something was found is told to nobody but the person whose picture it is. Keep the export: it is the evidence. Nothing else was left on this computer.',
  )
}

const MAX_LISTED = 50
