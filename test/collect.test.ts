import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { makeInvite, puzzleSolver, registerSet } from '#client/index.ts'
import { sightingContext } from '#contract/sighting-context.ts'
import {
  joinSightings,
  ownRowsOf,
  type PictureSet,
  printSetOf,
  type RecognisedSighting,
  recogniseHits,
} from '#domain/index.ts'
import { formatInviteCode, makeInviteCode } from '#lib/passes/index.ts'
import { bytesToBase64url, isoWeekOf, openContext } from '#lib/seal/index.ts'
import { openLine } from './breaking-line.ts'
import { EVERYTHING, jpegOf, type Planted, plantExport } from './planted-export.ts'
import { type Ran, saksi, startSaksi, temporaryFolder } from './run-saksi.ts'
import { type ServedOrganisation, serveOrganisation } from './served-organisation.ts'

const QUARTER_MS = 15 * 60_000

const folder = temporaryFolder()
let served: ServedOrganisation
let planted: Planted
beforeAll(async () => {
  // As root, PostgreSQL's user has to pass through.
  chmodSync(folder.path, 0o711)
  served = await serveOrganisation(join(folder.path, 'data'))
  planted = await plantExport(folder.path, { ...EVERYTHING, messages: 60, pictures: 18, identifiers: 8 })
})
afterAll(async () => {
  await served.stop()
  folder.remove()
})

let state: string
let env: Record<string, string>
beforeEach(() => {
  state = join(folder.path, `state-${randomBytes(4).toString('hex')}`)
  env = { XDG_STATE_HOME: state }
})

const collectArgs = (leaflet: readonly string[], ...more: string[]) => [
  'collect',
  planted.exportPath,
  ...leaflet,
  '--json',
  ...more,
]
const collect = (...more: string[]): Promise<Ran> => saksi(collectArgs(served.leaflet, ...more), env)
const sightings = () => served.countRows('sightings')

/** Files of the state folder, without locks. */
function kept(): string[] {
  const where = join(state, 'saksi', 'collect')
  return existsSync(where) ? readdirSync(where).filter((name) => !name.endsWith('.lock')) : []
}

async function setOf(scene: number): Promise<PictureSet> {
  const { data, info } = await sharp(await jpegOf(scene))
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
  return printSetOf({ data, width, height, format: 'rgb8' }, 'full', random)
}

/** Registers a picture as its owner would, and gives what is recognised of it in the lists of the next quarters of an hour. */
async function recognised(sets: readonly PictureSet[]): Promise<RecognisedSighting[][]> {
  const found: RecognisedSighting[][] = sets.map(() => [])
  for (let n = 0; n < 3; n++) {
    await served.server.forward(QUARTER_MS)
    const quarter = Math.floor(served.server.now().getTime() / QUARTER_MS)
    const { token: session } = await served.signIn('aina')
    const list = await served.client.matches.list({ session, quarter })
    for (const [at, set] of sets.entries()) {
      found[at]?.push(...recogniseHits(list, quarter, ownRowsOf(set, String(at), 0)))
    }
  }
  return found.map((all) => joinSightings(all))
}

it('asks about every picture once, tells who asked nothing, and lets the owner’s people know where it was', async () => {
  const sets = [await setOf(100), await setOf(204), await setOf(516)]
  const { bank } = served.organisation
  for (const set of sets) {
    const named = { id: bytesToBase64url(new Uint8Array(randomBytes(16))), set }
    await registerSet(served.client, named, { bank: bank.recipient, solve: puzzleSolver() })
  }
  await served.client.matches.open({ identity: bank.secret })
  const ran = await collect()
  const result = JSON.parse(ran.stdout)
  expect(result).toMatchObject({ sentBefore: 0, withheld: 0 })
  expect(result.sent).toBeGreaterThan(8)
  expect(result.sent + result.tooPlain + result.unread.length).toBe(result.pictures)
  expect(await sightings()).toBeGreaterThanOrEqual(result.sent)
  expect(kept()).toEqual([])
  expect(ran.stdout + ran.stderr).not.toMatch(/P-\d|found/)

  const [first = [], second = [], absent = []] = await recognised(sets)
  expect(first.length).toBeGreaterThanOrEqual(3)
  expect(second.length).toBeGreaterThanOrEqual(3)
  expect(absent).toEqual([])
  const { token: session } = await served.signIn('aina')
  const [sighting] = first
  if (!sighting) throw new Error('nothing was recognised')
  const sealed = await served.client.sightings.context({ session, id: bytesToBase64url(sighting.sightingId) })
  const context = sightingContext.parse(openContext(sealed, sighting.contextKey))
  expect(context.export.format).toBe('telegram-json')
  const [shown] = context.shown
  const { file = '', start = 0, end = 0, sha256 } = shown?.raw ?? {}
  const bytes = readFileSync(join(planted.exportPath, file)).subarray(start, end)
  expect(JSON.parse(bytes.toString()).id.toString()).toBe(shown?.messageId)
  expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  expect(JSON.stringify(context)).not.toMatch(/\+?1?202555|01200000/)
})

