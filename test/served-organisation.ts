import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import {
  type Client,
  createClient,
  type NewOrganisation,
  StaffSession,
  setUpOrganisation,
} from '#client/index.ts'
import type { Rehearsal, ServerProgram } from '#contract/program.ts'
import { orgRoot, rootFingerprint } from '#lib/seal/index.ts'
import { readSettings } from '#node/log-store/index.ts'
import { solve } from '../src/server/testing/reports.ts'
import { root } from './run-saksi.ts'

const ORG = 'org.example'
const PEOPLE = [
  { handle: 'aina', role: 'supervisor', langs: ['ms'] },
  { handle: 'devi', role: 'intake', langs: ['ta', 'en'] },
] as const

export type Handle = (typeof PEOPLE)[number]['handle']

/** The built server with an organisation set up, and a clock that can be turned forward. */
export interface ServedOrganisation {
  readonly server: Rehearsal
  readonly client: Client
  readonly organisation: NewOrganisation
  /** What stands on the organisation's leaflet, as options of commands. */
  readonly leaflet: readonly string[]
  /** What the server has logged. */
  readonly logged: () => string
  signIn(handle: Handle): Promise<StaffSession>
  /** Rows of these tables together, read beside the server. */
  countRows(...tables: string[]): Promise<number>
  stop(): Promise<void>
}

export async function serveOrganisation(data: string): Promise<ServedOrganisation> {
  // Built by then; what it exports is written down in the contract.
  const built: { program: ServerProgram } = await import(pathToFileURL(join(root, 'dist', 'server.js')).href)
  const stop = new AbortController()
  let logged = ''
  const server = await built.program.rehearse({
    data,
    signal: stop.signal,
    log: (line) => {
      logged += `${line}\n`
    },
  })
  const client = createClient({ baseUrl: server.url })
  const organisation = await setUpOrganisation(
    client,
    { token: server.setupToken, org: ORG, log: server.logOrigin, people: PEOPLE },
    { now: server.now(), random: (bytes) => new Uint8Array(randomBytes(bytes)) },
  )
  const fingerprint = rootFingerprint(orgRoot(ORG, organisation.rootKeys))
  return {
    server,
    client,
    organisation,
    leaflet: ['--server', server.url, '--organisation', fingerprint],
    logged: () => logged,
    signIn: (handle) => {
      const { passphrase = '' } = organisation.people.find((person) => person.handle === handle) ?? {}
      const origin = new URL(server.url).origin
      return StaffSession.open(client, { org: ORG, handle, passphrase, origin }, solve)
    },
    countRows: async (...tables) => {
      const { layout } = await readSettings(server.logFolder)
      const database = new pg.Client(readFileSync(layout.databaseAddress, 'utf8').trim())
      await database.connect()
      let count = 0
      for (const table of tables) {
        const { rows } = await database.query<{ count: string }>(`select count(*) from ${table}`)
        count += Number(rows[0]?.count)
      }
      await database.end()
      return count
    },
    stop: async () => {
      stop.abort()
      await server.ended
    },
  }
}
