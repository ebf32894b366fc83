import { bytesToHex } from '#lib/bytes/index.ts'
import {
  type AgeIdentity,
  addRootSignature,
  formatRosterText,
  formatShare,
  hybridIdentityOf,
  type RandomBytes,
  type Roster,
  rootSigningKey,
  rosterDigest,
  SEED_BYTES,
  signRootText,
  splitRecoverySeed,
} from '#lib/seal/index.ts'
import { parsePolicy } from '#lib/tlog/index.ts'
import { CallError } from './call.ts'
import type { Client } from './client.ts'
import { once, type Persist } from './persist.ts'
import {
  type MadeColleague,
  makeColleague,
  memberOf,
  type NewColleague,
  newId,
  type SetUpColleague,
} from './set-up-colleague.ts'
import { bankBoxes, rosterDays, rosterOpening } from './set-up-roster.ts'
import type { OrganisationTrust } from './trust.ts'

const ROOT_KEYS = 3

export interface OrganisationPlan {
  /** The token of the set-up link: what stands after its `#`. */
  readonly token: string
  readonly org: string
  /** Origin of the organisation's custody log, as its checkpoints name it. */
  readonly log: string
  /** A supervisor among them. */
  readonly people: readonly NewColleague[]
}

/** Everything that is made when an organisation is set up. None of the secrets was sent. */
export interface NewOrganisation {
  readonly org: string
  /** Seeds of the three root keys: each is for another officer, on a device without network. */
  readonly rootSeeds: readonly Uint8Array[]
  readonly rootKeys: readonly string[]
  readonly roster: Roster
  readonly note: string
  /** Five printed shares, of which three open every case: each is for another holder. */
  readonly shares: readonly string[]
  readonly people: readonly SetUpColleague[]
  readonly bank: AgeIdentity
  /** What every client of the organisation is given. */
  readonly trust: OrganisationTrust
}

export interface SetUpMeans {
  readonly now: Date
  readonly random: RandomBytes
  readonly persist?: Persist
  /**
   * Puts every secret into a hand or a safe, before the link is used up. If it throws, or the page is gone before it ends, the
   * link sets up again from the beginning.
   */
  readonly keep?: (made: NewOrganisation) => Promise<void>
}

/**
 * Sets an organisation up: root keys, recovery shares, everybody's keys and the bank's are made here; what the server gets is
 * public, or sealed. Throws `CallError`: see `members.setUp`; CLIENT_BAD_ANSWER when the server's log has another name.
 */
export async function setUpOrganisation(
  client: Client,
  plan: OrganisationPlan,
  { now, random, persist = once, keep }: SetUpMeans,
): Promise<NewOrganisation> {
  const { token, org, log } = plan
  const { policy, receiptsKey } = await readLog(client, log)
  const { people, recoverySeed, ...made } = await makeEverything(plan, now, random)
  const { roster, note, rootKeys, bank } = made
  const text = formatRosterText(roster)
  const body = {
    token,
    org,
    rootKeys: [...rootKeys],
    roster: note,
    rosterOpening: rosterOpening(text, roster.v, { log, now, random }),
    members: people.map(memberOf),
    bank: { boxes: await bankBoxes(bank, roster.entries, random) },
  }
  await persist(() => client.members.setUp(body))
  const shares = (await splitRecoverySeed(recoverySeed)).map(formatShare)
  recoverySeed.fill(0)
  const organisation = {
    ...made,
    org,
    shares,
    people: people.map(({ colleague }) => colleague),
    trust: { org, rootKeys, minRosterVersion: 1, policy, receiptsKey },
  }
  await keep?.(organisation)
  await persist(() => client.members.acknowledge({ token, rosterSha256: rosterDigest(text) }))
  return organisation
}

async function readLog(client: Client, origin: string) {
  const served = await client.members.log()
  const { logs } = parsePolicy(served.policy, { allowNoWitness: true })
  if (logs.some(({ vkey }) => vkey.name === origin)) return served
  throw new CallError('CLIENT_BAD_ANSWER', 'The custody log of this server has another name.')
}

async function makeEverything({ org, people: planned }: OrganisationPlan, now: Date, random: RandomBytes) {
  const rootSeeds = Array.from({ length: ROOT_KEYS }, () => random(SEED_BYTES))
  const officers = rootSeeds.map((seed, i) => rootSigningKey(org, i + 1, seed))
  const recoverySeed = random(SEED_BYTES)
  const recovery = await hybridIdentityOf(recoverySeed)
  const bank = await hybridIdentityOf(random(SEED_BYTES))
  const people: MadeColleague[] = []
  const { iss, exp } = rosterDays(now)
  for (const person of planned) people.push(await makeColleague(org, person, iss, random))
  const roster: Roster = {
    org,
    v: 1,
    iss,
    exp,
    entries: people.map(({ colleague }) => colleague.entry),
    recovery: { age: recovery.recipient, addr: newId(random), threshold: 3, total: 5 },
    bank: { age: bank.recipient },
    partners: [],
    retired: [],
  }
  const [first, second] = officers
  if (first === undefined || second === undefined) throw new RangeError('There are three officers.')
  const note = addRootSignature(signRootText(formatRosterText(roster), first), second)
  const rootKeys = officers.map(({ vkey }) => bytesToHex(vkey.publicKey))
  return { rootSeeds, rootKeys, recoverySeed, bank, people, roster, note }
}
