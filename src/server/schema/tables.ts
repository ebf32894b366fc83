import type { ColumnType, Generated, JSONColumnType } from 'kysely'

/*
 * One interface a table. What each column tells the operator is a table in SECURITY.md; a test fails when a column is
 * added without a line there. Nothing here is ever an address, a name, an exact time or an exact size.
 */

export interface CasesTable {
  readonly id: Buffer
  readonly mailbox: Buffer
  readonly auth_pk: Buffer
  readonly created_week: string
  /** The week at whose end the case is erased. Null while somebody works on it. */
  readonly expires_week: string | null
  readonly status: 'open' | 'withdrawn' | 'closing' | 'closed'
  readonly next_due_day: string | null
  readonly fmt: number
}

export interface CommitmentsTable {
  /** Null once the case was erased: the commitment stays, because a receipt was given for it. */
  readonly case_id: Buffer | null
  readonly commitment: Buffer
  readonly state: 'pending' | 'logged'
  readonly log_index: ColumnType<string | null, number | string | null, number | string | null>
}

export interface WrapsTable {
  readonly case_id: Buffer
  readonly epoch: number
  readonly slot: number
  readonly address: Buffer
  readonly body: Buffer
  readonly fmt: number
}

export interface ItemsTable {
  readonly case_id: Buffer
  readonly id: Buffer
  readonly epoch: number
  readonly body: Buffer
  readonly size_class: number
  /** When a reply becomes visible in the mailbox; null once it is, so that the time is not kept. */
  readonly release_at_quarter: Date | null
  readonly direction: 'in' | 'out'
  readonly fmt: number
}

export interface BlobsTable {
  readonly id: Buffer
  readonly case_id: Buffer
  readonly chunks: number
  readonly received: Buffer
  /** Bytes of the sealed and padded file: a class, not the size of the file. */
  readonly size_class: number
  readonly state: 'open' | 'finished'
  readonly created_week: string
  readonly fmt: number
}

export interface BlobChunksTable {
  readonly blob_id: Buffer
  readonly n: number
  readonly sha256: Buffer
  readonly storage_key: string
}

/** `mailbox_nonces` and `pow_spent`. */
export interface SpentTable {
  readonly value_hash: Buffer
  readonly expires: Date
}

export interface JobsTable {
  readonly id: Generated<string>
  readonly kind: string
  /** Set where there may be only one such job. */
  readonly key: string | null
  readonly payload: JSONColumnType<Record<string, unknown>>
  readonly due: Date
  readonly attempts: Generated<number>
}

/** One row: to whom print sets and sightings are sealed. */
export interface BankRecipientTable {
  readonly recipient: string
}

export interface BankSetsTable {
  readonly id: Buffer
  readonly body: Buffer
  readonly expires_week: string
  readonly fmt: number
}

export interface BankWaitingTable extends BankSetsTable {
  /** How often a batch was put together without it. */
  readonly rounds: Generated<number>
  /** Whether sightings that came before it were asked for it. */
  readonly is_asked: Generated<boolean>
}

export interface SightingsTable {
  readonly id: Buffer
  readonly body: Buffer
  readonly context: Buffer
  readonly state: 'waiting' | 'kept'
  readonly expires_week: string
  readonly fmt: number
}

export interface HitsWaitingTable {
  readonly id: Buffer
  readonly body: Buffer
  readonly fmt: number
}

export interface HitListsTable {
  /** Quarters of an hour since 1970. */
  readonly quarter: ColumnType<string, number, number>
  readonly body: Buffer
}

/** One row, from the moment the organisation is set up. */
export interface OrganisationTable {
  readonly only_row: boolean
  readonly org: string
  readonly root_keys: string[]
  readonly root_files_handed: number
  readonly shares_handed: number
  readonly is_acknowledged: boolean
}

export interface RostersTable {
  readonly org: string
  readonly version: number
  readonly note: string
  readonly proof: string | null
  /** The public record of it with its salt, and the log's promise about that. */
  readonly opening: string
  readonly receipt: string
}

export interface StaffTable {
  readonly id: Buffer
  readonly handle: string
  readonly address: Buffer
  readonly roster_entry: Buffer
  readonly state: 'active' | 'left'
}

export interface StaffMethodsTable {
  readonly id: Buffer
  readonly staff_id: Buffer
  readonly kind: 'passphrase' | 'passkey' | 'sheet'
  readonly key_version: number
  readonly kdf: ColumnType<{ t: number; m: number; p: number } | null, string | null, never>
  readonly salt: Buffer | null
  readonly auth_pk: Buffer
  readonly box: Buffer
  /** Of a passkey only, as the next two. */
  readonly credential_id: Buffer | null
  /** A COSE key. */
  readonly credential_pk: Buffer | null
  /** How often the authenticator says it has signed; the driver gives it as text. */
  readonly sign_count: ColumnType<string | null, number | null, number>
  readonly fmt: number
}

export interface SessionsTable {
  readonly token_hash: Buffer
  readonly staff_id: Buffer
  readonly method_id: Buffer
  readonly expires: Date
  /** In steps of five minutes. */
  readonly last_seen: Date
}

export interface BankBoxesTable {
  readonly address: Buffer
  readonly body: Buffer
  readonly fmt: number
}

export interface InvitesTable {
  /** SHA-256 of a label and the code. */
  readonly hash: Buffer
  /** Pictures that can still be asked about with it. */
  readonly remaining: number
  readonly expires_week: string
  readonly fmt: number
}

export interface PassesSpentTable {
  /** SHA-256 of the nonce, which nobody saw before it was used. */
  readonly value_hash: Buffer
  readonly week: string
}

/** Forward-only: which steps of `migrations` this database has been through. */
export interface MigrationsTable {
  readonly id: string
}

/** Every table of the server, by name. */
export interface Tables {
  cases: CasesTable
  commitments: CommitmentsTable
  wraps: WrapsTable
  items: ItemsTable
  blobs: BlobsTable
  blob_chunks: BlobChunksTable
  mailbox_nonces: SpentTable
  pow_spent: SpentTable
  jobs: JobsTable
  bank_recipient: BankRecipientTable
  bank_waiting: BankWaitingTable
  bank_sets: BankSetsTable
  sightings: SightingsTable
  hits_waiting: HitsWaitingTable
  hit_lists: HitListsTable
  organisation: OrganisationTable
  rosters: RostersTable
  staff: StaffTable
  staff_methods: StaffMethodsTable
  sessions: SessionsTable
  bank_boxes: BankBoxesTable
  invites: InvitesTable
  passes_spent: PassesSpentTable
  migrations: MigrationsTable
}
