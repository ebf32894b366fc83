import { type Roster, rosterDigest } from '#lib/seal/index.ts'
import {
  commitmentOf,
  formatProof,
  inclusionProof,
  parseNote,
  parseOpening,
  parsePolicy,
  parseProof,
  TILE_WIDTH,
  TlogError,
  tileHashReader,
  tilePath,
  verifyCheckpoint,
  verifyProof,
} from '#lib/tlog/index.ts'
import type { Custody } from '../../custody/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { JobKind } from '../../jobs/index.ts'

export const PROVE_ROSTER_JOB = 'members.prove-roster'
const EVERY_MS = 10 * 60_000

/** A file that the custody log serves, or null. */
export type ReadLogFile = (path: string) => Promise<Uint8Array | null>

/** The record of a roster as it is kept: its text, and what the log has promised about it. */
export interface RosterRecord {
  readonly opening: string
  readonly receipt: string
}

/**
 * Lets the public record of a roster wait for its place in the log, and gives the log's promise, which is made once: asked for
 * again it would never end. Throws ROSTER_RECORD unless it is the record of this roster, for this log.
 */
export async function commitRecord(
  tx: Db,
  { custody, readLog }: { readonly custody: Custody; readonly readLog: ReadLogFile },
  { text, roster, opening }: { readonly text: string; readonly roster: Roster; readonly opening: string },
): Promise<RosterRecord> {
  const sha256 = rosterDigest(text)
  const { record, salt } = await recordIn(opening, readLog)
  const isOfRoster =
    record.type === 'roster.changed' &&
    record.body['rosterSha256'] === sha256 &&
    record.body['version'] === roster.v
  if (!isOfRoster) throw new Refused('ROSTER_RECORD')
  const commitment = Buffer.from(commitmentOf({ record, salt }))
  await tx
    .insertInto('commitments')
    .values({ case_id: null, commitment, state: 'pending', log_index: null })
    .execute()
  return { opening, receipt: custody.receipt({ commitment, storedSha256: sha256 }) }
}

async function recordIn(opening: string, readLog: ReadLogFile) {
  const [log] = (await policyOf(readLog)).logs
  try {
    return parseOpening(Buffer.from(opening, 'utf8'), log === undefined ? {} : { log: log.vkey.name })
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause
    throw new Refused('ROSTER_RECORD', { cause })
  }
}

/** Keeps beside the newest roster the proof from the newest checkpoint. Until there is one, the promise stands for it. */
export function proveRosterJob(readLog: ReadLogFile): JobKind {
  return {
    recurring: { everyMs: EVERY_MS },
    handle: async (tx) => {
      const roster = await tx
        .selectFrom('rosters')
        .select(['org', 'version', 'opening'])
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst()
      if (roster === undefined || roster.opening === '') return
      const extra = Buffer.from(roster.opening, 'utf8')
      const logged = await tx
        .selectFrom('commitments')
        .select('log_index')
        .where('commitment', '=', Buffer.from(commitmentOf(parseOpening(extra))))
        .where('state', '=', 'logged')
        .executeTakeFirst()
      if (logged?.log_index == null) return
      const proof = await proofOf(extra, Number(logged.log_index), readLog)
      await tx
        .updateTable('rosters')
        .set({ proof })
        .where('org', '=', roster.org)
        .where('version', '=', roster.version)
        .execute()
    },
  }
}

async function proofOf(extra: Uint8Array, index: number, readLog: ReadLogFile): Promise<string> {
  const policy = await policyOf(readLog)
  const note = parseNote(await fileOf(readLog, 'checkpoint'))
  const { size } = verifyCheckpoint(note, policy).checkpoint
  const tiles = tileHashReader(size, async (tile) => {
    // A partial tile may have made room for the full one.
    const found = (await readLog(tilePath(tile))) ?? (await readLog(tilePath({ ...tile, width: TILE_WIDTH })))
    if (found === null) throw new Error('A tile of the log is missing.')
    return found
  })
  const proof = formatProof({ extra, index, hashes: await inclusionProof(index, size, tiles), note })
  verifyProof(parseProof(proof), { policy, allowMissingQuorum: true })
  return proof
}

async function policyOf(readLog: ReadLogFile) {
  return parsePolicy(await fileOf(readLog, 'policy'), { allowNoWitness: true })
}

async function fileOf(readLog: ReadLogFile, path: string): Promise<Uint8Array> {
  const bytes = await readLog(path)
  if (bytes === null) throw new Error('A file of the log is missing.')
  return bytes
}
