import { parsePolicy } from '#lib/tlog/index.ts'
import { changeWitnesses } from '#node/log-store/change-witnesses.ts'
import { openLog } from '#node/log-store/log-store.ts'
import { recoverLog } from '#node/log-store/recover.ts'
import type { CliContext } from '../context.ts'
import { wholeNumber } from './arguments.ts'

export interface WitnessesOptions {
  witness: string[]
  quorum?: string
}

export async function runWitnesses(
  context: CliContext,
  folder: string,
  { witness, quorum }: WitnessesOptions,
): Promise<void> {
  const log = await openLog(folder, { now: () => new Date(context.nowMs()) })
  try {
    const count = quorum === undefined ? {} : { quorum: wholeNumber('--quorum', quorum) }
    const policy = parsePolicy(await changeWitnesses(log, { witnesses: witness, ...count }))
    await context.out(`From the next checkpoint on: ${policy.witnesses.map(({ name }) => name).join(', ')}.`)
    context.note(
      'Proofs that were given keep holding under the policy of their time. Give partners the new one.',
    )
  } finally {
    await log.close()
  }
}

export async function runRecover(context: CliContext, folder: string, mirror: string): Promise<void> {
  const size = await recoverLog(folder, mirror, new Date(context.nowMs()))
  await context.out(`The log is whole again, with ${size} entries. Nothing was signed.`)
  context.note('The next checkpoint asks the witnesses whether that is all: saksi log checkpoint')
}
