// `npx tsx src/server/testing/load/flood.ts [--minutes 10] [--opens 200] [--readers 50]`
// A flood of reports on a server in a process of its own, while as many members of the staff read as there are readers, each
// once a second. Prints how long reading took and how the reports were answered, and ends with 1 when one in twenty readings
// took a second or more, or an answer had no code.

import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import {
  CallError,
  createClient,
  ServedLog,
  StaffSession,
  sendReport,
  setUpOrganisation,
} from '../../../client/index.ts'
import { isoWeekOf } from '../../time.ts'
import { newSurvivor, solve } from '../reports.ts'
import { endServer, type ServerProcess, startServerProcess } from '../server-process.ts'

const ORIGIN = 'https://reports.example'
const LIMIT_MS = 1_000

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(name)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const [minutes, opens, readers] = [option('--minutes', 10), option('--opens', 200), option('--readers', 50)]

/** A client that seems to come from a place of its own: of the network for documentation of RFC 5737. */
function clientOf(server: ServerProcess, place: number) {
  const send: typeof fetch = (input, init) =>
    fetch(input, {
      ...init,
      headers: {
        ...Object.fromEntries(new Headers(init?.headers)),
        'x-forwarded-for': `203.0.113.${place % 256}`,
      },
    })
  return createClient({ baseUrl: server.url, fetch: send })
}

async function signIn(server: ServerProcess): Promise<string> {
  const client = createClient({ baseUrl: server.url })
  const plan = {
    token: /setup#(\S+)/.exec(server.said())?.[1] ?? '',
    org: 'org.example',
    log: await new ServedLog({ baseUrl: server.url }).origin(),
    people: [{ handle: 'aina', role: 'supervisor' as const, langs: [] }],
  }
  const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
  const { people } = await setUpOrganisation(client, plan, { now: new Date(), random })
  const { passphrase = '', entry } = people[0] ?? {}
  const { token } = await StaffSession.open(
    client,
    { org: 'org.example', handle: 'aina', passphrase, origin: ORIGIN },
    solve,
  )
  // A few cases that can be read.
  for (let n = 0; n < 5; n++) {
    const { report } = newSurvivor({ week: isoWeekOf(new Date()) })
    const other = report.wraps.findIndex(({ address }) => address !== report.mailbox)
    const wraps = report.wraps.map((wrap, slot) =>
      slot === other ? { ...wrap, address: entry?.addr ?? '' } : wrap,
    )
    await sendReport(clientOf(server, n), { ...report, wraps }, solve, { lowPower: true })
  }
  return token
}

async function read(server: ServerProcess, session: string, endMs: number, times: number[]): Promise<void> {
  const client = createClient({ baseUrl: server.url })
  await sleep(Math.random() * 1_000)
  while (performance.now() < endMs) {
    const startMs = performance.now()
    const { cases } = await client.cases.list({ session })
    const one = cases[Math.floor(Math.random() * cases.length)]
    if (one !== undefined) await client.cases.get({ session, case: one.id })
    times.push(performance.now() - startMs)
    await sleep(1_000)
  }
}

async function flood(server: ServerProcess, endMs: number, codes: Map<string, number>): Promise<void> {
  const sent: Promise<void>[] = []
  for (let n = 0; performance.now() < endMs; n++) {
    const { report } = newSurvivor({ week: isoWeekOf(new Date()) })
    const one = sendReport(clientOf(server, n), report, solve, { lowPower: true }).then(
      () => 'kept',
      (error: unknown) => (error instanceof CallError ? error.code : 'no code'),
    )
    sent.push(one.then((code) => void codes.set(code, (codes.get(code) ?? 0) + 1)))
    await sleep(60_000 / opens)
  }
  await Promise.all(sent)
}

const folder = makeTemporaryFolder()
const server = await startServerProcess(folder, {
  words: ['flooded'],
  env: { SAKSI_URL: ORIGIN, SAKSI_BEHIND_PROXY: '1' },
})
try {
  const session = await signIn(server)
  const times: number[] = []
  const codes = new Map<string, number>()
  const endMs = performance.now() + minutes * 60_000
  await Promise.all([
    flood(server, endMs, codes),
    ...Array.from({ length: readers }, () => read(server, session, endMs, times)),
  ])
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN
  const [p50, p95, p99] = [at(0.5), at(0.95), at(0.99)]
  console.log(`${minutes} minutes, ${opens} reports a minute, ${readers} readers: ${times.length} readings`)
  console.log(`reading: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`)
  console.log(`reports: ${[...codes].map(([code, count]) => `${count} ${code}`).join(', ')}`)
  if (!(p95 < LIMIT_MS) || codes.has('no code') || codes.has('INTERNAL')) process.exitCode = 1
} finally {
  await endServer(server)
  removeFolder(folder)
}
