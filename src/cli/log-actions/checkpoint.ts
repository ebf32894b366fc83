import { setTimeout as sleep } from 'node:timers/promises'
import { type CheckpointOutcome, makeCheckpoint } from '#node/log-store/checkpoint.ts'
import { withStorage } from '#node/log-store/open-storage.ts'
import { instantText, nextTick } from '#node/log-store/schedule.ts'
import { readSettings } from '#node/log-store/settings.ts'
import type { WitnessState } from '#node/witness/collect.ts'
import type { CliContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { safeText } from '../terminal/safe-text.ts'
import { wholeNumber } from './arguments.ts'

export interface CheckpointCommandOptions {
  now?: boolean
  watch?: boolean
  patience?: string
  json?: boolean
}

export async function runCheckpoint(
  context: CliContext,
  folder: string,
  options: CheckpointCommandOptions,
): Promise<void> {
  const patienceMs = wholeNumber('--patience', options.patience ?? '30') * 1000
  const make = (isOutOfTurn: boolean) =>
    makeCheckpoint(folder, {
      isOutOfTurn,
      patienceMs,
      signal: context.signal,
      now: () => new Date(context.nowMs()),
    })
  let outcome = await make(options.now === true)
  await report(context, folder, outcome, options)
  if (options.watch !== true) return
  const { settings } = await readSettings(folder)
  while (!context.signal.aborted) {
    const now = new Date(context.nowMs())
    const untilDueMs = nextTick(now, settings.intervalMinutes).getTime() - now.getTime()
    const pauseMs = isComplete(outcome) ? untilDueMs : Math.min(untilDueMs, RETRY_MS)
    await sleep(pauseMs, undefined, { signal: context.signal }).catch(() => undefined)
    if (context.signal.aborted) break
    outcome = await make(false)
    await report(context, folder, outcome, options)
  }
}

/** Between two attempts while a witness is missing. */
const RETRY_MS = 60_000

function isComplete(outcome: CheckpointOutcome): boolean {
  if (outcome.state !== 'published') return outcome.state === 'not-due'
  return outcome.asked.every(({ answer }) => answer.kind === 'cosigned')
}

async function report(
  context: CliContext,
  folder: string,
  outcome: CheckpointOutcome,
  { json, now }: CheckpointCommandOptions,
): Promise<void> {
  context.setExitCode(outcome.state === 'unwitnessed' ? EXIT.partial : EXIT.done)
  if (json) return context.out(JSON.stringify(plain(outcome)))
  if (outcome.state === 'not-due') {
    context.note(`Nothing to do: the next checkpoint is due at ${instantText(outcome.due)}.`)
    return
  }
  if (outcome.state === 'published') {
    await context.out(`${context.paint.good('Published.')} The log has ${outcome.size} entries.`)
    for (const { name, time } of outcome.witnesses) {
      await context.out(`  seen by ${safeText(name)} at ${instantText(new Date(time * 1000))}`)
    }
    if (outcome.witnesses.length === 0) context.note('No independent witness has seen it: this log has none.')
  } else {
    context.note(
      `${context.notePaint.attention('Not published:')} too few witnesses answered. What was accepted is safe, receipts stay valid, and the last published checkpoint stays. Run it again; nothing has to be repaired.`,
    )
    await noteFirstPromise(context, folder)
  }
  for (const state of outcome.asked) noteWitness(context, state)
  if (now && outcome.state === 'published')
    context.note('This checkpoint came out of turn. Anybody can see that, though not why.')
}

/** Until when what waits has been promised: after that, receipts show a broken promise. */
async function noteFirstPromise(context: CliContext, folder: string): Promise<void> {
  const lines = await withStorage(folder, ({ storage }) => storage.readPending())
  const [first] = lines.map(({ mergeBy }) => mergeBy).sort()
  if (first !== undefined) context.note(`What waits has been promised to be in the log by ${first}.`)
}

function noteWitness(context: CliContext, { name, answer }: WitnessState): void {
  const words = describe(answer)
  if (words !== null) context.note(`  ${safeText(name)}: ${words}`)
}

function describe(answer: WitnessState['answer']): string | null {
  switch (answer.kind) {
    case 'cosigned':
    case 'conflict':
    case 'refused':
      return null
    case 'unknown-log':
      return 'it does not know this log. Send its operator the log key.'
    case 'other-key':
      return 'it knows this log under another key. Find out why, before anything else.'
    case 'unavailable':
      return safeText(answer.why)
  }
}

function plain(outcome: CheckpointOutcome): object {
  if (outcome.state === 'not-due') return { state: outcome.state, due: instantText(outcome.due) }
  const asked = outcome.asked.map(({ name, answer }) => ({
    name,
    answer: answer.kind,
    why: describe(answer),
  }))
  return { ...outcome, asked }
}
