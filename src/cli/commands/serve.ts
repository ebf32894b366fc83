import { type Command, InvalidArgumentError } from 'commander'
import type { CliContext } from '../context.ts'
import { loadServer } from './load-server.ts'

const HELP = `
Examples:
  $ saksi serve                                  data in the usual folder, http://127.0.0.1:8787
  $ saksi serve --data /var/lib/saksi --port 80 --host 0.0.0.0
  $ DATABASE_URL=postgres://… saksi serve        with a PostgreSQL of yours, 15 or newer

The first start makes the data directory and prints one link for setting up. The log on standard output holds no
addresses, no contents and no ids. Ctrl-C or SIGTERM ends it tidily; nothing that was acknowledged is ever lost.

Environment: SAKSI_DATA, SAKSI_HOST, SAKSI_PORT, SAKSI_URL (what people type), SAKSI_ORIGINS (pages that may use it),
SAKSI_BEHIND_PROXY=1, SAKSI_LOG_ORIGIN (name of the custody log, before the first start), DATABASE_URL.`

interface ServeFlags {
  readonly data?: string
  readonly host?: string
  readonly port?: number
  readonly newSetupLink?: boolean
}

export function addServeCommand(program: Command, context: CliContext): void {
  program
    .command('serve')
    .description('Run the server that takes sealed reports in.')
    .option('--data <folder>', 'data directory')
    .option('--host <address>', 'address to listen on')
    .option('--port <number>', 'port to listen on', readPort)
    .option('--new-setup-link', 'print a new link for setting up; the former one is worth nothing then')
    .addHelpText('after', HELP)
    .action(async (flags: ServeFlags) => {
      const server = await loadServer(context)
      await server.serve({
        ...flags,
        signal: context.signal,
        say: (line) => context.note(line),
        log: (line) => void context.out(line),
      })
    })
}

export function readPort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new InvalidArgumentError('a port is a whole number up to 65535')
}
