import type { Command } from 'commander'
import { writeToOwnCase } from '#client/index.ts'
import { AppError } from '#lib/errors/index.ts'
import type { ReturnCode } from '#lib/seal/index.ts'
import { takeSecrets } from '../config.ts'
import type { CliContext } from '../context.ts'
import {
  askReturnCode,
  type Connection,
  connect,
  eraseCase,
  IntakeError,
  leafletFrom,
  type OpenedMailbox,
  openMailbox,
  patient,
  readText,
  receiptOf,
  type ShownMessage,
  shownMessages,
  weekOf,
  withdrawAndKeep,
  withdrawPictures,
  writeNewFile,
} from '../intake/index.ts'
import { safeText } from '../terminal/safe-text.ts'
import { wrapText } from '../terminal/wrap.ts'
import { readSeconds } from './register.ts'

const CODE_HELP = `
The return code is asked for on a terminal, or read from SAKSI_RETURN_CODE or the first line of standard input. It is never
an argument: other programs and the shell's history see those. Nothing is kept on this computer.`

const READ_HELP = `
Examples:
  $ saksi mailbox read --server https://reports.example.org --organisation "1a2b3 c4d5e …"
  $ saksi mailbox read --json < code.txt | jq .messages
${CODE_HELP}

verified: somebody the organisation has signed for wrote it. unverified: nobody knows who wrote it; it is hidden, and never a
reply. missing: something was written before it that was not delivered. reordered: it came before something it answers. If
that happens, call the organisation: its server may be in wrong hands.`

const REPLY_HELP = `
Examples:
  $ saksi mailbox reply                                asks for the code, then for the text
  $ saksi mailbox reply --text-file answer.txt
${CODE_HELP}`

const RECEIPT_HELP = `
Example:
  $ saksi mailbox receipt --out my-report.tlog-proof
${CODE_HELP}

The file shows that a report exists, to everybody who sees it. Keep it only where that is safe. Check it with:
saksi receipt verify FILE --policy POLICY`

const WITHDRAW_HELP = `
Examples:
  $ saksi mailbox withdraw --pictures                  stop looking for the pictures, go on with the case
  $ saksi mailbox withdraw --keep-until 2026-12-31     stop everything, keep it until that week is over
  $ saksi mailbox withdraw --erase                     erase everything; asks for the code again
${CODE_HELP}

What was already given to an agency or a platform, and what was printed, is not reached. Backups keep what is sealed for at
most 14 days. With --erase through a pipe, the code stands in two lines.`

interface Options {
  readonly server?: string
  readonly organisation?: string
  readonly trust?: string
  readonly patience?: number
  readonly json?: boolean
}

interface ReplyOptions extends Options {
  readonly textFile?: string
}

interface ReceiptOptions extends Options {
  readonly out?: string
}

interface WithdrawOptions extends ReceiptOptions {
  readonly pictures?: boolean
  readonly keepUntil?: string
  readonly erase?: boolean
}

export function addMailboxCommand(program: Command, context: CliContext): void {
  const mailbox = program
    .command('mailbox')
    .summary('come back to a report with its return code')
    .description('Reads, answers, and withdraws with the return code of a report.')
  const sub = (name: string, summary: string, help: string): Command =>
    mailbox
      .command(name)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
      .option('--server <url>', 'address of the organisation’s server')
      .option('--organisation <fingerprint>', 'the 40 digits on its leaflet')
      .option('--trust <file>', 'what the organisation gives out to be trusted by, instead of the 40 digits')
      .option(
        '--patience <seconds>',
        'how long to try again when the server does not answer',
        readSeconds,
        120,
      )
      .addHelpText('after', help)
  sub('read', 'read what was written in your case', READ_HELP)
    .option('--json', 'print a JSON object')
    .action((options: Options) => read(context, options))
  sub('reply', 'write to the people of your case', REPLY_HELP)
    .option('--text-file <file>', 'what to write, as a text file')
    .action((options: ReplyOptions) => reply(context, options))
  sub('receipt', 'save what shows that your report was received', RECEIPT_HELP)
    .option('--out <file>', 'where to save it; without it, nothing is written')
    .action((options: ReceiptOptions) => receipt(context, options))
  sub('withdraw', 'withdraw pictures, stop all work, or erase everything', WITHDRAW_HELP)
    .option('--pictures', 'stop looking for the pictures')
    .option('--keep-until <day>', 'stop all work and keep everything until the week of this day is over')
    .option('--erase', 'erase everything the organisation’s server holds')
    .option('--out <file>', 'save the signed receipt of it there')
    .action((options: WithdrawOptions) => withdraw(context, options))
}

interface Opened {
  readonly connection: Connection
  readonly opened: OpenedMailbox
  readonly code: ReturnCode
}

async function open(context: CliContext, options: Options): Promise<Opened> {
  const { returnCode } = takeSecrets()
  const leaflet = await leafletFrom(context, options)
  const code = await askReturnCode(context, returnCode)
  const persist = patient(context, patienceOf(options))
  const connection = await persist(() => connect(context, leaflet))
  return { connection, code, opened: await persist(() => openMailbox(context, connection, code)) }
}

const patienceOf = ({ patience = 120 }: Options): number => patience * 1_000

