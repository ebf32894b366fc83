import { type Kysely, sql } from 'kysely'
import type { Finding } from '#contract/program.ts'
import type { Tables } from './schema/tables.ts'

const ROOT_FILES = 3
const SHARES = 5
const SOON_DAYS = 5
const DAY_MS = 24 * 60 * 60_000

/** What the database says of the organisation: how far setting up is, what is in one hand, whether its roster holds. */
export async function lookAtOrganisation(db: Kysely<Tables>, now: Date): Promise<Finding[]> {
  const found = await db.selectFrom('organisation').selectAll().executeTakeFirst()
  if (found === undefined) return []
  return [
    found.is_acknowledged
      ? { what: 'secrets', state: 'well', says: 'Whoever set the organisation up has every secret of it.' }
      : {
          what: 'secrets',
          state: 'bad',
          says: 'Nobody has said yet that every secret of setting up is in a hand.',
          advice:
            'Open the set-up link again and end it: without an end the organisation can be set up anew.',
        },
    hands('root keys', 'root key files', ROOT_FILES, found.root_files_handed),
    hands('recovery shares', 'recovery shares', SHARES, found.shares_handed),
    ...(await rosterFinding(db, now)),
  ]
}

function hands(what: string, things: string, total: number, handed: number): Finding {
  if (handed >= total) return { what, state: 'well', says: `All ${total} ${things} are in different hands.` }
  return {
    what,
    state: 'note',
    says: `${handed} of ${total} ${things} are in different hands: the others can still be in one.`,
    advice: 'Give each to another person, then let a supervisor confirm it in the console.',
  }
}

async function rosterFinding(db: Kysely<Tables>, now: Date): Promise<Finding[]> {
  const roster = await db
    .selectFrom('rosters')
    .select(['version', 'note', 'proof'])
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (roster === undefined) return []
  const exp = /"exp":"([0-9]{4}-[0-9]{2}-[0-9]{2})"/.exec(roster.note)?.[1] ?? ''
  const daysLeft = Math.floor((Date.parse(exp) - now.getTime()) / DAY_MS) + 1
  const says = `Version ${roster.version} of the list of people is valid until ${exp}.`
  const advice = 'Let two officers sign the next version: without a valid one no report can be sealed.'
  if (daysLeft < 0) return [{ what: 'roster', state: 'bad', says, advice }]
  if (daysLeft <= SOON_DAYS) return [{ what: 'roster', state: 'note', says, advice }]
  if (roster.proof !== null)
    return [{ what: 'roster', state: 'well', says: `${says} It is in the custody log.` }]
  return [
    { what: 'roster', state: 'note', says: `${says} It is not in a checkpoint of the custody log yet.` },
  ]
}

/** Whether the custody log runs, and what waits for it. */
export async function lookAtLog(db: Kysely<Tables>): Promise<Finding> {
  const { rows } = await sql<{ waiting: string; isHalted: boolean }>`
    select (select count(*) from commitments where state = 'pending') as waiting,
      to_regclass('custody_state') is not null
        and (select count(*) > 0 from custody_state where name = 'halted') as "isHalted"`.execute(db)
  const [found] = rows
  const says = `${found?.waiting ?? 0} commitments wait for their place in the log.`
  if (found?.isHalted !== true) return { what: 'custody log', state: 'well', says }
  return {
    what: 'custody log',
    state: 'bad',
    says: `It has halted. ${says} Reports are accepted, and get no place in it.`,
    advice: 'Look at the log with: saksi log fsck',
  }
}
