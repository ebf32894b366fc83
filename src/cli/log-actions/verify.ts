import { readFile } from 'node:fs/promises'
import { parsePolicy } from '#lib/tlog/index.ts'
import { type LogFault, LogStoreError } from '#node/log-store/errors.ts'
import { checkLog } from '#node/log-store/fsck.ts'
import { instantText } from '#node/log-store/schedule.ts'
import { type ServedLog, type VerifiedLog, verifyServed } from '#node/log-store/verify-log.ts'
import type { CliContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { safeText } from '../terminal/safe-text.ts'
import { openServed } from './serve.ts'

export interface VerifyOptions {
  policy?: string
  json?: boolean
}

export async function runVerify(context: CliContext, folder: string, options: VerifyOptions): Promise<void> {
  const served = await openServed(folder)
  try {
    await verify(context, served, folder, options)
  } finally {
    await served.close()
  }
}

async function verify(
  context: CliContext,
  served: ServedLog,
  folder: string,
  options: VerifyOptions,
): Promise<void> {
  const policy = parsePolicy(await readPolicyText(served, folder, options.policy), { allowNoWitness: true })
  const { published, faults } = await verifyServed(served, policy)
  if (options.json) await context.out(JSON.stringify({ ...facts(published), faults }))
  else if (faults.length === 0) await describe(context, published)
  await reportFaults(context, faults, options.json === true)
  if (published !== null && !published.hasQuorum && policy.quorum !== null) {
    throw new LogStoreError('LOG_NO_QUORUM', 'Too few independent witnesses have seen this checkpoint.')
  }
  if (options.policy === undefined && !options.json) {
    context.note(
      'The keys that were trusted came from the log itself. To be sure that they are the right ones, hand in a policy you got another way: --policy FILE',
    )
  }
}

export async function runFsck(
  context: CliContext,
  folder: string,
  { json }: { json?: boolean },
): Promise<void> {
  const report = await checkLog(folder, new Date(context.nowMs()))
  const { faults, published, ...counts } = report
  if (json) await context.out(JSON.stringify({ ...counts, ...facts(published), faults }))
  else {
    await context.out(
      `${safeText(report.origin)}: signed up to ${counts.signedSize} entries, published ${published?.checkpoint.size ?? 0}.`,
    )
    await context.out(`  ${counts.pendingCount} accepted and waiting for the next checkpoint`)
    await context.out(`  ${counts.openingCount} records can be opened here`)
    if (faults.length === 0)
      await context.out(context.paint.good('  Everything was computed again from the entries, and is right.'))
  }
  await reportFaults(context, faults, json === true)
}

async function describe(context: CliContext, published: VerifiedLog['published']): Promise<void> {
  if (published === null) {
    await context.out('This log has published nothing yet.')
    return
  }
  const { origin, size } = published.checkpoint
  await context.out(
    `${context.paint.good('The log is whole.')} ${safeText(origin)} has ${size} entries, and each was checked.`,
  )
  for (const { name, time } of published.witnesses) {
    await context.out(`  seen by ${safeText(name)} at ${instantText(new Date(time * 1000))}`)
  }
  if (published.witnesses.length === 0) context.note('No independent witness has seen it.')
}

function facts(published: VerifiedLog['published']): object {
  if (published === null) return { published: null }
  const { checkpoint, witnesses, hasQuorum } = published
  return { published: { origin: checkpoint.origin, size: checkpoint.size, witnesses, hasQuorum } }
}

async function reportFaults(
  context: CliContext,
  faults: readonly LogFault[],
  isJson: boolean,
): Promise<void> {
  if (faults.length === 0) return
  context.setExitCode(EXIT.refused)
  if (isJson) return
  for (const { code, where, what } of faults)
    context.note(`${context.notePaint.bad('wrong')}  ${safeText(where)}: ${safeText(what, 400)} [${code}]`)
  context.note(
    'This is not what was signed. Keep the folder as it is: it is evidence. Proofs and receipts that were handed out stay valid. Compare with a mirror before anything is repaired.',
  )
}

/** The policy in a file that was handed in, or the one that the log serves. */
async function readPolicyText(
  served: ServedLog,
  folder: string,
  file: string | undefined,
): Promise<Uint8Array> {
  if (file === undefined) {
    const own = await served.read('policy')
    if (own === null) throw new LogStoreError('LOG_NOT_FOUND', `There is no log in ${folder}.`)
    return own
  }
  try {
    return await readFile(file)
  } catch (cause) {
    throw new LogStoreError('LOG_NOT_FOUND', `The policy ${file} cannot be read.`, { cause })
  }
}
