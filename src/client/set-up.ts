import { bytesToBase64, bytesToHex } from '#lib/bytes/index.ts'
import {
  type AgeIdentity,
  addRootSignature,
  bytesToBase64url,
  CURRENT_KDF,
  formatRosterText,
  formatShare,
  formatSheet,
  hybridIdentityOf,
  makePassphrase,
  makeSheet,
  makeStaffIdentity,
  makeStaffMethod,
  passphraseSecret,
  type RandomBytes,
  type Role,
  type Roster,
  type RosterEntry,
  rootSigningKey,
  rosterDigest,
  SEED_BYTES,
  type StaffIdentity,
  type StaffMethod,
  sealWrap,
  sheetSecret,
  signRootText,
  splitRecoverySeed,
} from '#lib/seal/index.ts'
import { commitmentOf, type Opening } from '#lib/tlog/index.ts'
import type { Client } from './client.ts'

const DAY_MS = 86_400_000
const ROSTER_DAYS = 31
const ROOT_KEYS = 3
const BANK_ROLES: readonly Role[] = ['supervisor', 'match-officer']

export interface NewColleague {
  readonly handle: string
  readonly role: Role
  readonly langs: readonly string[]
}

export interface OrganisationPlan {
  /** The token of the set-up link: what stands after its `#`. */
  readonly token: string
  readonly org: string
  /** Origin of the organisation's custody log, as its checkpoints name it. */
  readonly log: string
  /** A supervisor among them. */
  readonly people: readonly NewColleague[]
}

/** Somebody who was set up, with what has to be given to her and to nobody else. */
export interface SetUpColleague {
  readonly handle: string
  readonly staff: string
  readonly entry: RosterEntry
  readonly identity: StaffIdentity
  readonly passphrase: string
  /** The printed recovery sheet, for the safe. */
  readonly sheet: string
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
  /** With which the record of the roster in the log can be shown to be what it is. */
  readonly rosterOpening: Opening
}

/**
 * Sets an organisation up: root keys, recovery shares, everybody's keys and the bank's are made here; what the server gets is
 * public, or sealed. Throws `CallError`: see `members.setUp`.
 */
export async function setUpOrganisation(
  client: Client,
  { token, org, log, people }: OrganisationPlan,
  { now, random }: { readonly now: Date; readonly random: RandomBytes },
): Promise<NewOrganisation> {
  const today = now.toISOString().slice(0, 10)
  const rootSeeds = Array.from({ length: ROOT_KEYS }, () => random(SEED_BYTES))
  const officers = rootSeeds.map((seed, i) => rootSigningKey(org, i + 1, seed))
  const rootKeys = officers.map(({ vkey }) => bytesToHex(vkey.publicKey))
  const recoverySeed = random(SEED_BYTES)
  const recovery = await hybridIdentityOf(recoverySeed)
  const made = []
  for (const person of people) made.push(await makeColleague(org, person, today, random))
  const roster: Roster = {
    org,
    v: 1,
    iss: today,
    exp: new Date(now.getTime() + ROSTER_DAYS * DAY_MS).toISOString().slice(0, 10),
    entries: made.map(({ colleague }) => colleague.entry),
    recovery: { age: recovery.recipient, addr: newId(random), threshold: 3, total: 5 },
    partners: [],
    retired: [],
  }
  const text = formatRosterText(roster)
  const [first, second] = officers
  if (first === undefined || second === undefined) throw new RangeError('There are three officers.')
  const note = addRootSignature(signRootText(text, first), second)
  const bank = await hybridIdentityOf(random(SEED_BYTES))
  const rosterOpening = openingOf(text, roster.v, { log, now, random })
  await client.members.setUp({
    token,
    org,
    rootKeys,
    roster: note,
    rosterCommitment: bytesToHex(commitmentOf(rosterOpening)),
    members: made.map(({ colleague, methods }) => ({
      handle: colleague.handle,
      entry: colleague.entry.id,
      methods: [...methods],
    })),
    bank: { recipient: bank.recipient, boxes: await bankBoxes(bank, roster.entries, random) },
  })
  const shares = (await splitRecoverySeed(recoverySeed)).map(formatShare)
  recoverySeed.fill(0)
  const colleagues = made.map(({ colleague }) => colleague)
  return { org, rootSeeds, rootKeys, roster, note, shares, people: colleagues, bank, rosterOpening }
}

/** Keys, passphrase and sheet of somebody new, her entry for the roster, and what the server keeps of her. */
export async function makeColleague(
  org: string,
  { handle, role, langs }: NewColleague,
  today: string,
  random: RandomBytes,
): Promise<{ colleague: SetUpColleague; methods: readonly StaffMethod[] }> {
  const staff = newId(random)
  const identity = await makeStaffIdentity(today, random)
  const passphrase = makePassphrase(random)
  const salt = random(16)
  const sheet = makeSheet(random)
  const nameOf = () => ({ org, staff, methodId: newId(random), keyVersion: 1 })
  const phraseSecret = await passphraseSecret(passphrase, CURRENT_KDF, salt)
  const byPhrase = { kind: 'passphrase', kdf: CURRENT_KDF, salt } as const
  const methods = [
    makeStaffMethod(nameOf(), byPhrase, phraseSecret, identity, random),
    makeStaffMethod(nameOf(), { kind: 'sheet' }, sheetSecret(sheet), identity, random),
  ]
  const entry: RosterEntry = {
    id: newId(random),
    role,
    age: identity.age.recipient,
    sign: bytesToHex(identity.sign.publicKey),
    addr: newId(random),
    langs: [...langs],
    since: today,
  }
  return { colleague: { handle, staff, entry, identity, passphrase, sheet: formatSheet(sheet) }, methods }
}

/** The bank's identity for each who may open the matcher, as a wrap of no case. */
async function bankBoxes(bank: AgeIdentity, entries: readonly RosterEntry[], random: RandomBytes) {
  const key = { caseRef: newId(random), epoch: 1, identity: bank }
  const entitled = entries.filter(({ role }) => BANK_ROLES.includes(role))
  return Promise.all(
    entitled.map(async ({ addr, age }) => ({ address: addr, body: bytesToBase64(await sealWrap(key, age)) })),
  )
}

/** The public record that there is this roster, with the salt that makes it a commitment. */
function openingOf(
  text: string,
  version: number,
  { log, now, random }: { readonly log: string; readonly now: Date; readonly random: RandomBytes },
): Opening {
  return {
    salt: random(32),
    record: {
      v: 1,
      type: 'roster.changed',
      id: bytesToHex(random(16)),
      log,
      at: `${now.toISOString().slice(0, 19)}Z`,
      by: { role: 'system', key: 'system' },
      body: { rosterSha256: rosterDigest(text), version },
    },
  }
}

function newId(random: RandomBytes): string {
  return bytesToBase64url(random(16))
}
