import { createHash } from 'node:crypto'
import type { Puzzle } from '#contract/intake.ts'
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

/** False, and nothing inserted, when the mailbox is taken. */
export async function insertReport(tx: Db, report: Report, newId: () => Buffer): Promise<boolean> {
  const { caseId } = report
  const inserted = await tx
    .insertInto('cases')
    .values({
      id: caseId,
      mailbox: report.mailbox,
      auth_pk: report.authPk,
      created_week: report.createdWeek,
      expires_week: report.expiresWeek,
      status: 'open',
      next_due_day: null,
      fmt: CASE_FMT,
    })
    .onConflict((conflict) => conflict.column('mailbox').doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows === 0n) return false
  await tx
    .insertInto('wraps')
    .values(
      report.wraps.map(({ address, body }, slot) => ({
        case_id: caseId,
        epoch: FIRST_EPOCH,
        slot,
        address,
        body,
        fmt: WRAP_FMT,
      })),
    )
    .execute()
  await tx
    .insertInto('items')
    .values(
      report.items.map((body) => ({
        case_id: caseId,
        id: newId(),
        epoch: FIRST_EPOCH,
        body,
        size_class: sizeClassOf(body),
        release_at_quarter: null,
        direction: 'in' as const,
        fmt: ITEM_FMT,
      })),
    )
    .execute()
  return true
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
