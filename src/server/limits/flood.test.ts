import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CONTEXT_SIZES, SIGHTING_BYTES } from '#contract/sizes.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import {
  CallError,
  type Client,
  createClient,
  Mailbox,
  sendReport,
  solvedPuzzle,
} from '../../client/index.ts'
import { DEFAULT_QUOTA } from '../case-store/index.ts'
import { newId, newSurvivor, solve } from '../testing/reports.ts'
import { openWorld, type World } from '../testing/world.ts'
import { dumpDatabase } from '../thief/dump.ts'

const HOUR_MS = 60 * 60_000
const LIMITS = { opensPerHour: 3, fetchesPerHour: 5, opensPerMinute: 4 }
/** Of a network for documentation (RFC 5737). */
const placeOf = (n: number) => `198.51.100.${n}`

let world: World
const directory = makeTemporaryFolder()
beforeAll(async () => {
  const settings = { limits: LIMITS, puzzleBits: 3, isBehindProxy: true, quota: DEFAULT_QUOTA }
  world = await openWorld({ directory, settings })
}, 120_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

/** Whoever asks from this place, as a proxy in front of the server tells. */
function from(place: string): Client {
  const send: typeof fetch = (input, init) =>
    fetch(input, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init?.headers)), 'x-forwarded-for': place },
    })
  return createClient({ baseUrl: world.url, fetch: send })
}

const open = (client: Client) => sendReport(client, newSurvivor().report, solve)
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'kept',
    (error: unknown) => (error instanceof CallError ? error.code : expect.fail(String(error))),
  )

it('asks the hardest puzzle of a place that reports too often, and of no other place', async () => {
  const client = from(placeOf(1))
  const bits = async (who: Client) => (await who.intake.challenge({ lowPower: true })).bits
  const easy = await bits(client)
  for (let n = 0; n < LIMITS.opensPerHour; n++) await open(client)
  expect(await bits(client)).toBe(22)
  expect(await bits(from(placeOf(2)))).toBe(easy)
  const unsolved = sendReport(client, newSurvivor().report, async () => 0)
  expect(await codeOf(unsolved)).toBe('POW_REQUIRED')
  world.clock.advanceMs(HOUR_MS)
  expect(await bits(client)).toBe(easy)
})

it('refuses reports from everywhere once there are far too many in a minute, and takes them again after it', async () => {
  const codes: string[] = []
  for (let n = 0; n < LIMITS.opensPerMinute * 5; n++) codes.push(await codeOf(open(from(placeOf(10 + n)))))
  expect(new Set(codes)).toEqual(new Set(['kept', 'INTAKE_BUSY']))
  expect(codes.filter((code) => code === 'kept').length).toBeGreaterThanOrEqual(LIMITS.opensPerMinute * 4)
  expect(codes.at(-1)).toBe('INTAKE_BUSY')
  world.clock.advanceMs(2 * 60_000)
  expect(await codeOf(open(from(placeOf(99))))).toBe('kept')
})

it('limits looking into mailboxes by place, also into those that are not there', async () => {
  const { keys } = newSurvivor()
  const look = (place: string) => codeOf(new Mailbox(from(place), keys).fetch())
  const codes = []
  for (let n = 0; n < LIMITS.fetchesPerHour + 2; n++) codes.push(await look(placeOf(120)))
  expect(codes.slice(0, LIMITS.fetchesPerHour)).toEqual(
    codes.slice(0, LIMITS.fetchesPerHour).map(() => 'MAILBOX_NOT_FOUND'),
  )
  expect(codes.slice(LIMITS.fetchesPerHour)).toEqual(['RATE_LIMITED', 'RATE_LIMITED'])
  expect(await look(placeOf(121))).toBe('MAILBOX_NOT_FOUND')
})

it('gives a code for every other flood: puzzles used again, what is no puzzle of ours, bodies too large or of no form', async () => {
  const client = from(placeOf(130))
  const submission = async (pow: Awaited<ReturnType<typeof solvedPuzzle>>) => ({
    id: newId(),
    body: randomBytes(SIGHTING_BYTES).toString('base64'),
    context: randomBytes(CONTEXT_SIZES[0]).toString('base64'),
    pow,
  })
  const pow = await solvedPuzzle(client, solve)
  expect(await codeOf(client.sightings.submit(await submission(pow)))).toBe('kept')
  expect(await codeOf(client.sightings.submit(await submission(pow)))).toBe('POW_STALE')
  expect(await codeOf(client.sightings.submit(await submission({ ...pow, mac: '0'.repeat(32) })))).toBe(
    'POW_STALE',
  )
  const post = async (path: string, body: string) => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': placeOf(131) }
    const response = await fetch(`${world.url}${path}`, { method: 'POST', headers, body })
    return JSON.parse(await response.text()).error.code
  }
  expect(await post('/api/intake/open', '{')).toBe('INTAKE_SHAPE')
  expect(await post('/api/members/salt', `{"handle":"${'x'.repeat(10_000)}"}`)).toBe('REQUEST_TOO_LARGE')
  expect(await post('/api/mailbox/fetch', '[]')).toMatch(/^[A-Z_]+$/)
})

it('has no address in its log and its database after all that', async () => {
  const { cells } = await dumpDatabase({
    host: `${directory}/postgresql/socket`,
    user: 'saksi',
    database: 'saksi',
  })
  const everything = Buffer.concat([...cells.map(({ bytes }) => bytes), Buffer.from(world.logged.join('\n'))])
  expect(world.logged.length).toBeGreaterThan(50)
  expect(everything.length).toBeGreaterThan(1_000_000)
  for (const written of ['198.51.100', '127.0.0.1', 'c6336401', 'MTk4LjUxLjEwMC', 'forwarded'])
    expect(everything.includes(written), written).toBe(false)
  // Four bytes are found by chance in as many; a column of its own they are not.
  const columns = new Set(cells.map(({ bytes }) => bytes.toString('hex')))
  for (let n = 1; n < 132; n++) {
    const address = Buffer.from([198, 51, 100, n]).toString('hex')
    for (const form of [address, `00000000000000000000ffff${address}`]) expect(columns.has(form)).toBe(false)
  }
})
