import { bytesToBase64 } from '#lib/bytes/index.ts'
import { checkRecord, type Opening } from '#lib/tlog/index.ts'
import { acceptAll, busy } from './accept.ts'
import { LogStoreError } from './errors.ts'
import { halted } from './halt.ts'
import { readKeyFile } from './key-file.ts'
import { arrivalOf, type HandedIn } from './log-store.ts'
import { openStorage } from './open-storage.ts'
import { type LogDatabase, postgresEntries, postgresOpenings, type Runner } from './postgres/index.ts'
import { type Appended, ReceiptSigner } from './receipts.ts'

/** What was accepted in a transaction. It is a promise only once that is committed: then `receipt` signs it. */
export interface AcceptedInTransaction {
  /** Base64 of 32 bytes. */
  readonly commitment: string
  /** By when it is to be in the log, `YYYY-MM-DDTHH:MM:SSZ`; null when it is there already. */
  readonly mergeBy: string | null
}

/** Accepts entries of a log in transactions of the caller's. Holds no lock; many programs may have one. */
export interface LogAppender {
  readonly origin: string
  /**
   * Accepts a commitment as a part of `transaction`, which is to be one of the database that has the log: either all of it
   * is committed, with the commitment, or nothing. The same one again is accepted once. Throws `LOG_BUSY`, `LOG_HALTED`,
   * `DATABASE_*`; the transaction has then to be rolled back.
   */
  append(transaction: Runner, handedIn: HandedIn): Promise<AcceptedInTransaction>
  /** The same for a record, whose opening is kept in the same transaction. Throws `TlogError`, `LOG_RECORD_CONFLICT` too. */
  appendRecord(transaction: Runner, opening: Opening): Promise<AcceptedInTransaction>
  /**
   * The answer to whoever handed a commitment in, with the signed interim receipt. Reads what is committed, outside of any
   * transaction: what was rolled back is `LOG_RECORD_UNKNOWN`, so that nothing is ever promised that is not kept.
   */
  receipt(commitment: string): Promise<Appended>
}

/**
 * Opens a log in a database for accepting. `folder` has its settings and keys, of which only that for receipts is read.
 * Throws `LOG_NOT_FOUND`, `LOG_DAMAGED`, `LOG_SETTINGS` for a log in a folder, `KEY_*`, `DATABASE_*`.
 */
export async function openAppender({
  folder,
  database,
  now = () => new Date(),
}: {
  folder: string
  database: LogDatabase
  now?: () => Date
}): Promise<LogAppender> {
  const { settings, layout, storage } = await openStorage({ folder, database })
  if (settings.storage !== 'database') {
    throw new LogStoreError('LOG_SETTINGS', `The log in ${folder} lies in that folder, not in a database.`)
  }
  const receipts = new ReceiptSigner(settings.origin, await readKeyFile(layout.receiptsKey, 'receipts'))
  const accept = async (runner: Runner, arrival: ReturnType<typeof arrivalOf>) => {
    const { intervalMinutes } = settings
    const [accepted] = await acceptAll(postgresEntries(runner), [arrival], { now: now(), intervalMinutes })
    if (!accepted) throw busy()
    const mergeBy = 'index' in accepted ? null : accepted.pending.mergeBy
    return { commitment: arrival.commitment, mergeBy }
  }
  const assertRunning = async (): Promise<void> => {
    const halt = await storage.readHalt()
    if (halt !== null) throw halted(halt)
  }
  return {
    origin: settings.origin,
    append: async (transaction, { commitment, manifestSha256 }) => {
      await assertRunning()
      return accept(transaction, {
        commitment: bytesToBase64(commitment),
        manifestSha256,
        publicRecord: null,
      })
    },
    appendRecord: async (transaction, opening) => {
      checkRecord(opening.record, { log: settings.origin })
      await assertRunning()
      return accept(transaction, arrivalOf(await postgresOpenings(transaction).keep(opening)))
    },
    receipt: async (commitment) => {
      const entries = postgresEntries(database)
      const pending = (await entries.findPending([commitment])).get(commitment)
      const index = (await entries.findLogged([commitment])).get(commitment)
      if (index !== undefined) return receipts.answer(commitment, { index })
      if (pending !== undefined) return receipts.answer(commitment, { pending })
      throw new LogStoreError('LOG_RECORD_UNKNOWN', 'This was not accepted by this log.')
    },
  }
}
