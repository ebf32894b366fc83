import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Puzzle } from '#contract/intake.ts'
import { FIRST_WRAPS, WRAP_BYTES } from '#contract/sizes.ts'
import { ITEM_FMT, sizeClassOf } from '../../case-store/index.ts'
import type { Db } from '../../database.ts'
import { nextQuarter } from '../../time.ts'

const CASE_FMT = 1
const WRAP_FMT = 1
const FIRST_EPOCH = 1

export interface Report {
  readonly caseId: Buffer
  readonly mailbox: Buffer
  readonly authPk: Buffer
  readonly createdWeek: string
  readonly expiresWeek: string
  readonly wraps: readonly { readonly address: Buffer; readonly body: Buffer }[]
  readonly items: readonly Buffer[]
  readonly commitment: Buffer
}

/** What a puzzle is known by once it was used, and until when. */
export type SpentPuzzle = Pick<Puzzle, 'nonce' | 'expires'>

/** Uses a puzzle up in the caller's transaction. False when it was used before. */
export async function spendSolution(tx: Db, puzzle: SpentPuzzle): Promise<boolean> {
  const [isFresh = false] = await spendSolutions(tx, [puzzle])
  return isFresh
}

/** The same for several different ones, each with its answer. */
export async function spendSolutions(tx: Db, puzzles: readonly SpentPuzzle[]): Promise<boolean[]> {
  const rows = puzzles.map(({ nonce, expires }) => ({
    value_hash: createHash('sha256').update(Buffer.from(nonce, 'hex')).digest(),
    expires: nextQuarter(new Date(expires * 1_000)),
  }))
  const spent = await tx
    .insertInto('pow_spent')
    // Everybody in the same order: two that use the same ones up cannot wait for each other for ever.
    .values([...rows].sort((a, b) => a.value_hash.compare(b.value_hash)))
    .onConflict((conflict) => conflict.doNothing())
    .returning('value_hash')
    .execute()
  const fresh = new Set(spent.map(({ value_hash: hash }) => hash.toString('hex')))
  return rows.map(({ value_hash: hash }) => fresh.has(hash.toString('hex')))
}

/**
 * Keeps reports of different mailboxes; false for each whose mailbox is taken, and nothing of it is inserted. One statement:
 * every further one would be a wait of the whole transaction. Wraps and items go over as bytes laid end to end, cut up by
 * the database: a list of byte strings would travel as text of twice the length.
 */
export async function insertReports(
  tx: Db,
  reports: readonly Report[],
  newId: () => Buffer,
): Promise<boolean[]> {
  if (reports.length === 0) return []
  // In the same order everywhere, as with puzzles.
  const sorted = [...reports].sort((a, b) => a.mailbox.compare(b.mailbox))
  const wraps = sorted.flatMap((report) => report.wraps)
  const items = sorted.flatMap((report, of) => report.items.map((body) => ({ of, body })))
  const starts = startsOf(items.map(({ body }) => body))
  const { rows } = await sql<{ id: Buffer }>`
    with brought as (
      select n, substring(${Buffer.concat(sorted.map(({ caseId }) => caseId))}::bytea from n * 16 + 1 for 16) as id,
        substring(${Buffer.concat(sorted.map(({ mailbox }) => mailbox))}::bytea from n * 16 + 1 for 16) as mailbox,
        substring(${Buffer.concat(sorted.map(({ authPk }) => authPk))}::bytea from n * 32 + 1 for 32) as auth_pk,
        (${sorted.map(({ createdWeek }) => createdWeek)}::text[])[n + 1] as created_week,
        (${sorted.map(({ expiresWeek }) => expiresWeek)}::text[])[n + 1] as expires_week
      from generate_series(0, ${sorted.length}::int - 1) as n
    ), opened as (
      insert into cases (id, mailbox, auth_pk, created_week, expires_week, status, next_due_day, fmt)
      select id, mailbox, auth_pk, created_week, expires_week, 'open', null, ${CASE_FMT}::smallint
      from brought order by n
      on conflict (mailbox) do nothing
      returning id
    ), wrapped as (
      insert into wraps (case_id, epoch, slot, address, body, fmt)
      select id, ${FIRST_EPOCH}::int, slot,
        substring(${Buffer.concat(wraps.map(({ address }) => address))}::bytea from wrap * 16 + 1 for 16),
        substring(${Buffer.concat(wraps.map(({ body }) => body))}::bytea
          from wrap * ${WRAP_BYTES}::int + 1 for ${WRAP_BYTES}::int),
        ${WRAP_FMT}::smallint
      from opened join brought using (id), generate_series(0, ${FIRST_WRAPS}::int - 1) as slot,
        lateral (select n * ${FIRST_WRAPS}::int + slot as wrap) as place
    ), added as (
      insert into items (case_id, id, epoch, body, size_class, release_at_quarter, direction, fmt)
      select brought.id, substring(${Buffer.concat(items.map(newId))}::bytea from (item.n::int - 1) * 16 + 1 for 16),
        ${FIRST_EPOCH}::int,
        substring(${Buffer.concat(items.map(({ body }) => body))}::bytea from item.start for item.length), item.class,
        null, 'in', ${ITEM_FMT}::smallint
      from opened join brought using (id)
        join unnest(${items.map(({ of }) => of)}::int[], ${starts}::int[], ${items.map(({ body }) => body.length)}::int[],
          ${items.map(({ body }) => sizeClassOf(body))}::int[]) with ordinality as item (of, start, length, class, n)
          on item.of = brought.n
    )
    select id from opened
  `.execute(tx)
  const opened = new Set(rows.map(({ id }) => id.toString('hex')))
  return reports.map(({ caseId }) => opened.has(caseId.toString('hex')))
}

/** Where each of them begins, counted from 1, when they are laid end to end. */
function startsOf(bodies: readonly Buffer[]): number[] {
  let next = 1
  return bodies.map(({ length }) => {
    const start = next
    next += length
    return start
  })
}

/** True when this very report lies in its mailbox: key, commitment, wraps and every first item. */
export async function isSameReport(tx: Db, report: Report): Promise<boolean> {
  const found = await tx
    .selectFrom('cases')
    .innerJoin('commitments', 'commitments.case_id', 'cases.id')
    .select('cases.id')
    .where('cases.mailbox', '=', report.mailbox)
    .where('cases.auth_pk', '=', report.authPk)
    .where('commitments.commitment', '=', report.commitment)
    .executeTakeFirst()
  if (found === undefined) return false
  const wraps = await tx
    .selectFrom('wraps')
    .select('body')
    .where('case_id', '=', found.id)
    .where('epoch', '=', FIRST_EPOCH)
    .orderBy('slot')
    .execute()
  const items = await tx.selectFrom('items').select('body').where('case_id', '=', found.id).execute()
  const kept = new Set(items.map(({ body }) => digest(body)))
  return (
    report.wraps.every(({ body }, slot) => wraps[slot]?.body.equals(body) === true) &&
    report.items.every((body) => kept.has(digest(body)))
  )
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64')
}