it('is killed in the middle, run again, and sends only what is missing', async () => {
  const before = await sightings()
  const { child } = startSaksi(collectArgs(served.leaflet), env)
  await expect
    .poll(async () => (await sightings()) - before, { timeout: 60_000, interval: 20 })
    .toBeGreaterThan(5)
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  const sent = (await sightings()) - before
  expect(kept()).toHaveLength(1)
  const again = JSON.parse((await collect()).stdout)
  // What was under way when it was killed is sent again under the same id, and kept once.
  expect(again.sentBefore).toBeGreaterThan(0)
  expect(again.sentBefore).toBeLessThanOrEqual(sent)
  expect(again.sent + again.sentBefore + again.tooPlain + again.unread.length).toBe(again.pictures)
  expect(kept()).toEqual([])
  const total = (await sightings()) - before
  await collect()
  expect((await sightings()) - before).toBe(2 * total)
})

it('goes on after a line that broke, whichever side of the answer it broke on', async () => {
  const before = await sightings()
  const line = await openLine(served.server.url)
  const leaflet = ['--server', line.url, ...served.leaflet.slice(2)]
  for (const side of ['answer', 'request'] as const) {
    let left = 4
    line.break((path) => path.endsWith('/submit') && left-- <= 0, side)
    const broken = await saksi(collectArgs(leaflet, '--patience', '0'), env)
    expect([broken.code, broken.stderr]).toEqual([3, expect.stringContaining('[COLLECT_UNFINISHED]')])
    expect(kept()).toHaveLength(1)
  }
  line.break(() => false)
  const last = await saksi(collectArgs(leaflet), env)
  await line.close()
  const result = JSON.parse(last.stdout)
  expect(result.sentBefore).toBeGreaterThan(3)
  expect(kept()).toEqual([])
  const once = (await sightings()) - before
  await collect()
  expect((await sightings()) - before).toBe(2 * once)
})

it('never opens what is withheld: a count and nothing else', async () => {
  const before = await sightings()
  const withheld = planted.truth.copies.find(({ edit }) => edit === 'mirrored')
  if (!withheld) throw new Error('nothing was planted')
  const ran = await collect('--withhold', String(withheld.messageId))
  const result = JSON.parse(ran.stdout)
  expect(result).toMatchObject({ withheld: 1 })
  expect(ran.stdout).not.toContain(String(withheld.messageId))
  const all = JSON.parse((await collect()).stdout)
  expect(result.pictures).toBeLessThan(all.pictures)
  expect((await sightings()) - before).toBe(2 * all.sent - (all.sent - result.sent))
  const unknown = await collect('--withhold', '99999999')
  expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining('WITHHOLD_UNKNOWN')])
})

it('keeps a file between two runs that says nothing to who has not the export, and takes up no other one', async () => {
  const line = await openLine(served.server.url)
  const leaflet = ['--server', line.url, ...served.leaflet.slice(2)]
  line.break((path) => path.endsWith('/submit'))
  await saksi(collectArgs(leaflet, '--patience', '0'), env)
  await line.close()
  const [name = ''] = kept()
  expect(name).toMatch(/^[0-9a-f]{32}$/)
  const path = join(state, 'saksi', 'collect', name)
  const bytes = readFileSync(path)
  expect(bytes.length % 120).toBe(0)
  expect(bytes.includes('saksi')).toBe(false)
  // Damaged, it is begun anew: what was sent is sent again, and nothing is lost.
  writeFileSync(path, Buffer.concat([randomBytes(120), bytes.subarray(0, 50)]))
  const result = JSON.parse((await collect()).stdout)
  expect(result.sentBefore).toBe(0)
  expect(kept()).toEqual([])
})

