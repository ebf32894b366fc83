import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { formatVkey, parsePolicy } from '#lib/tlog/index.ts'
import { initLog } from '#node/log-store/init-log.ts'
import { readKeyFile } from '#node/log-store/key-file.ts'
import { readPolicy } from '#node/log-store/open-storage.ts'
import { readSettings } from '#node/log-store/settings.ts'
import type { CliContext } from '../context.ts'
import { wholeNumber } from './arguments.ts'

export interface InitOptions {
  origin: string
  witness?: string[]
  quorum?: string
  interval?: string
  keys?: string
  openings?: string
  database?: string
  json?: boolean
}

export async function runInit(context: CliContext, folder: string, options: InitOptions): Promise<void> {
  const { origin, witness, keys, openings, quorum, interval, database } = options
  await initLog(folder, {
    origin,
    now: () => new Date(context.nowMs()),
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    ...(witness && { witnesses: witness }),
    ...(quorum !== undefined && { quorum: wholeNumber('--quorum', quorum) }),
    ...(interval !== undefined && { intervalMinutes: wholeNumber('--interval', interval) }),
    ...(keys !== undefined && { keys }),
    ...(openings !== undefined && { openings }),
    ...(database !== undefined && { database: databaseAddress(database) }),
  })
  await describe(context, folder, options.json === true)
}

/** A folder is named from wherever the next command is run. */
function databaseAddress(text: string): string {
  return /^postgres(ql)?:/.test(text) ? text : resolve(text)
}

async function describe(context: CliContext, folder: string, isJson: boolean): Promise<void> {
  const { settings, layout } = await readSettings(folder)
  const { witnesses } = parsePolicy(await readPolicy(folder), { allowNoWitness: true })
  const logKey = formatVkey((await readKeyFile(layout.logKey, 'log')).vkey)
  const receiptsKey = formatVkey((await readKeyFile(layout.receiptsKey, 'receipts')).vkey)
  if (isJson) {
    const names = witnesses.map(({ name }) => name)
    return context.out(JSON.stringify({ origin: settings.origin, logKey, receiptsKey, witnesses: names }))
  }
  const { out, paint } = context
  await out(paint.bold(`The log ${settings.origin} is made in ${folder}.`))
  await out(`  log key       ${logKey}`)
  await out(`  receipts key  ${receiptsKey}`)
  await out(`  private keys  ${layout.logKey}, ${layout.receiptsKey}`)
  if (settings.storage === 'database') {
    await out(`  all else      in the database; its address is in ${layout.databaseAddress}`)
  } else {
    await out(`  openings      ${layout.openings} (records and salts; never served)`)
    await out(`  served        ${layout.served} (all that anybody may see)`)
  }
  await out(`  checkpoints   every ${settings.intervalMinutes} minutes`)
  if (witnesses.length === 0) {
    context.note(
      `${context.notePaint.attention('No independent witness yet.')} Until other organisations co-sign, nobody but yours vouches for this log. Make it again with --witness before real reports go in.`,
    )
  } else {
    await out(`  witnesses     ${witnesses.map(({ name }) => name).join(', ')}`)
    context.note(`Send the log key to each witness; it runs: saksi witness add --state FOLDER '${logKey}'`)
  }
  context.note('Never let two programs sign with one key, and never put an old copy of this folder back.')
}
