import type { QueryExecutorProvider } from 'kysely'
import { type Database, openDatabase } from '../../db/index.ts'

/** Whatever runs statements: a database, a connection of its own, a transaction. */
export type Runner = QueryExecutorProvider

/** An open database, as Kysely has it, whatever else is in it. */
export interface LogDatabase extends Runner {
  connection(): { execute<Value>(work: (connection: LogDatabase) => Promise<Value>): Promise<Value> }
  transaction(): { execute<Value>(work: (transaction: Runner) => Promise<Value>): Promise<Value> }
}

/** Opens what an address names: `postgres://...`, or a folder in which PostgreSQL is run for this program alone. */
export function openOwnDatabase(address: string): Promise<Database<unknown>> {
  return openDatabase(/^postgres(ql)?:/.test(address) ? { url: address } : { directory: address })
}
