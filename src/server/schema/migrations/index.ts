import type { Migration } from '../migrate.ts'
import { cases } from './20261124T2300-cases.ts'
import { blobs } from './20261124T2305-blobs.ts'
import { spent } from './20261124T2310-spent.ts'
import { jobs } from './20261124T2315-jobs.ts'
import { bank } from './20261124T2330-bank.ts'
import { members } from './20261124T2350-members.ts'
import { appendOnly } from './20261124T2355-append-only.ts'
import { rosterRecords } from './20261125T0245-roster-records.ts'
import { invites } from './20261125T0300-invites.ts'
import { passkeys } from './20261125T0350-passkeys.ts'

/** In the order in which they are carried out. Only ever added to, at the end. */
export const MIGRATIONS: readonly Migration[] = [
  cases,
  blobs,
  spent,
  jobs,
  bank,
  members,
  appendOnly,
  rosterRecords,
  invites,
  passkeys,
]
