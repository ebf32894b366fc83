import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Puzzle } from '#contract/intake.ts'
import { WRAP_BYTES } from '#contract/sizes.ts'
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

/** Uses a puzzle up in the caller's transaction. False when it was used before. */
export async function spendSolution(tx: Db, puzzle: Pick<Puzzle, 'nonce' | 'expires'>): Promise<boolean> {
  const spent = await tx
    .insertInto('pow_spent')
    .values({
      value_hash: createHash('sha256').update(Buffer.from(puzzle.nonce, 'hex')).digest(),
      expires: nextQuarter(new Date(puzzle.expires * 1_000)),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return spent.numInsertedOrUpdatedRows === 1n
}

/**
 * False, and nothing inserted, when the mailbox is taken. One statement: every further one would be a wait of the whole
 * transaction. Wraps and items go over as bytes laid end to end, cut up by the database: a list of byte strings would
 * travel as text of twice the length.
 */
export async function insertReport(tx: Db, report: Report, newId: () => Buffer): Promise<boolean> {
  const { caseId, wraps, items } = report
  const starts = items.map((_, i) => items.slice(0, i).reduce((sum, item) => sum + item.length, 1))
  const { rows } = await sql<{ opened: boolean }>`
    with opened as (
      insert into cases (id, mailbox, auth_pk, created_week, expires_week, status, next_due_day, fmt)
      values (${caseId}, ${report.mailbox}, ${report.authPk}, ${report.createdWeek}, ${report.expiresWeek}, 'open',
        null, ${CASE_FMT})
      on conflict (mailbox) do nothing
      returning id
    ), wrapped as (
      insert into wraps (case_id, epoch, slot, address, body, fmt)
      select opened.id, ${FIRST_EPOCH}::int, slot,
        substring(${Buffer.concat(wraps.map(({ address }) => address))}::bytea from slot * 16 + 1 for 16),
        substring(${Buffer.concat(wraps.map(({ body }) => body))}::bytea from slot * ${WRAP_BYTES}::int + 1 for ${WRAP_BYTES}::int),
        ${WRAP_FMT}::smallint
      from opened, generate_series(0, ${wraps.length}::int - 1) as slot
    ), added as (
      insert into items (case_id, id, epoch, body, size_class, release_at_quarter, direction, fmt)
      select opened.id, substring(${Buffer.concat(items.map(newId))}::bytea from (item.n::int - 1) * 16 + 1 for 16),
        ${FIRST_EPOCH}::int, substring(${Buffer.concat(items)}::bytea from item.start for item.length), item.class,
        null, 'in', ${ITEM_FMT}::smallint
      from opened, unnest(${starts}::int[], ${items.map((item) => item.length)}::int[], ${items.map(sizeClassOf)}::int[])
        with ordinality as item (start, length, class, n)
    )
    select exists (select from opened) as opened
  `.execute(tx)
  return rows[0]?.opened === true
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
