import { Command, CommanderError } from 'commander'
import { AppError } from '#lib/errors/index.ts'
import { readConfig } from './config.ts'
import { type CliContext, createContext } from './context.ts'
import { EXIT } from './exit-codes.ts'
import { safeText } from './terminal/safe-text.ts'
import { VERSION } from './version.ts'

const HELP_END = `
Exit codes:
  0  done                        2  wrong usage
  1  done, some inputs unread    3  refused: an input or output cannot be used, nothing was written
  70 a fault of ours             130 interrupted

Saksi never shows, copies or sends a picture. A network is used only where you name an address: for register, mailbox
and collect, witnesses, time stamps, and serving.`

type AddCommand = (program: Command, context: CliContext) => void

/** In the order of `--help`. Loaded when asked for: an old laptop needs a second to load all. */
const COMMANDS: readonly { readonly names: readonly string[]; readonly load: () => Promise<AddCommand> }[] = [
  { names: ['scan'], load: async () => (await import('./commands/scan.ts')).addScanCommand },
  { names: ['bank'], load: async () => (await import('./commands/bank.ts')).addBankCommand },
  {
    names: ['fingerprint'],
    load: async () => (await import('./commands/fingerprint.ts')).addFingerprintCommand,
  },
  { names: ['match'], load: async () => (await import('./commands/match.ts')).addMatchCommand },
  { names: ['demo'], load: async () => (await import('./commands/demo.ts')).addDemoCommand },
  {
    names: ['generate-export'],
    load: async () => (await import('./commands/generate-export.ts')).addGenerateExportCommand,
  },
  { names: ['log'], load: async () => (await import('./commands/log.ts')).addLogCommand },
  { names: ['witness'], load: async () => (await import('./commands/witness.ts')).addWitnessCommand },
  { names: ['receipt'], load: async () => (await import('./commands/receipt.ts')).addReceiptCommand },
  { names: ['bundle'], load: async () => (await import('./commands/bundle.ts')).addBundleCommand },
  { names: ['register'], load: async () => (await import('./commands/register.ts')).addRegisterCommand },
  { names: ['mailbox'], load: async () => (await import('./commands/mailbox.ts')).addMailboxCommand },
  { names: ['collect'], load: async () => (await import('./commands/collect.ts')).addCollectCommand },
  { names: ['serve'], load: async () => (await import('./commands/serve.ts')).addServeCommand },
  { names: ['doctor'], load: async () => (await import('./commands/doctor.ts')).addDoctorCommand },
  {
    names: ['backup', 'restore'],
    load: async () => (await import('./commands/backup.ts')).addBackupCommands,
  },
]

/** Runs one command line and sets the exit code of the process. */
export async function runCli(argv: readonly string[], decodeWorkerUrl: URL): Promise<void> {
  const stop = new AbortController()
  const context = createContext(stop.signal, decodeWorkerUrl)
  stopOnSignals(stop, context)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done)
    throw error
  })
  try {
    await (await createProgram(context, argv)).parseAsync([...argv])
  } catch (error) {
    reportFailure(context, error, argv.includes('--json'))
  }
}

async function createProgram(context: CliContext, argv: readonly string[]): Promise<Command> {
  const program = new Command('saksi')
    .description(
      'From a chat export to matches with registered fingerprints, without anybody looking at a picture.',
    )
    .version(VERSION)
    .showHelpAfterError('(saksi --help shows what there is)')
    .addHelpText('after', HELP_END)
    .exitOverride()
  // Whoever names no command of ours gets all of them, for the list or for a likely spelling.
  const named = COMMANDS.filter(({ names }) => names.includes(argv[2] ?? ''))
  for (const { load } of named.length > 0 ? named : COMMANDS) {
    const addCommand = await load()
    addCommand(program, context)
  }
  return program
}

/** The first signal asks the command to stop tidily, the second ends the process at once. */
function stopOnSignals(stop: AbortController, context: CliContext): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(EXIT.interrupted)
      context.note('\nStopping. Nothing half-written is left behind. Press Ctrl-C again to stop at once.')
      stop.abort()
    })
  }
}

function reportFailure(context: CliContext, error: unknown, isJson: boolean): void {
  if (error instanceof CommanderError) {
    context.setExitCode(error.exitCode === 0 ? EXIT.done : EXIT.usage)
    return
  }
  if (context.signal.aborted) {
    context.note('Stopped. Nothing half-written is left; running it again is safe.')
    context.setExitCode(EXIT.interrupted)
    return
  }
  const known = error instanceof AppError ? error : null
  const code = known?.code ?? 'INTERNAL'
  const message =
    known?.message ?? 'Something went wrong in Saksi itself. Nothing you handed over was changed.'
  if (isJson) void context.out(JSON.stringify({ error: { code, message } }))
  context.note(`${context.notePaint.bad('saksi:')} ${safeText(message, 2_000)} [${code}]`)
  if (readConfig(false).isDebug && error instanceof Error) context.note(error.stack ?? '')
  else if (!known)
    context.note('SAKSI_DEBUG=1 shows where. Please report it without any contents of the export.')
  context.setExitCode(code === 'USAGE' ? EXIT.usage : known ? EXIT.refused : EXIT.internal)
}
