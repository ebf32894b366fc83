import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import {
  formatLeaf,
  formatVkey,
  inclusionProof,
  leafHash,
  parseCheckpoint,
  parseNote,
  parsePolicy,
  tileHashReader,
  verifyInclusion,
} from '#lib/tlog/index.ts'
import { postgres15Installation } from '../testing/postgres-15.ts'
import { addLog } from '../witness/index.ts'
import { startWitness, stateFolder, WITNESS_KEY } from '../witness/testing.ts'
import { checkLog, makeCheckpoint, openLog, readKeyFile, withStorage } from './index.ts'
import { policyOf } from './open-storage.ts'
import { readCheckpoint } from './start-up.ts'
import type { LogStorage } from './storage.ts'
import { makeLog } from './testing.ts'
import { buildProgram } from './testing-program.ts'
import { startTestServer, type TestServer } from './testing-storage.ts'
import { storedCommitments, storedTiles } from './tile-files.ts'

// 60 in every run. For a longer one: SAKSI_LOG_KILLS=300 npx vitest run --project node src/node/log-store/kill.test.ts
const KILLS = Number(process.env['SAKSI_LOG_KILLS'] ?? 60)
const SOURCE = fileURLToPath(new URL('killed-log.ts', import.meta.url))

interface Promised {
  /** Commitments that were accepted. */
  readonly accepted: Set<string>
  /** Root in base64 by size, of every checkpoint that anybody may have seen signed. */
  readonly signed: Map<number, string>
  /** How often it was killed right after which step. */
  readonly lastSteps: Map<string, number>
}

interface Place {
  /** What is run. */
  readonly program: string
  readonly folder: string
}

interface Output {
  /** What it says on standard output: one line per step. */
  text: string
  /** What it says on standard error: why it ended by itself. */
  errors: string
}

