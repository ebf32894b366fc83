import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { type Client, createClient } from '../../client/index.ts'
import { buildApp, type Dependencies } from '../app.ts'
import { LiveDatabase } from '../database.ts'
import { createLog } from '../log.ts'
import { migrate } from '../schema/migrate.ts'
import { MIGRATIONS } from '../schema/migrations/index.ts'

/** A clock that stands until it is turned. */
export class TestClock {
  #nowMs = Date.UTC(2026, 10, 24, 8, 30)
  now(): Date {
    return new Date(this.#nowMs)
  }
  advanceMs(ms: number): void {
    this.#nowMs += ms
  }
}

/** A whole server in this process: real PostgreSQL in a folder, real HTTP on a loopback port, a clock of ours. */
export interface World {
  readonly url: string
  readonly client: Client
  readonly clock: TestClock
  readonly database: LiveDatabase
  readonly dependencies: Dependencies
  /** Every line the server has logged. */
  readonly logged: readonly string[]
  close(): Promise<void>
}

export interface WorldOptions {
  /** An empty folder, or one of a former world. The caller removes it. */
  readonly directory: string
}

export async function openWorld({ directory }: WorldOptions): Promise<World> {
  const logged: string[] = []
  const log = createLog((line) => void logged.push(line))
  const clock = new TestClock()
  const database = await LiveDatabase.open({ directory }, log)
  await migrate(database.kysely, MIGRATIONS)
  const dependencies: Dependencies = {
    database,
    clock,
    log,
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    settings: { origins: ['https://pages.example'], isBehindProxy: false },
  }
  const app = buildApp(dependencies)
  await app.listen({ host: '127.0.0.1', port: 0 })
  // Listening on a port, it has an address of this form.
  const { port } = app.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const close = async () => {
    await app.close()
    await database.close()
  }
  return { url, client: createClient({ baseUrl: url }), clock, database, dependencies, logged, close }
}
