import { sha256 } from '@noble/hashes/sha2.js'
import { CallError, dayOf, type KeptReceipt, withdrawSets, writeToOwnCase } from '#client/index.ts'
import { bytesToHex, textToUtf8 } from '#lib/bytes/index.ts'
import { isoWeekOf } from '#lib/seal/index.ts'
import { commitmentOf, parseOpening } from '#lib/tlog/index.ts'
import type { CliContext } from '../context.ts'
import type { Connection } from './connect.ts'
import { IntakeError } from './errors.ts'
import type { OpenedMailbox } from './open-mailbox.ts'
import { patient } from './persist.ts'
import { random } from './random.ts'

interface Means {
  readonly patienceMs?: number
}

/**
 * Takes her pictures out of the bank, which stops looking for them before it answers, and says so in the case. Gives how many.
 * Throws `CallError`; called again it goes on.
 */
export async function withdrawPictures(
  context: CliContext,
  { client }: Connection,
  { mailbox, keys, own, means }: OpenedMailbox,
  { patienceMs }: Means = {},
): Promise<number> {
  const persist = patient(context, patienceMs)
  await persist(() => withdrawSets(client, own.sets))
  const sayings = own.sets.map((about) => ({ type: 'prints.withdraw', body: { about } }) as const)
  await writeToOwnCase(mailbox, keys, own, sayings, { ...means, persist })
  return own.sets.length
}

/**
 * Stops all work and keeps the case until the end of a week (`2026-W48`), whose last day is `keepUntil`. The pictures are not
 * looked for any more. Gives the signed receipt. Throws `CallError`.
 */
export async function withdrawAndKeep(
  context: CliContext,
  connection: Connection,
  opened: OpenedMailbox,
  { until, keepUntil, patienceMs }: Means & { readonly until: string; readonly keepUntil: string },
): Promise<string> {
  const { mailbox, keys, own, means } = opened
  const persist = patient(context, patienceMs)
  await persist(() => withdrawSets(connection.client, own.sets))
  const sayings = [
    ...own.sets.map((about) => ({ type: 'prints.withdraw', body: { about } }) as const),
    { type: 'case.withdraw-keep', body: { keepUntil } } as const,
  ]
  await writeToOwnCase(mailbox, keys, own, sayings, { ...means, persist })
  const commitment = await withdrawalOf(connection, opened)
  return persist(() => mailbox.withdraw({ mode: 'keep', until, commitment }))
}

/**
 * Erases everything the organisation's server holds of her: pictures first, then the case with its mailbox, in one step. Gives
 * the signed receipt, or null when its answer got lost. Throws `IntakeError` NOT_ERASED; called again it goes on.
 */
export async function eraseCase(
  context: CliContext,
  connection: Connection,
  opened: OpenedMailbox,
  { patienceMs }: Means = {},
): Promise<string | null> {
  const { mailbox, own } = opened
  const persist = patient(context, patienceMs)
  try {
    await persist(() => withdrawSets(connection.client, own.sets))
    const commitment = await withdrawalOf(connection, opened)
    let isSent = false
    return await persist(async () => {
      try {
        const receipt = mailbox.withdraw({ mode: 'erase', commitment, erased: [] })
        isSent = true
        return await receipt
      } catch (error) {
        if (isSent && error instanceof CallError && error.code === 'MAILBOX_NOT_FOUND') return null
        throw error
      }
    })
  } catch (cause) {
    if (!(cause instanceof CallError)) throw cause
    throw new IntakeError(
      'NOT_ERASED',
      'The server did not answer to the end, so it is not certain that everything is erased. Run this again with the same code: if it says that nothing is under the code, all is gone.',
      { cause },
    )
  }
}

/** Commitment to the record of the withdrawal. The record itself stays with nobody: there is nothing left to show. */
async function withdrawalOf({ log }: Connection, { keys, own, means }: OpenedMailbox): Promise<string> {
  const at = new Date(means.nowSeconds * 1_000).toISOString()
  const opening = {
    salt: random(32),
    record: {
      v: 1 as const,
      type: 'report.withdrawn',
      id: bytesToHex(random(16)),
      log: await log.origin(),
      at: `${at.slice(0, 19)}Z`,
      by: { role: 'survivor', key: bytesToHex(sha256(keys.sign.publicKey)).slice(0, 16) },
      body: { report: reportIdOf(own.receipts) ?? bytesToHex(random(16)) },
    },
  }
  return bytesToHex(commitmentOf(opening))
}

function reportIdOf(receipts: readonly KeptReceipt[]): string | null {
  const [kept] = receipts
  const bytes = kept === undefined ? null : textToUtf8(kept.opening)
  try {
    return bytes === null ? null : parseOpening(bytes).record.id
  } catch {
    return null
  }
}

/** The ISO week that `day` (`YYYY-MM-DD`) is in, and its last day. Null for a day that does not exist. */
export function weekOf(day: string): { readonly week: string; readonly lastDay: string } | null {
  const seconds = Date.parse(`${day}T00:00:00Z`) / 1_000
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(seconds) || dayOf(seconds) !== day) return null
  const daysLeft = 7 - (new Date(seconds * 1_000).getUTCDay() || 7)
  return { week: isoWeekOf(seconds), lastDay: dayOf(seconds + daysLeft * DAY_SECONDS) }
}

const DAY_SECONDS = 86_400
