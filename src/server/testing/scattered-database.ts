import pg from 'pg'
import { type EmbeddedServer, startServer } from '#node/db/embedded/index.ts'
import { type Database, type DatabaseOptions, openDatabase } from '#node/db/index.ts'
import { postgres15Installation } from '#node/testing/postgres-15.ts'
import { copyFolder, makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { writeWithoutSync } from '#node/testing/write-without-sync.ts'
import { type BandTables, createBands } from '../bands/index.ts'

/** A table whose rows lie on two other servers, half and half by the hash of their id. */
export interface ScatteredDatabase {
  readonly database: Database<BandTables>
  readonly shards: readonly EmbeddedServer[]
  open(options: DatabaseOptions): Promise<Database<BandTables>>
  close(): Promise<void>
}

/** Three stock PostgreSQL 15 servers: two with the rows, and one that asks them through `postgres_fdw`. */
export async function openScatteredDatabase(): Promise<ScatteredDatabase> {
  const installation = postgres15Installation()
  const folders = [makeTemporaryFolder(), makeTemporaryFolder(), makeTemporaryFolder()] as const
  const [first, ...others] = folders
  const server = await startServer({ directory: first, installation })
  await writeWithoutSync(server)
  await createShard(server)
  await server.stop()
  for (const folder of others) copyFolder(first, folder)
  const [front, ...shards] = await Promise.all([
    startServer({ directory: folders[0], installation }),
    startServer({ directory: folders[1], installation }),
    startServer({ directory: folders[2], installation }),
  ])
  await joinShards(front, shards)
  const url = `postgres:///saksi?host=${encodeURIComponent(front.socketDirectory)}&user=${front.user}`
  const open = (options: DatabaseOptions) => openDatabase<BandTables>({ url }, options)
  const database = await open({})
  return {
    database,
    shards,
    open,
    close: async () => {
      await database.close()
      await Promise.all([front, ...shards].map((server) => server.stop()))
      folders.forEach(removeFolder)
    },
  }
}

async function createShard(shard: EmbeddedServer): Promise<void> {
  const url = `postgres:///saksi?host=${encodeURIComponent(shard.socketDirectory)}&user=${shard.user}`
  const database = await openDatabase<BandTables>({ url })
  await createBands(database.kysely)
  await database.close()
}

async function joinShards(front: EmbeddedServer, shards: readonly EmbeddedServer[]): Promise<void> {
  const client = new pg.Client({ host: front.socketDirectory, user: front.admin, database: front.database })
  await client.connect()
  await client.query('create extension postgres_fdw')
  await client.query('drop table radius_prints')
  await client.query(`create table radius_prints (id int8 not null, bits bit(256) not null)
    partition by hash (id)`)
  await client.query('alter table radius_prints owner to saksi')
  for (const [n, shard] of shards.entries()) {
    await client.query(`create server shard${n} foreign data wrapper postgres_fdw
      options (host '${shard.socketDirectory}', dbname '${shard.database}', async_capable 'true')`)
    await client.query(`create user mapping for saksi server shard${n}
      options (user '${shard.user}', password_required 'false')`)
    await client.query(`create foreign table radius_prints_${n} partition of radius_prints
      for values with (modulus ${shards.length}, remainder ${n})
      server shard${n} options (table_name 'radius_prints')`)
    await client.query(`alter foreign table radius_prints_${n} owner to saksi`)
  }
  await client.end()
}
