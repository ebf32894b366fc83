import type { Command } from 'commander'
import type { Finding } from '#contract/program.ts'
import type { CliContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { safeText } from '../terminal/safe-text.ts'
import { loadServer } from './load-server.ts'
import { readPort } from './serve.ts'

const HELP = `
Examples:
  $ saksi doctor
  $ saksi doctor --data /var/lib/saksi --json

Looks at disk, database, log, clock and permissions, and says what to do. Exit code 1: something is not well.`

interface DoctorFlags {
  readonly data?: string
  readonly host?: string
  readonly port?: number
  readonly json?: boolean
}

export function addDoctorCommand(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('Check everything the server needs, and say what to do.')
    .option('--data <folder>', 'data directory')
    .option('--host <address>', 'address the server listens on')
    .option('--port <number>', 'port the server listens on', readPort)
    .option('--json', 'findings as JSON')
    .addHelpText('after', HELP)
    .action(async ({ json, ...flags }: DoctorFlags) => {
      const server = await loadServer(context)
      const findings = await server.doctor(flags)
      if (json === true) await context.out(JSON.stringify({ findings }))
      else for (const finding of findings) await context.out(lineOf(context, finding))
      const isBad = findings.some(({ state }) => state === 'bad')
      context.setExitCode(isBad ? EXIT.partial : EXIT.done)
    })
}

function lineOf({ paint }: CliContext, { what, state, says, advice }: Finding): string {
  const mark = state === 'well' ? paint.good('well') : state === 'note' ? 'note' : paint.bad('BAD ')
  const line = `${mark}  ${what}: ${safeText(says, 500)}`
  return advice === undefined ? line : `${line}\n      ${safeText(advice, 500)}`
}
