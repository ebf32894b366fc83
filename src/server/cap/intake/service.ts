import { createHash } from 'node:crypto'
import type { OpenReport } from '#contract/intake.ts'
import { submissionDigest } from '#lib/seal/index.ts'
import type { Clock } from '../../clock.ts'
import type { Custody } from '../../custody/index.ts'
import type { LiveDatabase } from '../../database.ts'
import { Refused } from '../../errors.ts'
import { weekAfter } from '../../time.ts'
import type { ReportQueue } from './report-queue.ts'
import { isSameReport, type Report } from './store.ts'

/** A report that nobody opens is erased after so many weeks. */
const UNOPENED_WEEKS = 13

export interface ReportDependencies {
  readonly clock: Clock
  readonly custody: Custody
  readonly random: (bytes: number) => Uint8Array
}

/**
 * Keeps a sealed report, its place in the custody log and the used puzzle in one commit, and gives the receipt after it.
 * The same report again gives a receipt again and is kept once. Throws INTAKE_SHAPE, POW_STALE.
 */
export async function openReport(
  database: LiveDatabase,
  queue: ReportQueue,
  { clock, custody, random }: ReportDependencies,
  body: OpenReport,
): Promise<{ receipt: string }> {
  const report = readReport(body, clock.now(), Buffer.from(random(16)))
  const outcome = await queue.keep(report, body.pow)
  // Either somebody sends again what was kept already because the answer got lost, or this is a replay.
  if (outcome !== 'kept' && !(await isSameReport(database.kysely, report))) {
    throw new Refused(outcome === 'puzzle-used' ? 'POW_STALE' : 'INTAKE_SHAPE')
  }
  return { receipt: custody.receipt({ commitment: report.commitment, storedSha256: body.manifestSha256 }) }
}

/** Throws INTAKE_SHAPE for what the forms of the contract cannot see. */
function readReport(body: OpenReport, now: Date, caseId: Buffer): Report {
  const wraps = body.wraps.map(({ address, body: wrap }) => ({ address, body: Buffer.from(wrap, 'base64') }))
  const items = body.items.map((item) => Buffer.from(item, 'base64'))
  const digest = submissionDigest({
    v: 1,
    mailbox: body.mailbox,
    authPk: body.authPk,
    wraps: wraps.map((wrap) => sha256Hex(wrap.body)),
    items: items.map(sha256Hex),
    week: body.week,
  })
  const addresses = new Set(body.wraps.map(({ address }) => address))
  const isWhole =
    digest === body.manifestSha256 &&
    // Clocks of phones go wrong by hours, and a week ends at midnight.
    [-1, 0, 1].some((weeks) => weekAfter(now, weeks) === body.week) &&
    addresses.size === body.wraps.length &&
    addresses.has(body.mailbox)
  if (!isWhole) throw new Refused('INTAKE_SHAPE')
  return {
    caseId,
    mailbox: Buffer.from(body.mailbox, 'base64url'),
    authPk: Buffer.from(body.authPk, 'hex'),
    createdWeek: weekAfter(now, 0),
    expiresWeek: weekAfter(now, UNOPENED_WEEKS),
    wraps: wraps.map(({ address, body: wrap }) => ({
      address: Buffer.from(address, 'base64url'),
      body: wrap,
    })),
    items,
    commitment: Buffer.from(body.commitment, 'hex'),
  }
}

function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
