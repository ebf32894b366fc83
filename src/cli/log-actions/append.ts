import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { AppError } from '#lib/errors/index.ts'
import { LogStoreError } from '#node/log-store/errors.ts'
import { parseCommitment, parseHandedIn } from '#node/log-store/handed-in.ts'
import { type LogStore, openLog } from '#node/log-store/log-store.ts'
import type { Appended } from '#node/log-store/receipts.ts'
import type { CliContext } from '../context.ts'
import { readStandardInput } from './arguments.ts'
import { writeOutput } from './output.ts'

export interface AppendOptions {
  commitment?: string
  stored?: string
  out?: string
  json?: boolean
}

export async function runAppend(
  context: CliContext,
  folder: string,
  file: string | undefined,
  options: AppendOptions,
): Promise<void> {
  const input = options.commitment === undefined ? await readInput(file) : null
  const log = await openLog(folder, { now: () => new Date(context.nowMs()) })
  try {
    const { appended, record } =
      input === null ? await acceptCommitment(log, options) : await accept(log, input)
    await report(context, appended, record, options)
  } finally {
    await log.close()
  }
}

interface Accepted {
  readonly appended: Appended
  readonly record: string | null
}

async function accept(log: LogStore, input: Uint8Array): Promise<Accepted> {
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))
  const opening = parseHandedIn(input, { origin: log.origin, now: log.now, random })
  return { appended: await log.appendRecord(opening), record: opening.record.id }
}

async function acceptCommitment(
  log: LogStore,
  { commitment = '', stored = '' }: AppendOptions,
): Promise<Accepted> {
  const bytes = parseCommitment(commitment)
  if (bytes === null) throw new AppError('USAGE', '--commitment takes base64 or hexadecimal of 32 bytes.')
  if (!/^[0-9a-f]{64}$/.test(stored)) {
    throw new AppError(
      'USAGE',
      '--commitment needs --stored: the SHA-256, in 64 hexadecimal digits, of the encrypted submission that is stored.',
    )
  }
  return { appended: await log.appendCommitment({ commitment: bytes, manifestSha256: stored }), record: null }
}

async function report(
  context: CliContext,
  appended: Appended,
  record: string | null,
  options: AppendOptions,
): Promise<void> {
  if (options.json) return context.out(JSON.stringify({ record, ...appended }))
  const named = record === null ? '' : ` Its record id is ${record}.`
  if (appended.state === 'logged') {
    context.note(`This is in the log already, as entry ${appended.index}.${named} Nothing was written.`)
    return
  }
  if (options.out !== undefined) {
    await writeOutput(options.out, appended.receipt)
    await context.out(options.out)
  } else {
    await context.out(appended.receipt.trimEnd())
  }
  context.note(
    `${context.notePaint.good('Accepted, and safe on this disk.')}${named} The receipt is a signed promise that it is in the log by ${appended.mergeBy}; after the next checkpoint, saksi log prove gives the proof.`,
  )
}

async function readInput(file: string | undefined): Promise<Uint8Array> {
  if (file === undefined || file === '-') return readStandardInput()
  try {
    return await readFile(file)
  } catch (cause) {
    throw new LogStoreError(
      'LOG_INPUT_INVALID',
      'The file of the record cannot be read. Nothing was written.',
      {
        cause,
      },
    )
  }
}
