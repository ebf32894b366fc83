import { bytesToHex } from '#lib/bytes/index.ts'
import type { CustodyRecord } from '#lib/tlog/index.ts'
import { LogStoreError } from './errors.ts'
import type { LogStore } from './log-store.ts'
import { instantText } from './schedule.ts'

export interface Erased {
  /** The id of the record that says so in the log, or null when the erased record was about no exhibit. */
  readonly loggedAs: string | null
}

/**
 * Destroys the opening of a record: nobody here can tell any more what its entry stands for, and every root and proof
 * stays as it is. For a record about an exhibit the log first gets one that says its opening was erased, naming the
 * exhibit's random id and nothing else. Throws `LOG_OPENING_MISSING`, and `LOG_INPUT_INVALID` for a public record.
 */
export async function eraseOpening(log: LogStore, id: string, reason: string): Promise<Erased> {
  const opening = await log.openings.find(id)
  if (opening === null) {
    throw new LogStoreError(
      'LOG_OPENING_MISSING',
      'There is no record with this id here: it was never in this log, or was erased before. Nothing was changed.',
    )
  }
  const { record } = opening
  if (log.isPublic(record.type)) {
    throw new LogStoreError(
      'LOG_INPUT_INVALID',
      'This record is public: others have copies of it, so it cannot be erased.',
    )
  }
  const loggedAs = await logErasure(log, record, reason)
  const collection = record.body['collection']
  if (record.type === 'collection.sealed' && typeof collection === 'string') {
    await log.openings.eraseItems(collection)
  }
  await log.openings.erase(id)
  return { loggedAs }
}

async function logErasure(log: LogStore, erased: CustodyRecord, reason: string): Promise<string | null> {
  const exhibit = erased.body['exhibit']
  if (typeof exhibit !== 'string' || erased.type === 'exhibit.erased') return null
  const id = bytesToHex(log.random(16))
  const record: CustodyRecord = {
    v: 1,
    type: 'exhibit.erased',
    id,
    log: log.origin,
    at: instantText(log.now),
    by: { role: 'system', key: 'system' },
    body: { exhibit, what: 'salt', reason },
  }
  await log.appendRecord({ salt: log.random(32), record })
  return id
}