it('lets in as many pictures as its invite is for, goes on with another one, and loses no pass when it is killed', async () => {
  const before = await sightings()
  const staff = await served.signIn('aina')
  const until = isoWeekOf(served.server.now().getTime() / 1_000)
  const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
  const invite = (pictures: number) => makeInvite(served.client, staff, { pictures, until, random })
  const small = await invite(4)
  const spent = await collect('--invite', small)
  expect([spent.code, spent.stderr]).toEqual([3, expect.stringContaining('[COLLECT_INVITE]')])
  expect((await sightings()) - before).toBe(4)
  const { child } = startSaksi(collectArgs(served.leaflet), { ...env, SAKSI_INVITE: await invite(16) })
  await expect
    .poll(async () => (await sightings()) - before, { timeout: 60_000, interval: 50 })
    .toBeGreaterThan(7)
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  // The invite of sixteen is used up: what is left of its passes was kept.
  const last = await collect('--invite', await invite(1))
  const result = JSON.parse(last.stdout)
  expect(result.sentBefore).toBeGreaterThan(6)
  const total = (await sightings()) - before
  expect(total).toBeLessThanOrEqual(4 + 16 + 1)
  expect(kept()).toEqual([])
  const slip = await collect('--invite', `${small.slice(0, -1)}${(Number(small.at(-1)) + 1) % 10}`)
  expect([slip.code, slip.stderr]).toEqual([3, expect.stringContaining('INVITE_CHECK')])
  const unknown = await collect('--invite', formatInviteCode(makeInviteCode(random)))
  expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining('never given out')])
  expect((await sightings()) - before).toBe(total)
})

it('keeps what was asked only when told to, sealed, and asks it again with all its windows', async () => {
  const file = join(folder.path, 'kept.age')
  const { bank } = served.organisation
  await served.client.matches.open({ identity: bank.secret })
  const secret = { ...env, SAKSI_PASSPHRASE: 'a passphrase of some length' }
  const first = JSON.parse((await saksi(collectArgs(served.leaflet, '--keep', file), secret)).stdout)
  await served.server.forward(QUARTER_MS)
  const bytes = readFileSync(file)
  expect(bytes.toString('latin1', 0, 21)).toBe('age-encryption.org/v1')
  expect(bytes.includes('saksiKept')).toBe(false)
  expect(statSync(file).mode & 0o077).toBe(0)
  const again = (path: string, more: Record<string, string> = {}) =>
    saksi(['collect', path, '--again', ...served.leaflet, '--json'], { ...secret, ...more })
  for (const run of [
    await saksi(collectArgs(served.leaflet, '--keep', file), secret),
    await collect('--keep', 'x'),
  ]) {
    expect([run.code, run.stderr]).toEqual([3, expect.stringMatching(/COLLECT_KEEP|ANSWER_NEEDED/)])
  }

  // Registered after it was asked about: the organisation itself has whole pictures only.
  const late = await setOf(308)
  const named = { id: bytesToBase64url(new Uint8Array(randomBytes(16))), set: late }
  await registerSet(served.client, named, { bank: bank.recipient, solve: puzzleSolver() })
  const [before = []] = await recognised([late])
  expect(before.every(({ windows }) => windows.length === 0)).toBe(true)
  const asked = JSON.parse((await again(file)).stdout)
  expect(asked).toMatchObject({ pictures: first.pictures - first.unread.length, sent: first.sent })
  const [after = []] = await recognised([late])
  expect(after.filter(({ windows }) => windows.length > 1).length).toBeGreaterThan(1)
  expect(kept()).toEqual([])

  const cut = join(folder.path, 'cut.age')
  writeFileSync(cut, bytes.subarray(0, bytes.length - 100))
  for (const wrong of [
    await again(cut),
    await again(file, { SAKSI_PASSPHRASE: 'another one of some length' }),
  ]) {
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining('[COLLECT_KEPT]')])
  }
})
