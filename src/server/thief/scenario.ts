import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { PART_BYTES } from '#contract/sizes.ts'
import { printSetOf, sightingPrintsOf } from '#domain/index.ts'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import { crop, drawScene } from '#lib/scenes/index.ts'
import {
  collectBytes,
  deriveReturnKeys,
  formatReturnCode,
  makeReturnCode,
  type ReturnKeys,
  sealFile,
  sealItem,
} from '#lib/seal/index.ts'
import {
  type Client,
  createClient,
  type Desk,
  Mailbox,
  type MatchRound,
  matchNow,
  type NamedSet,
  type NewOrganisation,
  openCases,
  openDesk,
  openMatcher,
  puzzleSolver,
  readOrganisation,
  registerSet,
  reply,
  ServedLog,
  StaffSession,
  sealNewCase,
  sendNewCase,
  sendParts,
  setUpOrganisation,
  solvedPuzzle,
  submitSighting,
} from '../../client/index.ts'
import { asPixels, random } from '../testing/prints-of-scenes.ts'
import { newId } from '../testing/reports.ts'
import { type ServerProcess, turnClock } from '../testing/server-process.ts'
import type { Secret } from './needles.ts'

/** What people type, and so what staff sign for. */
export const ORIGIN = 'https://reports.example'
const SIZE = { width: 480, height: 360 }
const QUARTER_MS = 15 * 60_000
const WITNESSES = 2
const MOST_TURNS = 40
const solve = puzzleSolver()

/** What was done and said: everything in `secrets` must be nowhere at the server. */
export interface Played {
  readonly organisation: NewOrganisation
  readonly secrets: readonly Secret[]
  readonly matches: number
  readonly replies: number
}

interface Survivor {
  readonly keys: ReturnKeys
  readonly key: Awaited<ReturnType<typeof sealNewCase>>['key']
  readonly sets: readonly string[]
}

/**
 * Everything that people do with a server: setting up, three reports with words, files and registered pictures, sightings with
 * what witnesses say of them, hits, a match in the case, a reply, a withdrawal.
 */
export async function playScenario(server: ServerProcess): Promise<Played> {
  const stage = await setStage(server)
  const survivors: Survivor[] = []
  for (const n of [1, 2, 3]) survivors.push(await reportAs(stage, n))
  await openMatcher(await deskOf(stage, 'mei'))
  for (let n = 1; n <= WITNESSES; n++) await witness(stage, n)
  const { desk, round } = await findMatches(stage)
  for (const found of round.cases) {
    const text = `Saudara Penasihat Zulaikha akan menelefon 012-000 0${700 + stage.replies}`
    stage.say(`a reply ${stage.replies}`, text, text.slice(-12))
    await reply(desk, found, text)
    stage.replies++
  }
  const [, , third] = survivors
  if (third !== undefined) await withdraw(stage, third)
  return {
    organisation: stage.organisation,
    secrets: [...stage.secrets, ...secretsOf(stage.organisation)],
    matches: round.found.length,
    replies: stage.replies,
  }
}

/** What is seen is matched a moment later and told in the list of a quarter of an hour: time is turned on until it is there. */
async function findMatches(stage: Stage): Promise<{ desk: Desk; round: MatchRound }> {
  for (let turns = 1; ; turns++) {
    await sleep(500)
    stage.turnedQuarters++
    await turnClock(stage.server, 1)
    const desk = await deskOf(stage, 'devi')
    const { cases } = await openCases(desk)
    const round = await matchNow(desk, cases)
    if (round.found.length === WITNESSES || turns === MOST_TURNS) return { desk, round }
  }
}

class Stage {
  readonly server: ServerProcess
  readonly client: Client
  readonly organisation: NewOrganisation
  readonly log: string
  readonly bank: string
  readonly secrets: Secret[] = []
  turnedQuarters = 0
  replies = 0

  constructor(
    server: ServerProcess,
    client: Client,
    made: { organisation: NewOrganisation; log: string; bank: string },
  ) {
    this.server = server
    this.client = client
    this.organisation = made.organisation
    this.log = made.log
    this.bank = made.bank
  }

  readonly now = (): Date => new Date(Date.now() + this.turnedQuarters * QUARTER_MS)

  say(name: string, ...texts: string[]): void {
    for (const text of texts) this.secrets.push({ name, text })
  }

  keep(name: string, ...all: Uint8Array[]): void {
    for (const bytes of all) this.secrets.push({ name, bytes })
  }
}

async function setStage(server: ServerProcess): Promise<Stage> {
  const client = createClient({ baseUrl: server.url })
  const token = /setup#(\S+)/.exec(server.said())?.[1] ?? ''
  const log = await new ServedLog({ baseUrl: server.url }).origin()
  const people = [
    { handle: 'aina', role: 'supervisor', langs: ['ms'] },
    { handle: 'devi', role: 'intake', langs: ['en'] },
    { handle: 'mei', role: 'match-officer', langs: ['zh'] },
  ] as const
  const organisation = await setUpOrganisation(
    client,
    { token, org: 'org.example', log, people },
    { now: new Date(), random },
  )
  const { recipient: bank } = organisation.bank
  return new Stage(server, client, { organisation, log, bank })
}

