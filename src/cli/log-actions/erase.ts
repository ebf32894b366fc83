import { eraseOpening } from '#node/log-store/erase.ts'
import { openLog } from '#node/log-store/log-store.ts'
import type { CliContext } from '../context.ts'

export interface EraseOptions {
  reason: string
  json?: boolean
}

export async function runErase(
  context: CliContext,
  folder: string,
  record: string,
  { reason, json }: EraseOptions,
): Promise<void> {
  const log = await openLog(folder, { now: () => new Date(context.nowMs()) })
  try {
    const { loggedAs } = await eraseOpening(log, record, reason)
    if (json) return await context.out(JSON.stringify({ erased: record, loggedAs }))
    await context.out(
      'Erased. What this entry of the log stood for cannot be told from anything here any more.',
    )
    if (loggedAs !== null) await context.out(`That it was erased is entered as ${loggedAs}.`)
    context.note(
      'Proofs and receipts that others hold stay valid, and theirs still show the record. Backups of the openings have to be replaced too; no program can do that from here.',
    )
  } finally {
    await log.close()
  }
}