function start({ program, folder }: Place): { child: ChildProcess; output: Output } {
  const child = spawn(process.execPath, [program, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { text: '', errors: '' }
  child.stdout?.setEncoding('latin1').on('data', (text: string) => {
    output.text += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.errors += text
  })
  return { child, output }
}

async function killOnce(place: Place, kill: number, promised: Promised): Promise<void> {
  const { child, output } = start(place)
  const ended = once(child, 'close')
  // Every tenth while it starts; the others after some of its steps, and then at any moment of the next.
  const lines = kill % 10 === 0 ? 1 : 3 + Math.floor(Math.random() * 24)
  while (output.text.split('\n').length <= lines && child.exitCode === null) await sleep(1)
  await noteServed(output.text, promised)
  await sleep(Math.random() * 15)
  await killRunning(child, output, ended)
  noteOutput(output.text, promised)
}

/** It never ends by itself; if it has, the failure says what it said. */
async function killRunning(child: ChildProcess, output: Output, ended: Promise<unknown>): Promise<void> {
  const { exitCode } = child
  child.kill('SIGKILL')
  await ended
  expect(exitCode, `${output.text}\n${output.errors}`).toBeNull()
}

function noteOutput(text: string, { accepted, signed, lastSteps }: Promised): void {
  // A last line that is cut was not said.
  const lines = text.split('\n').slice(0, -1)
  for (const line of lines) {
    const [word, what = ''] = line.split(' ')
    if (word === 'accepted') accepted.add(what)
    if (word === 'signed' || word === 'published') noteSigned(Buffer.from(what, 'base64').toString(), signed)
    if (word === 'outcome') expect(what).toBe('published')
  }
  const step = lines.at(-1)?.split(' ')[0] ?? 'nothing'
  lastSteps.set(step, (lastSteps.get(step) ?? 0) + 1)
}

/** What the program itself serves is a promise too. */
async function noteServed(text: string, { signed }: Promised): Promise<void> {
  const url = /^serves (\S+)$/m.exec(text)?.[1]
  const response = url === undefined ? null : await fetch(`${url}/checkpoint`)
  if (response?.status === 200) noteSigned(await response.text(), signed)
}

function noteSigned(note: string, signed: Map<number, string>): void {
  const { size, root } = parseCheckpoint(parseNote(note).text)
  const text = bytesToBase64(root)
  expect(signed.get(size) ?? text).toBe(text)
  signed.set(size, text)
}

async function expectAllKept(folder: string, { accepted, signed }: Promised): Promise<void> {
  // The fault list is empty only when every root in the list of what was signed follows from the entries.
  const { faults, signedSize } = await checkLog(folder)
  expect(faults).toEqual([])
  await withStorage(folder, async ({ storage }) => {
    const rows = await storage.readSigned()
    const listed = new Map(rows.map(({ size, root }) => [size, bytesToBase64(root)]))
    for (const [size, root] of signed) expect(listed.get(size)).toBe(root)
    const kept = new Set((await storage.readPending()).map(({ commitment }) => commitment))
    for await (const { commitment } of storedCommitments(storage.read, signedSize)) kept.add(commitment)
    expect([...accepted].filter((commitment) => !kept.has(commitment))).toEqual([])
  })
  const log = await openLog(folder)
  await log.close()
}

/** A valid proof for everything that was ever accepted, from the published checkpoint. */
async function expectAllProven(folder: string, accepted: ReadonlySet<string>): Promise<void> {
  const outcome = await makeCheckpoint(folder, { isOutOfTurn: true })
  if (outcome.state !== 'published') throw new Error(outcome.state)
  await withStorage(folder, ({ storage }) => expectProven(storage, accepted))
}

async function expectProven(storage: LogStorage, accepted: ReadonlySet<string>): Promise<void> {
  const published = await readCheckpoint(storage.read, parsePolicy(await policyOf(storage)))
  if (published === null) throw new Error('nothing is published')
  const { checkpoint, hasQuorum } = published
  expect(hasQuorum).toBe(true)
  const { size, root } = checkpoint
  const readHashes = tileHashReader(size, storedTiles(storage.read))
  const missing = new Set(accepted)
  for await (const { index, commitment } of storedCommitments(storage.read, size)) {
    if (!missing.delete(commitment)) continue
    const leaf = leafHash(formatLeaf(new Uint8Array(Buffer.from(commitment, 'base64'))))
    verifyInclusion({
      index,
      size,
      leafHash: leaf,
      root,
      proof: await inclusionProof(index, size, readHashes),
    })
  }
  expect([...missing]).toEqual([])
}

interface Tried {
  readonly origin: string
  /** The address of its database, or null for a log in a folder. */
  readonly database: string | null
  readonly kills: number
  /** Kills the program; the database's server first, when it is that one's turn. */
  readonly kill: (place: Place, kill: number, promised: Promised) => Promise<void>
}

async function killAgainAndAgain(
  { program, state, url }: { program: string; state: string; url: string },
  { origin, database, kills, kill }: Tried,
): Promise<Promised> {
  const witnesses = [`${formatVkey(WITNESS_KEY.vkey)}@${url}`]
  const folder = await makeLog({ origin, witnesses, ...(database !== null && { database }) })
  const { vkey } = await readKeyFile(join(folder, 'keys', 'log.key'), 'log')
  await addLog(state, vkey, origin)
  const promised: Promised = { accepted: new Set(), signed: new Map(), lastSteps: new Map() }
  for (let i = 0; i < kills; i++) {
    await kill({ program, folder }, i, promised)
    await expectAllKept(folder, promised)
    if (KILLS > 60 && i % 50 === 49) console.info(`${origin}: ${i + 1} kills`)
  }
  await expectAllProven(folder, promised.accepted)
  expect(promised.accepted.size).toBeGreaterThan(kills)
  expect(promised.signed.size).toBeGreaterThan(kills / 2)
  return promised
}

/** The server is killed under a running program, which finds it again when it is back; then the program. */
function killServerToo(server: TestServer): Tried['kill'] {
  return async (place, _kill, promised) => {
    const { child, output } = start(place)
    const ended = once(child, 'close')
    const lines = 3 + Math.floor(Math.random() * 24)
    while (output.text.split('\n').length <= lines && child.exitCode === null) await sleep(1)
    await server.killAndRestart()
    const seen = output.text.length
    while (!output.text.slice(seen).includes('outcome published') && child.exitCode === null) await sleep(10)
    await killRunning(child, output, ended)
    expect(output.text).toContain('lost')
    noteOutput(output.text, promised)
  }
}

it(
  `keeps every promise and one history through ${KILLS} kills`,
  async () => {
    const { path: program, remove } = await buildProgram(SOURCE)
    onTestFinished(remove)
    const state = stateFolder()
    const { url } = await startWitness({ state, requestsPerSecond: 1_000 })
    const servers = [
      await startTestServer(undefined),
      await startTestServer(postgres15Installation()),
    ] as const
    onTestFinished(async () => void (await Promise.all(servers.map((server) => server.stop()))), 120_000)
    const [steady, killed] = servers
    const tried: Tried[] = [
      { origin: 'log0.example/custody', database: null, kills: Math.ceil(KILLS / 2), kill: killOnce },
      {
        origin: 'log1.example/custody',
        database: await steady.newDatabase(),
        kills: Math.ceil(KILLS / 3),
        kill: killOnce,
      },
      {
        origin: 'log2.example/custody',
        database: await killed.newDatabase(),
        kills: Math.ceil(KILLS / 6),
        kill: killServerToo(killed),
      },
    ]
    const promised = await Promise.all(tried.map((log) => killAgainAndAgain({ program, state, url }, log)))
    const steps = new Map<string, number>()
    for (const { lastSteps } of promised)
      for (const [step, n] of lastSteps) steps.set(step, (steps.get(step) ?? 0) + n)
    // Kills fell into accepting, sequencing, storing, signing and publishing, not only between them.
    expect([...steps.keys()].length, JSON.stringify([...steps])).toBeGreaterThan(4)
    if (KILLS > 60) console.info(`after which step: ${JSON.stringify([...steps])}`)
  },
  Math.max(600_000, KILLS * 10_000),
)
