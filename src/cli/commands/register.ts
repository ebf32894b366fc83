import { type Command, InvalidArgumentError } from 'commander'
import { AppError } from '#lib/errors/index.ts'
import { formatReturnCode } from '#lib/seal/index.ts'
import { takeSecrets } from '../config.ts'
import type { CliContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import {
  askAge,
  askReturnCode,
  IntakeError,
  leafletFrom,
  type MadeSet,
  type RegisteredSet,
  type RegistrationResult,
  readText,
  registerInCase,
  registerNewReport,
} from '../intake/index.ts'
import { safeText } from '../terminal/safe-text.ts'
import { wrapText } from '../terminal/wrap.ts'
import { expectedText } from './registered-text.ts'

const HELP = `
Examples:
  $ saksi register holiday.jpg --server https://reports.example.org --organisation "1a2b3 c4d5e …" --adult
  $ saksi register pictures/ --server https://reports.example.org --text-file story.txt --adult
  $ saksi register more.jpg --server https://reports.example.org --add --adult     into the case of your return code

The pictures are fingerprinted on this computer and stay on it. Fingerprints and text are sealed here, to people whom two
officers of the organisation have signed for; the server can open neither. Your return code is made here and shown once. It
is the only way back: write it on paper, not in a file or a message. Nobody can find it again for you.

Take the address and the fingerprint from the organisation's leaflet, not from a message or a search. SAKSI_SERVER and
SAKSI_ORGANISATION can hold them. With --add the return code is asked for, or read from SAKSI_RETURN_CODE or the first line
of standard input; it is never an argument.

Sets: full (crops and screenshots are found too), tilt (slightly turned copies too), whole (one fingerprint of the whole
picture: finds no crops and no screenshots, and says least about the picture).

To take pictures out again: saksi mailbox withdraw`

interface Options {
  readonly server?: string
  readonly organisation?: string
  readonly trust?: string
  readonly set: RegisteredSet
  readonly textFile?: string
  readonly adult?: boolean
  readonly add?: boolean
  readonly exclude?: string[]
  readonly printCode?: boolean
  readonly patience?: number
}

export function addRegisterCommand(program: Command, context: CliContext): void {
  program
    .command('register')
    .summary('have pictures of you looked for, and report, sealed')
    .description(
      'Fingerprints your pictures here, opens a sealed case at an organisation, and has copies of them looked for.',
    )
    .argument('<file...>', 'pictures, or folders of them')
    .option('--server <url>', 'address of the organisation’s server')
    .option('--organisation <fingerprint>', 'the 40 digits on its leaflet')
    .option('--trust <file>', 'what the organisation gives out to be trusted by, instead of the 40 digits')
    .option('--set <set>', 'full, tilt or whole: see below', readSet, 'full' as const)
    .option('--text-file <file>', 'what happened, in your words, as a text file')
    .option('--adult', 'the person is an adult, now and in every picture')
    .option('--add', 'into the case of a return code that you have')
    .option(
      '--exclude <id...>',
      'people of the organisation who must not read it, by their ids in its roster',
    )
    .option('--print-code', 'write the return code to a pipe, for programs that show it themselves')
    .option('--patience <seconds>', 'how long to try again when the server does not answer', readSeconds, 120)
    .addHelpText('after', HELP)
    .action((names: string[], options: Options) => register(context, names, options))
}

async function register(context: CliContext, names: string[], options: Options): Promise<void> {
  const { returnCode } = takeSecrets()
  const isTerminal = context.columns !== null
  if (!options.add && !isTerminal && !options.printCode) {
    throw new AppError(
      'USAGE',
      'The return code is shown on a terminal, so that it does not end in a file. Run this on a terminal, or add --print-code.',
    )
  }
  if (options.add && options.textFile) {
    throw new AppError('USAGE', 'With --add, write with: saksi mailbox reply')
  }
  const leaflet = await leafletFrom(context, options)
  const ageBand = options.adult ? 'adult' : await askAge(context)
  const { set, patience = 120, exclude = [] } = options
  const common = { leaflet, names, set, ageBand, patienceMs: patience * 1_000 }
  if (options.add) {
    const code = await askReturnCode(context, returnCode)
    return tell(context, await registerInCase(context, common, formatReturnCode(code)))
  }
  const text = options.textFile === undefined ? '' : await readText(options.textFile)
  const result = await registerNewReport(context, { ...common, text, exclude }, (code) =>
    showCode(context, code),
  )
  await context.out(context.paint.good('Your report is sealed and was received.'))
  await tell(context, result)
}

/** Shown before anything is sent: a report whose code nobody has could never be reached again. */
async function showCode(context: CliContext, code: string): Promise<void> {
  const { input, out, note } = context
  await out('')
  await out(`  Your return code:  ${context.paint.bold(code)}`)
  await out('')
  note(
    'It is shown once and kept nowhere. Write it on paper now, where nobody looks, and clear this window afterwards. Whoever has it can read everything here; without it nobody, not even the organisation, can let you in again.',
  )
  if (!input.isTerminal) return
  for (;;) {
    const answer = await input.ask('Type its last four digits when it is written down: ')
    if (answer === null)
      throw new IntakeError('ANSWER_NEEDED', 'Nothing was sent. That code opens nothing: throw it away.')
    if (answer.trim() === code.slice(-4)) return
    note('These are not its last four digits.')
  }
}

async function tell(
  context: CliContext,
  { registered, notRegistered, unread }: RegistrationResult,
): Promise<void> {
  let last = ''
  for (const made of registered) {
    await context.out(`${context.paint.good('looked for')}  ${factsOf(made)}`)
    const expected = expectedText(made.coverage)
    const text = expected === last ? 'As for the picture before.' : expected
    for (const line of wrapText(`  ${text}`, context.columns)) await context.out(line)
    last = expected
  }
  for (const { file, error } of unread) {
    context.note(
      `${context.notePaint.attention('left out')}  ${safeText(file)}: ${error.message} [${error.code}]`,
    )
  }
  if (unread.length > 0) context.setExitCode(EXIT.partial)
  if (notRegistered.length > 0) {
    throw new IntakeError(
      'PICTURES_NOT_REGISTERED',
      `The report is safe, but the server did not take ${notRegistered.length} of the pictures: they are not looked for yet. Register them with the return code: saksi register --add ${notRegistered.map(({ file }) => file).join(' ')}`,
    )
  }
  context.note(
    'To read answers: saksi mailbox read. To take the pictures out again: saksi mailbox withdraw --pictures',
  )
}

function factsOf({ file, wholePrints, windows }: MadeSet): string {
  const parts = windows === 0 ? '' : `, ${windows} parts`
  return `${safeText(file)}  ${wholePrints} whole${parts}`
}

function readSet(text: string): RegisteredSet {
  if (text === 'whole' || text === 'full' || text === 'tilt') return text
  throw new InvalidArgumentError('a set is full, tilt or whole')
}

export function readSeconds(text: string): number {
  const seconds = Number(text)
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= 86_400) return seconds
  throw new InvalidArgumentError('a whole number of seconds, up to a day')
}
