import type { Command } from 'commander'
import type { CliContext } from '../context.ts'
import { type AppendOptions, runAppend } from '../log-actions/append.ts'
import { type CheckpointCommandOptions, runCheckpoint } from '../log-actions/checkpoint.ts'
import { type EraseOptions, runErase } from '../log-actions/erase.ts'
import { type InitOptions, runInit } from '../log-actions/init.ts'
import { type ProveCommandOptions, runProve } from '../log-actions/prove.ts'
import { type RotateOptions, runRotate } from '../log-actions/rotate.ts'
import { runServe, type ServeCommandOptions } from '../log-actions/serve.ts'
import { runRecover, runWitnesses, type WitnessesOptions } from '../log-actions/upkeep.ts'
import { runFsck, runVerify, type VerifyOptions } from '../log-actions/verify.ts'

const INIT_HELP = `
Examples:
  $ saksi log init custody --origin custody.example.org/log
  $ saksi log init custody --origin custody.example.org/log --keys /safe/keys \\
      --witness 'w1.example.net+35f27b6c+BGAO...@https://w1.example.net' \\
      --witness 'w2.example.com+a43403d6+BPvh...@https://w2.example.com' \\
      --witness 'w3.example.edu+11c0ffee+BK3x...@https://w3.example.edu' --quorum 2

  $ saksi log init custody --origin custody.example.org/log --database postgres://saksi@db.example/saksi

With --database the log lies in PostgreSQL 15 or newer, and the folder has its settings and keys; all commands go on
taking the folder. Who backs up the database does not have the keys, and who has the keys notices an old database.

Choose the origin with care: it stays for the life of the log. Witnesses are other organisations that co-sign; without
them, nobody but yours can tell whether something was taken out of the log.`

const APPEND_HELP = `
Examples:
  $ saksi log append custody record.json --out receipt.txt
  $ echo '{"type":"case.opened","by":{"role":"caseworker","key":"3f9a0c1d2e4b5a69"},
      "body":{"case":"000102030405060708090a0b0c0d0e0f"}}' | saksi log append custody

A record may leave out "v", "id", "log" and "at". It holds digests, random ids, counts and codes, never words about a
person; anything else is refused. The log itself gets a commitment only: 59 bytes that tell nothing. Record and salt
stay in the folder of openings.

When the receipt is printed, the record is safe from a crash or power cut and will be in the log. The same record twice
is one entry.`

const CHECKPOINT_HELP = `
Examples:
  $ saksi log checkpoint custody            once, when it is due: for a timer
  $ saksi log checkpoint custody --watch    at each time of the schedule, until stopped
  $ saksi log checkpoint custody --now      out of turn

Every checkpoint adds 16, 64, 256, ... entries, filled up with entries of no meaning, so that nobody can tell how much
happened. Each witness is asked first how far it is; when one has seen more than there is here, this is an old copy,
and nothing is signed.

Exit code 1: too few witnesses answered, and nothing was published. What was accepted is safe; run it again.`

const PROVE_HELP = `
Examples:
  $ saksi log prove custody 000102030405060708090a0b0c0d0e0f --out report.tlog-proof
  $ saksi log prove custody 6E9R8/iT4OTBBYW0Pl9niJ9pG1uYeWiVm6ScV7fTNXM= --bare

Anybody can check the file later without this log: saksi receipt verify FILE --policy POLICY`

const VERIFY_HELP = `
Examples:
  $ saksi log verify custody
  $ saksi log verify copy-of-served/ --policy policy-from-a-partner.txt

Reads what the log serves, or a copy of it, and computes everything from the entries on.`

const FSCK_HELP = `
Example:
  $ saksi log fsck custody

Changes nothing. Checks what verify checks, and what is private: the list of what was signed, what waits, the keys and
who may read them, the openings.`

const WITNESSES_HELP = `
Example:
  $ saksi log witnesses custody --witness 'w1.example.net+35f27b6c+BGAO...@https://w1.example.net' \\
      --witness 'w4.example.com+a43403d6+BPvh...@https://w4.example.com'

Takes the place of all witnesses the log had, from the next checkpoint on, and is entered in the log for everybody to
see. Tell partners the new policy another way than through the log.`

