import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { partLength } from '#contract/sizes.ts'
import { bytesToBase64, bytesToHex } from '#lib/bytes/index.ts'
import { openDatabase } from '#node/db/index.ts'
import { temporaryFolder } from '#node/testing/temporary-folder.ts'
import { CallError, type Client, createClient, Mailbox, sendParts, sendReport } from '../client/index.ts'
import type { Tables } from './schema/tables.ts'
import { newId, newSurvivor, randomItem, type Survivor, sealedFileSize, solve } from './testing/reports.ts'
import {
  endServer,
  killDatabase,
  killServer,
  type ServerProcess,
  startServerProcess,
} from './testing/server-process.ts'
import { isoWeekOf } from './time.ts'

const KILLS = Number(process.env['SAKSI_SERVER_KILLS'] ?? 20)
const WRITERS = 5
const MAX_WAIT_MS = 350

/** What a writer was told is kept. */
interface Kept {
  readonly survivor: Survivor
  readonly items: string[]
  readonly files: { readonly id: string; readonly bytes: Uint8Array }[]
  isErased: boolean
}

/** The server of the moment, and whether to go on. */
interface Stage {
  server: ServerProcess
  isOver: boolean
  readonly kept: Kept[]
}

const TO_BE_TRIED_AGAIN = new Set(['CLIENT_NO_ANSWER', 'CLIENT_BAD_ANSWER', 'UNAVAILABLE'])

/** Does it until it is acknowledged, as a client in use would: the very same, against whatever server is there. */
async function persist<Result>(stage: Stage, work: (client: Client) => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work(createClient({ baseUrl: stage.server.url }))
    } catch (error) {
      if (!(error instanceof CallError) || !TO_BE_TRIED_AGAIN.has(error.code)) throw error
      await sleep(20)
    }
  }
}

/** One survivor after the other: report, more words, perhaps a file, now and then erasure. */
async function write(stage: Stage): Promise<void> {
  for (let round = 0; !stage.isOver; round++) {
    const survivor = newSurvivor({ week: isoWeekOf(new Date()) })
    await persist(stage, (client) => sendReport(client, survivor.report, solve))
    const kept: Kept = { survivor, items: survivor.report.items.map(bytesToHex), files: [], isErased: false }
    stage.kept.push(kept)
    const item = randomItem(0)
    const posted = { id: newId(), epoch: 1, body: bytesToBase64(item) }
    await persist(stage, (client) => new Mailbox(client, survivor.keys).post(posted))
    kept.items.push(bytesToHex(item))
    if (round % 4 === 1) kept.files.push(await upload(stage, survivor))
    if (round % 4 === 3) await erase(stage, kept)
  }
}

async function upload(stage: Stage, { keys }: Survivor): Promise<Kept['files'][number]> {
  const bytes = crypto.getRandomValues(new Uint8Array(65_536))
  const sealed = new Uint8Array(sealedFileSize(1_500_000)).map((_, i) => bytes[i % bytes.length] ?? 0)
  const id = newId()
  await persist(stage, async (client) => {
    const token = await new Mailbox(client, keys).beginUpload(id, sealed.length)
    await sendParts(client, token, sealed.length, async (n) =>
      sealed.slice(n << 20, (n << 20) + partLength(sealed.length, n)),
    )
  })
  return { id, bytes: sealed }
}

/** An erasure whose answer got lost has happened when there is no such mailbox any more. */
async function erase(stage: Stage, kept: Kept): Promise<void> {
  await persist(stage, (client) =>
    new Mailbox(client, kept.survivor.keys)
      .withdraw({
        mode: 'erase',
        commitment: bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
        erased: [],
      })
      .catch((error: unknown) => {
        if (!(error instanceof CallError) || error.code !== 'MAILBOX_NOT_FOUND') throw error
      }),
  )
  kept.isErased = true
}

async function killAtRandom(stage: Stage, directory: string): Promise<void> {
  const random = Math.random
  for (let kill = 0; kill < KILLS; kill++) {
    // Between two kills something is acknowledged, however slow the machine: otherwise nothing would be tried.
    const before = stage.kept.length
    while (stage.kept.length === before) await sleep(10)
    await sleep(random() * MAX_WAIT_MS)
    const what = random()
    if (what < 0.6) killDatabase(directory, random)
    if (what > 0.35) {
      await killServer(stage.server)
      stage.server = await startServerProcess(directory)
    } else {
      // The server itself has to bring the database back.
      await persist(stage, (client) => client.health.check())
    }
  }
}

async function checkKept(client: Client, { survivor, items, files, isErased }: Kept): Promise<void> {
  const mailbox = new Mailbox(client, survivor.keys)
  if (isErased) {
    await expect(mailbox.fetch()).rejects.toMatchObject({ code: 'MAILBOX_NOT_FOUND' })
    return
  }
  const contents = await mailbox.fetch()
  expect(contents.items.map(({ body }) => bytesToHex(body)).sort()).toEqual([...items].sort())
  for (const { id, bytes } of files) {
    const parts = [await mailbox.getPart(id, 0), await mailbox.getPart(id, 1)]
    expect(Buffer.compare(Buffer.concat(parts), bytes)).toBe(0)
  }
}

it(
  `keeps every report, item, file and erasure that it acknowledged, once, through ${KILLS} kills`,
  async () => {
    const directory = temporaryFolder()
    const stage: Stage = { server: await startServerProcess(directory), isOver: false, kept: [] }
    const writers = Array.from({ length: WRITERS }, () => write(stage))
    try {
      await Promise.race([killAtRandom(stage, directory), Promise.all(writers)])
      stage.isOver = true
      await Promise.all(writers)
      const client = createClient({ baseUrl: stage.server.url })
      for (const kept of stage.kept) await checkKept(client, kept)
    } finally {
      stage.isOver = true
      await endServer(stage.server)
    }
    const database = await openDatabase<Tables>({ directory })
    try {
      const commitments = await database.kysely.selectFrom('commitments').select('commitment').execute()
      const counts = new Map<string, number>()
      for (const { commitment } of commitments) {
        const text = bytesToHex(commitment)
        counts.set(text, (counts.get(text) ?? 0) + 1)
      }
      const expected = stage.kept.map(({ survivor }) => counts.get(bytesToHex(survivor.report.commitment)))
      expect(expected).toEqual(stage.kept.map(() => 1))
      const cases = await database.kysely.selectFrom('cases').select('id').execute()
      expect(cases).toHaveLength(stage.kept.filter(({ isErased }) => !isErased).length)
      expect(stage.kept.length).toBeGreaterThan(KILLS / 2)
    } finally {
      await database.close()
    }
  },
  60_000 + KILLS * 20_000,
)
