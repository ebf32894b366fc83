import type { Command } from 'commander'
import { parsePrivateKey } from '#lib/bundle/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { LogStoreError } from '#node/log-store/index.ts'
import type { CliContext } from '../context.ts'
import { safeText } from '../terminal/safe-text.ts'
import { readInput } from './create-options.ts'
import { type HandOver, recordHandOver } from './hand-over.ts'
import { writeNewFile } from './staging.ts'

const HELP = `
Examples:
  $ saksi bundle handover WAO-0007-H1.zip.age --bundle 4b6f... --agency "Cyber Unit" --method courier \\
      --key manifest.key --log custody --receipt H1.receipt
  $ saksi bundle handover WAO-0007-H1.zip.age --bundle 4b6f... --agency "Cyber Unit" --method courier \\
      --key manifest.key --log custody --acknowledged --reference D11/2026/114

The record holds the digest of the very file that was sent. It is no part of the bundle, which was finished before.`

interface HandOverOptions {
  bundle: string
  agency: string
  method: string
  reference?: string
  acknowledged?: boolean
  key: string
  log: string
  receipt?: string
  json?: boolean
}

/** `saksi bundle handover`: enters in the log that a bundle was handed over or acknowledged. */
export function addHandOver(bundle: Command, context: CliContext): void {
  bundle
    .command('handover')
    .summary('record in the log that a bundle was handed over')
    .description('Enters in the log that a bundle was handed over, or that the agency acknowledged it.')
    .argument('<file>', 'the bundle as it was sent')
    .requiredOption('--bundle <id>', 'id of the bundle, as bundle create shows it')
    .requiredOption('--agency <name>', 'who received it')
    .requiredOption('--method <word>', 'how it went, such as courier, portal or by-hand')
    .requiredOption('--key <file>', 'private Ed25519 key of the organisation for manifests')
    .requiredOption('--log <folder>', 'log in which the bundle is recorded')
    .option('--acknowledged', 'the agency has confirmed that it has it')
    .option('--reference <number>', "the agency's own number for it")
    .option('--receipt <file>', 'where the signed receipt of the log goes')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action((file: string, options: HandOverOptions) => handOver(context, file, options))
}

async function handOver(context: CliContext, file: string, options: HandOverOptions): Promise<void> {
  if (!/^[0-9a-f]{32}$/.test(options.bundle))
    throw new AppError('USAGE', '--bundle takes the 32 hexadecimal digits that bundle create shows.')
  if (!/^[a-z0-9][a-z0-9.-]{0,63}$/.test(options.method))
    throw new AppError('USAGE', '--method takes lower-case letters, digits, dots and dashes.')
  const request: HandOver = {
    file,
    bundle: options.bundle,
    agency: options.agency,
    method: options.method,
    reference: options.reference ?? null,
    isAcknowledged: options.acknowledged === true,
    seed: parsePrivateKey(await readInput(options.key, 'key')),
    nowMs: context.nowMs(),
  }
  const { appended, sha256 } = await recordHandOver(options.log, request)
  if (appended.state !== 'pending')
    throw new LogStoreError('LOG_RECORD_CONFLICT', 'The log has this very record already.')
  if (options.receipt !== undefined) await writeNewFile(options.receipt, appended.receipt)
  const { receipt, ...facts } = appended
  if (options.json) return await context.out(JSON.stringify({ ...facts, sha256 }))
  await context.out(
    `${context.paint.good('recorded')}  ${request.isAcknowledged ? 'acknowledged by' : 'handed over to'} ${safeText(options.agency)}`,
  )
  await context.out(`In the log by ${appended.mergeBy}, commitment ${appended.commitment}`)
  if (options.receipt === undefined) await context.out(receipt.trimEnd())
}
