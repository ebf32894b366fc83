import { proveRecord } from '#node/log-store/prove.ts'
import { instantText } from '#node/log-store/schedule.ts'
import type { CliContext } from '../context.ts'
import { safeText } from '../terminal/safe-text.ts'
import { writeOutput } from './output.ts'

export interface ProveCommandOptions {
  out?: string
  bare?: boolean
  json?: boolean
}

export async function runProve(
  context: CliContext,
  folder: string,
  record: string,
  { out, bare, json }: ProveCommandOptions,
): Promise<void> {
  const { proof, verified } = await proveRecord(folder, record, { isBare: bare === true })
  const path = out ?? `${record.replace(/[^A-Za-z0-9]/g, '-').slice(0, 64)}.tlog-proof`
  await writeOutput(path, proof)
  const { checkpoint, index, witnesses, hasQuorum } = verified
  if (json) {
    const facts = {
      file: path,
      origin: checkpoint.origin,
      index,
      size: checkpoint.size,
      witnesses,
      hasQuorum,
    }
    return context.out(JSON.stringify(facts))
  }
  await context.out(path)
  context.note(`Entry ${index} of ${checkpoint.size} in ${safeText(checkpoint.origin)}.`)
  for (const { name, time } of witnesses) {
    context.note(`  seen by ${safeText(name)} at ${instantText(new Date(time * 1000))}`)
  }
  if (witnesses.length === 0) context.note('  No independent witness has seen it yet.')
  if (bare !== true && verified.opening !== null) {
    context.note(
      'The file holds the record itself. Hand it only to whom the record concerns; --bare leaves it out.',
    )
  }
}
