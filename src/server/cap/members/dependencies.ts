import type { Clock } from '../../clock.ts'
import type { Custody } from '../../custody/index.ts'
import type { LiveDatabase } from '../../database.ts'
import type { Tokens } from '../../tokens.ts'
import type { Failures } from './failures.ts'
import type { ReadLogFile } from './roster-record.ts'

/** What the token of the set-up link is held against. */
export interface SetUpGate {
  /** Whether this is the token of the newest link, and setting up is not done. */
  isOpen(token: string): Promise<boolean>
  /** Notes that it is done; may be called again. */
  close(): Promise<void>
}

export interface MembersDependencies {
  readonly database: LiveDatabase
  readonly clock: Clock
  readonly custody: Custody
  readonly readLog: ReadLogFile
  /** The key with which the log's receipts are checked: a vkey. */
  readonly receiptsKey: string
  readonly nonces: Tokens
  readonly puzzles: Tokens
  readonly failures: Failures
  readonly random: (bytes: number) => Uint8Array
  /** 32 bytes from which the answers for unknown handles are made. */
  readonly secret: Uint8Array
  /** Origins of the console; a signature for any other is refused. */
  readonly origins: readonly string[]
  /** Without one, nothing can be set up. */
  readonly setUpGate: SetUpGate | null
  /** Zero bits of a puzzle that is asked for when nothing is going on: 18 unless told. */
  readonly baseBits?: number
}
