import pg from 'pg'
import type { EmbeddedServer } from '../db/embedded/index.ts'

/** For tests that are not about losing power: takes the waiting for the disk out of every commit. */
export async function writeWithoutSync(server: EmbeddedServer): Promise<void> {
  const client = new pg.Client({
    host: server.socketDirectory,
    user: server.admin,
    database: server.database,
  })
  await client.connect()
  await client.query('alter system set fsync = off')
  await client.query('select pg_reload_conf()')
  await client.end()
}
