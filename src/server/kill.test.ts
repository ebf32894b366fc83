import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openDatabase } from '#node/db/index.ts'
import { temporaryFolder } from '#node/testing/temporary-folder.ts'
import { createClient, ServedLog, StaffSession, setUpOrganisation } from '../client/index.ts'
import type { Tables } from './schema/tables.ts'
import { checkCase, checkReceipts, checkRows } from './testing/load/checks.ts'
import { persist, type Stage } from './testing/load/stage.ts'
import { writeReplies, writeReports, writeSets, writeSightings } from './testing/load/writers.ts'
import { solve } from './testing/reports.ts'
import {
  endServer,
  killDatabase,
  killServer,
  startServerProcess,
  turnClock,
} from './testing/server-process.ts'

const KILLS = Number(process.env['SAKSI_SERVER_KILLS'] ?? 20)
const WRITERS = 4
const MAX_WAIT_MS = 350
/** Of the log's checkpoints; the session of the staff ends when it is not used for as long. */
const INTERVAL_QUARTERS = 5
const ORIGIN = 'https://reports.example'

async function openStage(directory: string): Promise<Stage> {
  const server = await startServer(directory)
  const client = createClient({ baseUrl: server.url })
  const token = /setup#(\S+)/.exec(server.said())?.[1] ?? ''
  const plan = {
    token,
    org: 'org.example',
    log: await new ServedLog({ baseUrl: server.url }).origin(),
    people: [{ handle: 'aina', role: 'supervisor' as const, langs: ['ms'] }],
  }
  const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
  const organisation = await setUpOrganisation(client, plan, { now: new Date(), random })
  const { passphrase = '' } = organisation.people[0] ?? {}
  const signIn = { org: 'org.example', handle: 'aina', passphrase, origin: ORIGIN }
  const { token: session } = await StaffSession.open(client, signIn, solve)
  return { server, isOver: false, organisation, session, cases: [], sightings: new Map(), sets: new Map() }
}

const startServer = (directory: string) => startServerProcess(directory, { env: { SAKSI_URL: ORIGIN } })

async function killAtRandom(stage: Stage, directory: string): Promise<void> {
  const random = Math.random
  for (let kill = 0; kill < KILLS; kill++) {
    // Between two kills something is acknowledged, however slow the machine: otherwise nothing would be tried.
    const before = stage.cases.length
    while (stage.cases.length === before) await sleep(10)
    await sleep(random() * MAX_WAIT_MS)
    const what = random()
    if (what < 0.6) killDatabase(directory, random)
    if (what > 0.35) {
      await killServer(stage.server)
      stage.server = await startServer(directory)
    } else {
      // The server itself has to bring the database back.
      await persist(stage, (client) => client.health.check())
    }
  }
}

const databaseOf = (directory: string) => {
  const socket = encodeURIComponent(join(directory, 'postgresql', 'socket'))
  return openDatabase<Tables>({ url: `postgres://saksi@${socket}/saksi` })
}

/** Turns the clock until a checkpoint is due, and waits until everything that waited for one has its place. */
async function untilLogged(stage: Stage, directory: string): Promise<void> {
  await turnClock(stage.server, INTERVAL_QUARTERS)
  const database = await databaseOf(directory)
  const waiting = () =>
    database.kysely.selectFrom('commitments').select('commitment').where('state', '=', 'pending').execute()
  await expect.poll(waiting, { timeout: 120_000, interval: 500 }).toEqual([])
  await database.close()
}

it(
  `keeps everything that it acknowledged, once, and every receipt true, through ${KILLS} kills`,
  async () => {
    const directory = temporaryFolder()
    const stage = await openStage(directory)
    const writers = [
      ...Array.from({ length: WRITERS }, () => writeReports(stage)),
      writeReplies(stage),
      writeSightings(stage),
      writeSets(stage),
    ]
    try {
      await Promise.race([killAtRandom(stage, directory), Promise.all(writers)])
      stage.isOver = true
      await Promise.all(writers)
      const client = createClient({ baseUrl: stage.server.url })
      for (const kept of stage.cases) await checkCase(client, kept)
      await untilLogged(stage, directory)
      const database = await databaseOf(directory)
      try {
        await checkRows(database.kysely, stage)
        await checkReceipts(database.kysely, stage)
      } finally {
        await database.close()
      }
    } finally {
      stage.isOver = true
      await endServer(stage.server)
    }
    const replies = stage.cases.reduce((sum, one) => sum + one.replies.size, 0)
    expect(stage.cases.length).toBeGreaterThan(KILLS / 2)
    for (const count of [replies, stage.sightings.size, stage.sets.size])
      expect(count).toBeGreaterThan(KILLS / 4)
  },
  300_000 + KILLS * 20_000,
)