async function read(context: CliContext, options: Options): Promise<void> {
  const { connection, opened } = await open(context, options)
  const { own } = opened
  const messages = shownMessages(own, connection.organisation.verified.roster)
  const { missing, isRosterBehind } = own.conversation
  const warnings = [
    ...missing.map(({ from, to }) => `${to - from + 1} of the messages were not delivered.`),
    ...(own.hasUntrustedEpoch ? ['The key of your case was changed by somebody who may not do that.'] : []),
    ...(isRosterBehind
      ? ['The server may be holding back the newest list of the organisation’s people.']
      : []),
  ]
  if (options.json) return context.out(JSON.stringify({ status: own.status, messages, warnings }))
  for (const message of messages) for (const line of linesOf(context, message)) await context.out(line)
  for (const warning of warnings)
    context.note(context.notePaint.bad(`${warning} Please call the organisation.`))
  if (own.status !== 'open') context.note(`This case is ${own.status}.`)
}

const VERDICTS = {
  verified: 'verified',
  unverified: 'unverified',
  'missing-before': 'missing',
  'order-changed': 'reordered',
} as const

function linesOf(
  { paint, columns }: CliContext,
  { verdict, from, day, text, reason }: ShownMessage,
): string[] {
  const word = VERDICTS[verdict]
  const painted = verdict === 'verified' ? paint.good(word) : paint.bad(word)
  if (text === null) return [`${painted}  hidden: it is not known who wrote this (${String(reason)})`]
  const lines = text.split('\n').flatMap((line) => wrapText(`  ${safeText(line, 262_144)}`, columns))
  return [`${painted}  ${safeText(from)}  ${day}`, ...lines]
}

async function reply(context: CliContext, options: ReplyOptions): Promise<void> {
  const { opened } = await open(context, options)
  const { mailbox, keys, own, means } = opened
  const text =
    options.textFile === undefined
      ? ((await context.input.ask('What do you want to write? ')) ?? '').trim()
      : await readText(options.textFile)
  if (text === '') throw new IntakeError('ANSWER_NEEDED', 'There is nothing to send. Nothing was sent.')
  const persist = patient(context, patienceOf(options))
  const saying = { type: 'message.write', body: { text } } as const
  await writeToOwnCase(mailbox, keys, own, [saying], { ...means, persist })
  await context.out(context.paint.good('Sent.'))
}

async function receipt(context: CliContext, options: ReceiptOptions): Promise<void> {
  const { connection, opened } = await open(context, options)
  const { kind, text } = await receiptOf(connection, opened)
  await context.out(
    kind === 'proof'
      ? 'Your report is in the custody log: it cannot be taken out or dated otherwise without that showing.'
      : 'Your report was received. Its place in the custody log is promised, and not there yet: ask again in some hours.',
  )
  if (options.out === undefined) {
    return context.note('Nothing was written to this computer. To save it as a file: --out FILE')
  }
  await writeNewFile(options.out, text)
  context.note(`${options.out} shows that a report exists, to everybody who sees it.`)
}

async function withdraw(context: CliContext, options: WithdrawOptions): Promise<void> {
  const { pictures, keepUntil, erase, out } = options
  if ([pictures, keepUntil, erase].filter((choice) => choice !== undefined).length !== 1) {
    throw new AppError('USAGE', 'Choose one of --pictures, --keep-until DAY and --erase.')
  }
  const week = keepUntil === undefined ? null : weekOf(keepUntil)
  if (keepUntil !== undefined && week === null)
    throw new AppError('USAGE', '--keep-until takes a day: 2026-12-31.')
  const { connection, opened, code } = await open(context, options)
  const means = { patienceMs: patienceOf(options) }
  if (pictures) {
    const count = await withdrawPictures(context, connection, opened, means)
    return context.out(`${count === 1 ? '1 picture is' : `${count} pictures are`} not looked for any more.`)
  }
  if (week !== null) {
    const { week: until, lastDay } = week
    const signed = await withdrawAndKeep(context, connection, opened, { ...means, until, keepUntil: lastDay })
    await context.out(`All work has stopped. Everything is kept, sealed, until ${lastDay}, then erased.`)
    return saveReceipt(out, signed)
  }
  await confirmErasure(context, opened, code)
  const signed = await eraseCase(context, connection, opened, means)
  await context.out('Everything is erased: the pictures are not looked for, and the mailbox is gone.')
  context.note(
    'Backups hold what is sealed, and nobody can open, for at most 14 days. What was printed or given on is not reached.',
  )
  if (signed !== null) await saveReceipt(out, signed)
}

/** Asks for the code again: whoever sits down at an open window must not be able to erase a case. */
async function confirmErasure(context: CliContext, { own }: OpenedMailbox, code: ReturnCode): Promise<void> {
  context.note(
    `This erases your report, ${own.conversation.items.length} messages, and the fingerprints of ${own.sets.length} pictures, for ever. Nobody can bring them back.`,
  )
  const again = await askReturnCode(context, null, 'To erase everything, your return code again: ')
  if (again.digits === code.digits) return
  throw new IntakeError('ANSWER_NEEDED', 'This is another code. Nothing was erased.')
}

async function saveReceipt(out: string | undefined, text: string): Promise<void> {
  if (out !== undefined) await writeNewFile(out, text)
}