const ROTATE_HELP = `
Examples:
  $ saksi log rotate custody             begin: from the next checkpoint on, the old key and a new one sign
  $ saksi log rotate custody --finish    30 days later: the new key alone

Give the new policy and the new key to partners and witnesses in between; each witness runs saksi witness add. What the
old key has signed stays valid under the policy of its time. When somebody else may have the old key, do not use this:
stop the log, and begin a new one with another origin.`

const RECOVER_HELP = `
Example:
  $ saksi log recover custody --from copy-of-served/

When an old copy of the folder had to be put back, the log refuses to sign, because that would make a second history.
With a mirror of what it served last, it can go on where it was. Records that were accepted after the copy was made are
in the log, but cannot be opened here any more.`

const SERVE_HELP = `
Example:
  $ saksi log serve custody --listen 127.0.0.1:8470

Serves checkpoint, tiles, entries, policy and the openings of public records, in the layout of C2SP tlog-tiles. Nothing
else of the folder can be reached. Put a web server with TLS before it, or copy the folder "served" to one.`

const ERASE_HELP = `
Example:
  $ saksi log erase custody 000102030405060708090a0b0c0d0e0f --reason erasure-request

Destroys the record and its salt. The entry stays, and means nothing to anybody here any more; every proof stays valid.`

export function addLogCommand(program: Command, context: CliContext): void {
  const log = program
    .command('log')
    .summary('keep a custody log that nobody can quietly change')
    .description(
      'Keeps an append-only custody log: what was entered can be proven, and taking it out again can be proven too.',
    )
  addInit(log, context)
  addAppend(log, context)
  addCheckpoint(log, context)
  addProve(log, context)
  log
    .command('verify')
    .summary('check what a log serves')
    .description(
      'Checks what a log serves, or a copy of it: signatures, witnesses, every entry and every tile.',
    )
    .argument('<folder>', 'the log, or a copy of what it serves')
    .option('--policy <file>', 'the keys to trust, from anywhere but the log')
    .option('--json', 'print a JSON object')
    .addHelpText('after', VERIFY_HELP)
    .action((folder: string, options: VerifyOptions) => runVerify(context, folder, options))
  log
    .command('fsck')
    .summary('check everything a log has')
    .description('Computes everything again from the entries, and checks the private files of the log too.')
    .argument('<folder>', 'folder of the log')
    .option('--json', 'print a JSON object')
    .addHelpText('after', FSCK_HELP)
    .action((folder: string, options: { json?: boolean }) => runFsck(context, folder, options))
  log
    .command('serve')
    .summary('serve a log to whoever wants to check it')
    .description('Serves what everybody may read of a log, until it is stopped.')
    .argument('<folder>', 'the log, or a copy of what it serves')
    .option('--listen <address:port>', 'where to listen', '127.0.0.1:8470')
    .addHelpText('after', SERVE_HELP)
    .action((folder: string, options: ServeCommandOptions) => runServe(context, folder, options))
  log
    .command('erase')
    .summary('destroy what a record says, and keep the log whole')
    .description('Destroys the opening of a record: its text and its salt.')
    .argument('<folder>', 'folder of the log')
    .argument('<record>', 'id of the record')
    .option('--reason <code>', 'why, in one word of small letters and hyphens', 'erasure-request')
    .option('--json', 'print a JSON object')
    .addHelpText('after', ERASE_HELP)
    .action((folder: string, record: string, options: EraseOptions) =>
      runErase(context, folder, record, options),
    )
  log
    .command('witnesses')
    .summary('choose other witnesses')
    .description('Chooses the witnesses of a log anew.')
    .argument('<folder>', 'folder of the log')
    .requiredOption('--witness <vkey@url>', 'a witness and where it answers; once for each', collect)
    .option('--quorum <count>', 'how many must have seen a checkpoint (more than half, unless told)')
    .addHelpText('after', WITNESSES_HELP)
    .action((folder: string, options: WitnessesOptions) => runWitnesses(context, folder, options))
  log
    .command('rotate')
    .summary('put a new key in the place of the old one')
    .description('Begins to sign with a new key beside the old one, or ends that.')
    .argument('<folder>', 'folder of the log')
    .option('--finish', 'from the next checkpoint on sign with the new key alone')
    .option('--early', 'with --finish: before 30 days are over')
    .option('--json', 'print a JSON object')
    .addHelpText('after', ROTATE_HELP)
    .action((folder: string, options: RotateOptions) => runRotate(context, folder, options))
  log
    .command('recover')
    .summary('bring an old copy up to date from a mirror')
    .description(
      'Brings a log that was put back from a copy up to what it has published, from a mirror of that.',
    )
    .argument('<folder>', 'folder of the log')
    .requiredOption('--from <folder>', 'mirror: a copy of what the log served last')
    .addHelpText('after', RECOVER_HELP)
    .action((folder: string, { from }: { from: string }) => runRecover(context, folder, from))
}

