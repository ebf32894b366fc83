import { open } from 'node:fs/promises'
import type { Command } from 'commander'
import { AppError } from '#lib/errors/index.ts'
import {
  formatLeaf,
  leafHash,
  parseNote,
  parsePolicy,
  parseProof,
  parseVkey,
  type VerifiedProof,
  verifyInterimReceipt,
  verifyProof,
} from '#lib/tlog/index.ts'
import { parseCommitment } from '#node/log-store/handed-in.ts'
import { LogStoreError } from '#node/log-store/index.ts'
import { inPlainWords } from '#node/log-store/proof-words.ts'
import { instantText } from '#node/log-store/schedule.ts'
import type { CliContext } from '../context.ts'
import { safeText } from '../terminal/safe-text.ts'

const VERIFY_HELP = `
Examples:
  $ saksi receipt verify report.tlog-proof --policy policy.txt
  $ saksi receipt verify bare.tlog-proof --policy policy.txt --commitment 6E9R8/iT4OTBBYW0Pl9niJ9pG1uYeWiVm6ScV7fTNXM=

The policy names the log and the witnesses that are trusted. Get it from a partner or the organisation's printed page,
never from whoever gave you the file. Nothing is sent, and the file is not changed.`

const INTERIM_HELP = `
Example:
  $ saksi receipt interim receipt.txt --key 'log.example/receipts+63d9c999+Ad8a...' --commitment 6E9R8...NXM=

An interim receipt is a signed promise. It shows that something was handed in, not yet that it is in the log.`

interface VerifyOptions {
  policy: string
  commitment?: string
  json?: boolean
}

interface InterimOptions {
  key: string
  commitment: string
  json?: boolean
}

export function addReceiptCommand(program: Command, context: CliContext): void {
  const receipt = program
    .command('receipt')
    .summary('check a receipt or a proof of a custody log')
    .description('Checks what a custody log gave out, without that log and without a network.')
  receipt
    .command('verify')
    .summary('check a .tlog-proof file')
    .description(
      'Checks that a record is in the log, and which independent organisations have seen it by when.',
    )
    .argument('<file>', '.tlog-proof file')
    .requiredOption('--policy <file>', 'which log and witnesses to trust')
    .option('--commitment <text>', 'what the proof must be about, when the record is not in it')
    .option('--json', 'print a JSON object')
    .addHelpText('after', VERIFY_HELP)
    .action((file: string, options: VerifyOptions) => verify(context, file, options))
  receipt
    .command('interim')
    .summary('check an interim receipt')
    .description('Checks the signed promise that something will be in the log.')
    .argument('<file>', 'interim receipt')
    .requiredOption('--key <vkey>', 'key for receipts of the organisation')
    .requiredOption('--commitment <text>', 'what the receipt must be about')
    .option('--json', 'print a JSON object')
    .addHelpText('after', INTERIM_HELP)
    .action((file: string, options: InterimOptions) => interim(context, file, options))
}

async function verify(
  context: CliContext,
  file: string,
  { policy: policyFile, commitment, json }: VerifyOptions,
): Promise<void> {
  const policy = parsePolicy(await readInput(policyFile), { allowNoWitness: true })
  const bytes = await readInput(file)
  const leaf = commitment === undefined ? null : leafOf(commitment)
  const verified = inPlainWords(() =>
    verifyProof(parseProof(bytes), { policy, ...(leaf !== null && { leafHash: leaf }) }),
  )
  if (json) {
    const { checkpoint, index, witnesses, hasQuorum } = verified
    return context.out(
      JSON.stringify({
        origin: checkpoint.origin,
        index,
        size: checkpoint.size,
        witnesses,
        quorum: hasQuorum,
      }),
    )
  }
  await describe(context, verified)
}

async function describe(context: CliContext, verified: VerifiedProof): Promise<void> {
  const { checkpoint, index, witnesses, opening } = verified
  await context.out(
    `${context.paint.good('It is in the log.')} Entry ${index} of ${checkpoint.size} in ${safeText(checkpoint.origin)}.`,
  )
  if (opening !== null) {
    await context.out(
      `  record  ${safeText(opening.record.type)}, ${safeText(opening.record.at)} by its author's own word`,
    )
  }
  for (const { name, time } of witnesses) {
    await context.out(`  seen by ${safeText(name)} at ${instantText(new Date(time * 1000))}`)
  }
  context.note(
    witnesses.length === 0
      ? 'No independent witness has seen it yet: only the organisation itself vouches for it.'
      : 'It cannot be taken out or changed any more without this file showing it. What the record says is not proven by that.',
  )
}

async function interim(context: CliContext, file: string, options: InterimOptions): Promise<void> {
  const bytes = await readInput(file)
  const [key, commitment] = [parseVkey(options.key), commitmentOf(options.commitment)]
  const receipt = inPlainWords(() => verifyInterimReceipt(parseNote(bytes), [key], commitment))
  const { log, receivedOn, mergeBy, manifestSha256 } = receipt
  if (options.json) return context.out(JSON.stringify({ origin: log, receivedOn, mergeBy, manifestSha256 }))
  await context.out(
    `${context.paint.good('The receipt is genuine.')} ${safeText(log)} received it on ${receivedOn} and promised to have it in the log by ${mergeBy}.`,
  )
  context.note('If there is no proof after that time, this receipt shows a broken promise. Keep it.')
}

function leafOf(text: string): Uint8Array {
  return leafHash(formatLeaf(commitmentOf(text)))
}

function commitmentOf(text: string): Uint8Array {
  const commitment = parseCommitment(text)
  if (commitment === null)
    throw new AppError('USAGE', '--commitment takes base64 or hexadecimal of 32 bytes.')
  return commitment
}

async function readInput(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (size > MAX_INPUT_BYTES) throw new Error('too large')
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw new LogStoreError('LOG_INPUT_INVALID', `${path} cannot be read, or is no such file.`, { cause })
  }
}

/** Larger than any proof, receipt or policy. */
const MAX_INPUT_BYTES = 1024 * 1024
