import { sql } from 'kysely'
import type { Pending } from '../pending.ts'
import type { AcceptedEntries } from '../storage.ts'
import type { Runner } from './database.ts'
import { withLogErrors } from './errors.ts'

/** A statement with more parameters in one array than this gains nothing. */
const ROWS_AT_ONCE = 10_000

/**
 * What waits and what is logged, as `runner` sees it: with a transaction, what it adds is committed with everything else
 * in it, or not at all. Needs no lock: many programs may accept at the same time. Of two that hand in the same
 * commitment, the second waits until the first has committed or given up.
 */
export function postgresEntries(runner: Runner): AcceptedEntries {
  return {
    findLogged: async (commitments) => {
      const found = new Map<string, number>()
      for (const part of parts(commitments)) {
        const { rows } = await withLogErrors(() =>
          sql<{ commitment: Buffer; position: string }>`
            select commitment, position from custody_leaf where commitment = any(${part.map(bytesOf)})`.execute(
            runner,
          ),
        )
        for (const { commitment, position } of rows)
          found.set(commitment.toString('base64'), Number(position))
      }
      return found
    },
    findPending: async (commitments) => {
      const found = new Map<string, Pending>()
      for (const part of parts(commitments)) {
        const { rows } = await withLogErrors(() =>
          sql<PendingRow>`
            select * from custody_pending where commitment = any(${part.map(bytesOf)})`.execute(runner),
        )
        for (const row of rows) found.set(row.commitment.toString('base64'), fromRow(row))
      }
      return found
    },
    countPending: async () => {
      const { rows } = await withLogErrors(() =>
        sql<{ count: string }>`select count(*) as count from custody_pending`.execute(runner),
      )
      return Number(rows[0]?.count ?? 0)
    },
    addPending: async (entries) => {
      for (const part of parts(entries)) await withLogErrors(() => insertPending(runner, part))
    },
  }
}

interface PendingRow {
  readonly commitment: Buffer
  readonly manifest_sha256: string
  readonly received_on: string
  readonly merge_by: string
  readonly public_record: string | null
}

export async function readAllPending(runner: Runner): Promise<Pending[]> {
  const { rows } = await withLogErrors(() => sql<PendingRow>`select * from custody_pending`.execute(runner))
  return rows.map(fromRow)
}

export async function forgetPending(runner: Runner, commitments: readonly string[]): Promise<void> {
  for (const part of parts(commitments)) {
    await sql`delete from custody_pending where commitment = any(${part.map(bytesOf)})`.execute(runner)
  }
}

/** Of the same rows, in the same order, so that two that hand in many cannot wait for each other for ever. */
async function insertPending(runner: Runner, entries: readonly Pending[]): Promise<void> {
  const sorted = [...entries].sort((a, b) => (a.commitment < b.commitment ? -1 : 1))
  const column = <Value>(of: (entry: Pending) => Value): Value[] => sorted.map(of)
  await sql`insert into custody_pending (commitment, manifest_sha256, received_on, merge_by, public_record)
    select * from unnest(${column((entry) => bytesOf(entry.commitment))}::bytea[],
      ${column((entry) => entry.manifestSha256)}::text[], ${column((entry) => entry.receivedOn)}::text[],
      ${column((entry) => entry.mergeBy)}::text[], ${column((entry) => entry.publicRecord)}::text[])
    on conflict (commitment) do nothing`.execute(runner)
}

function fromRow(row: PendingRow): Pending {
  return {
    commitment: row.commitment.toString('base64'),
    manifestSha256: row.manifest_sha256,
    receivedOn: row.received_on,
    mergeBy: row.merge_by,
    publicRecord: row.public_record,
  }
}

export const bytesOf = (commitment: string): Buffer => Buffer.from(commitment, 'base64')

export function* parts<Item>(items: readonly Item[]): Generator<readonly Item[], void> {
  for (let at = 0; at < items.length; at += ROWS_AT_ONCE) yield items.slice(at, at + ROWS_AT_ONCE)
}