function addInit(log: Command, context: CliContext): void {
  log
    .command('init')
    .summary('make a log')
    .description('Makes a log in a new folder, with its keys.')
    .argument('<folder>', 'folder that is not there yet, or empty')
    .requiredOption('--origin <name>', 'name of the log for ever: its address without https://, with a path')
    .option('--witness <vkey@url>', 'a witness and where it answers; once for each', collect)
    .option(
      '--quorum <count>',
      'how many witnesses must have seen a checkpoint (more than half, unless told)',
    )
    .option('--interval <minutes>', 'time between checkpoints: 5 to 1440', '60')
    .option('--keys <folder>', 'keep the private keys there')
    .option('--openings <folder>', 'keep records and salts there')
    .option(
      '--database <address>',
      'keep all but the keys in PostgreSQL: postgres://..., or a folder in which it is run',
    )
    .option('--json', 'print a JSON object')
    .addHelpText('after', INIT_HELP)
    .action((folder: string, options: InitOptions) => runInit(context, folder, options))
}

function addAppend(log: Command, context: CliContext): void {
  log
    .command('append')
    .summary('enter a record')
    .description('Enters a record and gives an interim receipt: a signed promise that it will be in the log.')
    .argument('<folder>', 'folder of the log')
    .argument('[file]', 'JSON of the record; standard input unless given')
    .option('--commitment <text>', 'enter a commitment that was made elsewhere, instead of a record')
    .option('--stored <sha256>', 'with --commitment: digest of the encrypted submission that is stored')
    .option('--out <file>', 'write the receipt there instead of printing it')
    .option('--json', 'print a JSON object')
    .addHelpText('after', APPEND_HELP)
    .action((folder: string, file: string | undefined, options: AppendOptions) =>
      runAppend(context, folder, file, options),
    )
}

function addCheckpoint(log: Command, context: CliContext): void {
  log
    .command('checkpoint')
    .summary('sign what was entered, with witnesses')
    .description(
      'Adds what waits to the tree, signs it, has it co-signed by the witnesses, and publishes it.',
    )
    .argument('<folder>', 'folder of the log')
    .option('--now', 'do not wait until it is due')
    .option('--watch', 'go on at each time of the schedule')
    .option('--patience <seconds>', 'how long to go on asking witnesses that do not answer', '30')
    .option('--json', 'print a JSON object for each checkpoint')
    .addHelpText('after', CHECKPOINT_HELP)
    .action((folder: string, options: CheckpointCommandOptions) => runCheckpoint(context, folder, options))
}

function addProve(log: Command, context: CliContext): void {
  log
    .command('prove')
    .summary('prove that a record is in the log')
    .description('Writes a proof that a record is in the log: a file that can be checked without the log.')
    .argument('<folder>', 'folder of the log')
    .argument('<record>', 'id of the record, or its commitment')
    .option('--out <file>', 'name of the proof')
    .option('--bare', 'leave the record and its salt out')
    .option('--json', 'print a JSON object')
    .addHelpText('after', PROVE_HELP)
    .action((folder: string, record: string, options: ProveCommandOptions) =>
      runProve(context, folder, record, options),
    )
}

function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value]
}
