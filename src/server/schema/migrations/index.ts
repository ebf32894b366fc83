import type { Migration } from '../migrate.ts'
import { cases } from './20261124T2300-cases.ts'
import { blobs } from './20261124T2305-blobs.ts'
import { spent } from './20261124T2310-spent.ts'
import { jobs } from './20261124T2315-jobs.ts'
import { bank } from './20261124T2330-bank.ts'

/** In the order in which they are carried out. Only ever added to, at the end. */
export const MIGRATIONS: readonly Migration[] = [cases, blobs, spent, jobs, bank]
