import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ITEM_BYTES, WRAP_BYTES } from '#contract/sizes.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { openWorld, type World } from '../../testing/world.ts'
import { ReportQueue } from './report-queue.ts'
import type { Report } from './store.ts'

let world: World
const directory = makeTemporaryFolder()
beforeAll(async () => {
  world = await openWorld({ directory })
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

function newReport(itemClasses: readonly number[] = [0]): Report {
  return {
    caseId: randomBytes(16),
    mailbox: randomBytes(16),
    authPk: randomBytes(32),
    createdWeek: '2026-W48',
    expiresWeek: '2027-W08',
    wraps: Array.from({ length: 12 }, () => ({ address: randomBytes(16), body: randomBytes(WRAP_BYTES) })),
    items: itemClasses.map((sizeClass) => randomBytes(ITEM_BYTES[sizeClass] ?? 0)),
    commitment: randomBytes(32),
  }
}

const newPuzzle = () => ({ nonce: randomBytes(16).toString('hex'), expires: 1_800_000_000 })

/** In place of the bytes, which take long to compare one by one. */
const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const wrapOf = ({ address, body }: { address: Buffer; body: Buffer }) =>
  `${address.toString('hex')} ${digest(body)}`

/** Reports as they lie in the tables, in the order asked for. */
async function kept(reports: readonly Report[]) {
  const { kysely } = world.database
  const mailboxes = reports.map(({ mailbox }) => mailbox)
  const cases = await kysely
    .selectFrom('cases')
    .innerJoin('commitments', 'commitments.case_id', 'cases.id')
    .selectAll('cases')
    .select('commitment')
    .where('mailbox', 'in', mailboxes)
    .execute()
  const ids = cases.map(({ id }) => id)
  const wraps = await kysely
    .selectFrom('wraps')
    .selectAll()
    .where('case_id', 'in', ids)
    .orderBy('slot')
    .execute()
  const items = await kysely.selectFrom('items').selectAll().where('case_id', 'in', ids).execute()
  return reports.map(({ mailbox }) => {
    const found = cases.find((one) => one.mailbox.equals(mailbox)) ?? expect.fail('not kept')
    const isOfIt = (row: { case_id: Buffer }) => row.case_id.equals(found.id)
    return {
      caseId: found.id,
      mailbox,
      authPk: found.auth_pk,
      createdWeek: found.created_week,
      expiresWeek: found.expires_week,
      wraps: wraps.filter(isOfIt).map(wrapOf),
      items: new Set(items.filter(isOfIt).map(({ body }) => digest(body))),
      commitment: found.commitment,
    }
  })
}

const expected = (report: Report) => ({
  ...report,
  wraps: report.wraps.map(wrapOf),
  items: new Set(report.items.map(digest)),
})

it('keeps many that come at the same time, each with its own wraps, items and commitment', async () => {
  const queue = new ReportQueue(world.dependencies)
  const reports = Array.from({ length: 50 }, (_, n) => newReport(n % 7 === 0 ? [2, 0, 1] : [n % 2]))
  const outcomes = await Promise.all(reports.map((report) => queue.keep(report, newPuzzle())))
  expect(new Set(outcomes)).toEqual(new Set(['kept']))
  expect(await kept(reports)).toEqual(reports.map(expected))
})

it('keeps one of two for the same mailbox, and one of two with the same puzzle', async () => {
  const queue = new ReportQueue(world.dependencies)
  const [first, puzzle] = [newReport(), newPuzzle()]
  const second = { ...newReport(), mailbox: first.mailbox }
  const third = newReport()
  const outcomes = await Promise.all([
    // These two go at once, so that those after them wait together.
    queue.keep(newReport(), newPuzzle()),
    queue.keep(newReport(), newPuzzle()),
    queue.keep(first, puzzle),
    queue.keep(second, newPuzzle()),
    queue.keep(third, puzzle),
    queue.keep(newReport(), newPuzzle()),
  ])
  expect(outcomes).toEqual(['kept', 'kept', 'kept', 'mailbox-taken', 'puzzle-used', 'kept'])
  expect(await kept([first])).toEqual([expected(first)])
})

it('keeps what came with a report that the database refuses', async () => {
  const queue = new ReportQueue(world.dependencies)
  const good = Array.from({ length: 6 }, () => newReport())
  const bad = { ...newReport(), commitment: randomBytes(31) }
  const outcomes = await Promise.allSettled(
    [...good.slice(0, 3), bad, ...good.slice(3)].map((report) => queue.keep(report, newPuzzle())),
  )
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ])
  expect(await kept(good)).toEqual(good.map(expected))
  const cases = world.database.kysely.selectFrom('cases').select('id').where('mailbox', '=', bad.mailbox)
  expect(await cases.execute()).toEqual([])
})

it('keeps what comes again after the connections to the database were lost, once', async () => {
  const queue = new ReportQueue(world.dependencies)
  const reports = Array.from({ length: 5 }, () => newReport())
  const connection = await world.database.connection()
  const waiting = Promise.allSettled(reports.map((report) => queue.keep(report, newPuzzle())))
  await connection
    .query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user`)
    .catch(() => undefined)
  await connection.end().catch(() => undefined)
  await waiting
  for (const report of reports) {
    const outcome = await queue.keep(report, newPuzzle()).catch(() => queue.keep(report, newPuzzle()))
    expect(['kept', 'mailbox-taken']).toContain(outcome)
  }
  expect(await kept(reports)).toEqual(reports.map(expected))
})