async function reportAs(stage: Stage, n: number): Promise<Survivor> {
  const { client, organisation, log } = stage
  const code = makeReturnCode(random)
  const keys = await deriveReturnKeys(code, organisation.org)
  const phone = `012-000 0${410 + n}`
  const name = `gambar-ugutan-${n}-sulit.jpeg`
  const text = `Nama saya Nurul Izzati Kamaluddin. Bekas teman lelaki, Faridzuan Halimshah ${n}, telefon ${phone}, mengugut.`
  stage.say(
    `words of survivor ${n}`,
    text,
    'Nurul Izzati Kamaluddin',
    'Faridzuan Halimshah',
    'mengugut',
    phone,
  )
  const digits = formatReturnCode(code)
  stage.say(`the return code of survivor ${n}`, digits, digits.replaceAll(' ', ''))
  stage.say(`a file name of survivor ${n}`, name)
  stage.keep(`keys of survivor ${n}`, keys.sign.seed, keys.auth.seed, keys.sign.publicKey)
  const sets: NamedSet[] = []
  for (const picture of [n * 10, n * 10 + 1]) {
    const set = await printSetOf(asPixels(drawScene(picture, SIZE)), 'full', random)
    sets.push({ id: newId(), set })
    for (const { id, print } of set.prints) stage.keep(`a print of survivor ${n}`, print, id)
  }
  const known = await readOrganisation(client, organisation, stage.now())
  const nowSeconds = Math.floor(stage.now().getTime() / 1_000)
  const sealed = await sealNewCase(
    { keys, organisation: known, text, ageBand: 'adult', exclude: [], sets, log, nowSeconds },
    random,
  )
  await sendNewCase(client, sealed, keys, { solve, random })
  for (const set of sets) await registerSet(client, set, { bank: known.bank, solve })
  await attach(stage, { keys, key: sealed.key }, { name, n })
  return { keys, key: sealed.key, sets: sets.map(({ id }) => id) }
}

/** A file of hers, sealed and sent in parts, and the sealed list that describes it. */
async function attach(
  stage: Stage,
  { keys, key }: Pick<Survivor, 'keys' | 'key'>,
  { name, n }: { readonly name: string; readonly n: number },
): Promise<void> {
  const line = `Gambar milik survivor nombor ${n}, jangan sebarkan. `
  const content = Buffer.concat([randomBytes(64), Buffer.from(line.repeat(2_000)), randomBytes(1_200_000)])
  const sha256 = createHash('sha256').update(content).digest()
  stage.say(`what a file of survivor ${n} says`, line.trim())
  stage.keep(`the digest of a file of survivor ${n}`, sha256)
  stage.keep(`bytes of a file of survivor ${n}`, content.subarray(0, 32), content.subarray(-32))
  const { stream, sealedBytes } = sealFile([content], content.length, key.identity.recipient)
  const sealed = await collectBytes(stream)
  const mailbox = new Mailbox(stage.client, keys)
  const blob = newId()
  const upload = await mailbox.beginUpload(blob, sealedBytes)
  await sendParts(stage.client, upload, sealedBytes, async (part) =>
    sealed.slice(part * PART_BYTES, (part + 1) * PART_BYTES),
  )
  const described = {
    blob,
    name,
    sizeBytes: content.length,
    sha256: sha256.toString('hex'),
    mime: 'image/jpeg',
    note: '',
  }
  const body = bytesToBase64(await sealItem({ v: 1, files: [described] }, key.identity.recipient))
  await mailbox.post({ id: newId(), epoch: key.epoch, body })
}

/** A witness saw a crop of a registered picture, and says where. */
async function witness(stage: Stage, n: number): Promise<void> {
  const { client } = stage
  const said = {
    group: `Geng Rahsia Kampung ${n}`,
    sender: `+60 12-000 0${520 + n}`,
    note: `dihantar oleh Hafizuddin ${n}`,
  }
  stage.say(`what witness ${n} says`, ...Object.values(said))
  const seen = crop(drawScene(n * 10, SIZE), { left: 40, top: 30, width: 400, height: 300 })
  const { scope, prints } = await sightingPrintsOf(asPixels(seen))
  for (const { prints: all } of prints) stage.keep(`a print that witness ${n} saw`, all.subarray(0, 32))
  const admission = async () => ({ pow: await solvedPuzzle(client, solve) })
  await submitSighting(
    client,
    { id: newId(), scope, prints, context: said },
    { bank: stage.bank, admission, random },
  )
}

async function deskOf({ client, organisation, now }: Stage, handle: string): Promise<Desk> {
  const { passphrase = '' } = organisation.people.find((one) => one.handle === handle) ?? {}
  const session = await StaffSession.open(
    client,
    { org: organisation.org, handle, passphrase, origin: ORIGIN },
    solve,
  )
  return openDesk(client, session, organisation.trust, { random, now })
}

/** Erases everything, and takes her pictures out of the bank. */
async function withdraw({ client }: Stage, { keys, sets }: Survivor): Promise<void> {
  await client.bank.withdraw({ ids: [...sets] })
  const commitment = randomBytes(32).toString('hex')
  await new Mailbox(client, keys).withdraw({ mode: 'erase', commitment, erased: [] })
}

/** What was made when the organisation was set up and given to people, never to the server. */
function secretsOf({ people, bank, rootSeeds, shares }: NewOrganisation): Secret[] {
  return [
    ...people.flatMap(({ handle, passphrase, sheet, identity }): Secret[] => [
      { name: `the passphrase of ${handle}`, text: passphrase },
      { name: `the sheet of ${handle}`, text: sheet },
      { name: `the key of ${handle}`, text: identity.age.secret },
      { name: `the signing seed of ${handle}`, bytes: identity.sign.seed },
    ]),
    { name: 'the key of the bank', text: bank.secret },
    ...rootSeeds.map((bytes, n) => ({ name: `root seed ${n + 1}`, bytes })),
    ...shares.map((text, n) => ({ name: `recovery share ${n + 1}`, text })),
  ]
}
