import { bytesToBase64, textToUtf8 } from '#lib/bytes/index.ts'
import {
  canonicalRecord,
  commit,
  formatProof,
  parseOpening,
  parsePolicy,
  parseProof,
  parseRecord,
} from '#lib/tlog/index.ts'
import {
  makeCheckpoint,
  openLog,
  proveRecord,
  proveRecords,
  readPolicy,
  readSettings,
  withStorage,
} from '#node/log-store/index.ts'
import type { BundleLog, UnprovenRecord } from './bundle-log.ts'
import { BundleFileError } from './errors.ts'
import { readSealedCapture } from './sealed-capture.ts'

/**
 * The log in a folder, for making a bundle. A bundle does not wait for the log's timetable: each call of `prove` makes a
 * checkpoint out of turn, which everybody can see. Throws what the log store throws, and `BundleFileError`
 * `LOG_UNWITNESSED` when the log has no witness and that was not allowed, `SEAL_LOG_PENDING` when too few witnesses answer:
 * the records are then safe in the log, and making the bundle again makes new ones.
 */
export async function openBundleLog(
  folder: string,
  { allowsNoWitness, signal }: { allowsNoWitness: boolean; signal: AbortSignal },
): Promise<BundleLog> {
  const { settings } = await readSettings(folder)
  const policy = await readPolicy(folder)
  if (parsePolicy(policy, { allowNoWitness: true }).quorum === null && !allowsNoWitness) throw unwitnessed()
  return {
    origin: settings.origin,
    policy,
    prove: async (records) => {
      if (records.length === 0) return []
      await appendAll(folder, records)
      const outcome = await makeCheckpoint(folder, { isOutOfTurn: true, signal })
      if (outcome.state !== 'published') throw pending(outcome.state)
      const commitments = records.map(({ record, salt }) => bytesToBase64(commit(salt, record)))
      const proven = await proveRecords(folder, commitments, { isBare: true })
      return proven.map(({ proof }) => proof)
    },
    capture: (collection) =>
      withStorage(folder, ({ storage }) => readSealedCapture(storage.openings.readItems(collection))),
    open: async (record) => {
      const { proof } = await proveRecord(folder, record)
      const { extra, ...bare } = parseProof(textToUtf8(proof) ?? new Uint8Array())
      const opening = parseOpening(extra ?? new Uint8Array())
      return {
        record: canonicalRecord(opening.record),
        salt: opening.salt,
        proof: formatProof({ ...bare, extra: null }),
      }
    },
  }
}

/** What comes together is made durable together. */
const AT_ONCE = 1000

async function appendAll(folder: string, records: readonly UnprovenRecord[]): Promise<void> {
  const log = await openLog(folder)
  try {
    for (let at = 0; at < records.length; at += AT_ONCE)
      await Promise.all(
        records
          .slice(at, at + AT_ONCE)
          .map(({ record, salt }) => log.appendRecord({ salt, record: parseRecord(record) })),
      )
  } finally {
    await log.close()
  }
}

function pending(state: string): BundleFileError {
  return new BundleFileError(
    'SEAL_LOG_PENDING',
    `The log accepted the records, but its witnesses have not seen them yet (${state}), so there is no bundle. Nothing is lost: try again when they answer.`,
  )
}

function unwitnessed(): BundleFileError {
  return new BundleFileError(
    'LOG_UNWITNESSED',
    'No other organisation co-signs this log yet, so nobody but yours vouches for it. Nothing was made. Ask others to be witnesses (saksi log witnesses), or accept it with --allow-no-witness; who checks the bundle has to accept it, too.',
  )
}
