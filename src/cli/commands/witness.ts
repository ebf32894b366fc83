import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Command } from 'commander'
import { formatVkey, parseVkey } from '#lib/tlog/index.ts'
import { createKeyFile, readKeyFile } from '#node/log-store/key-file.ts'
import { addLog, makeStateFolders, serveWitness } from '#node/witness/index.ts'
import type { CliContext } from '../context.ts'
import { listenAddress } from '../log-actions/arguments.ts'
import { safeText } from '../terminal/safe-text.ts'

const HELP = `
Examples:
  $ saksi witness init --key witness.key --name witness.example.net
  $ saksi witness add --state seen 'custody.example.org/log+427f05ff+AUao...'
  $ saksi witness serve --key witness.key --state seen --listen 127.0.0.1:8471

A witness co-signs what another organisation's log says of itself, after checking that nothing was taken out or changed
since the last time. It sees no record and learns nothing about anybody.

The folder of its state must never be put back from a copy, and never be used by two programs: a witness that forgets
what it has seen can be shown two histories. When it is lost, start again with a new key.`

export function addWitnessCommand(program: Command, context: CliContext): void {
  const witness = program
    .command('witness')
    .summary("co-sign another organisation's log")
    .description(
      "Watches over another organisation's custody log: co-signs it as long as nothing is taken out.",
    )
    .addHelpText('after', HELP)
  witness
    .command('init')
    .summary('make the key of a witness')
    .description('Makes the key of a witness and prints the half that logs put in their policy.')
    .requiredOption('--key <file>', 'new file for the private key')
    .requiredOption('--name <name>', 'name of the witness, such as witness.example.net')
    .option('--json', 'print a JSON object')
    .action((options: InitOptions) => init(context, options))
  witness
    .command('add')
    .summary('put a log on the list of those that are co-signed')
    .description('From now on this log is co-signed, also by a witness that runs already.')
    .argument('<vkey>', "the log's key, as its operator gave it to you")
    .requiredOption('--state <folder>', 'folder of what was co-signed')
    .option('--origin <name>', 'origin of the log, when it differs from the name of its key')
    .action((vkey: string, options: AddOptions) => add(context, vkey, options))
  witness
    .command('serve')
    .summary('run the witness')
    .description('Answers logs that ask for a co-signature, until it is stopped.')
    .requiredOption('--key <file>', 'private key of the witness')
    .requiredOption('--state <folder>', 'folder of what was co-signed')
    .option('--listen <address:port>', 'where to listen', '127.0.0.1:8471')
    .action((options: ServeOptions) => serve(context, options))
}

interface InitOptions {
  key: string
  name: string
  json?: boolean
}

interface AddOptions {
  state: string
  origin?: string
}

interface ServeOptions {
  key: string
  state: string
  listen: string
}

async function init(context: CliContext, { key, name, json }: InitOptions): Promise<void> {
  const { vkey } = await createKeyFile(key, 'witness', name, new Uint8Array(randomBytes(32)))
  const text = formatVkey(vkey)
  await context.out(json ? JSON.stringify({ vkey: text }) : text)
  context.note(
    `The private key is in ${key}; only you may read it. Give the line above, and your address, to the logs.`,
  )
}

async function add(context: CliContext, text: string, { state, origin }: AddOptions): Promise<void> {
  const vkey = parseVkey(text)
  await makeStateFolders(state)
  await addLog(state, vkey, origin ?? vkey.name)
  await context.out(`${safeText(origin ?? vkey.name)} is co-signed from now on.`)
}

async function serve(context: CliContext, { key, state, listen }: ServeOptions): Promise<void> {
  const { host, port } = listenAddress(listen)
  const signingKey = await readKeyFile(key, 'witness')
  const running = await serveWitness({
    key: signingKey,
    state,
    host,
    port,
    now: () => new Date(context.nowMs()),
    notice: (message) => context.note(safeText(message, 1_000)),
  })
  await context.out(`${safeText(signingKey.vkey.name)} listens on ${running.url}`)
  context.note('Stop it with Ctrl-C; nothing is lost by that.')
  if (!context.signal.aborted) await once(context.signal, 'abort')
  await running.close()
}
