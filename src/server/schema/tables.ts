/** Forward-only: which steps of `migrations` this database has been through. */
export interface MigrationsTable {
  readonly id: string
}

/** Every table of the server, by name. One interface a table. */
export interface Tables {
  migrations: MigrationsTable
}
