import { randomBytes } from 'node:crypto'
import { printSetOf } from '#domain/index.ts'
import type { Pixels } from '#lib/phash/index.ts'
import {
  addRootSignature,
  bankRecipient,
  deriveReturnKeys,
  makeReturnCode,
  type ReturnKeys,
  type Role,
  rootSigningKey,
  signRootText,
} from '#lib/seal/index.ts'
import {
  type Desk,
  draftRoster,
  fetchRoster,
  type NewOrganisation,
  type Organisation,
  openDesk,
  publishRoster,
  registerSet,
  rosterToSucceed,
  rosterTrust,
  StaffSession,
  sealNewCase,
  sendNewCase,
  setUpOrganisation,
} from '../../../../client/index.ts'
import { newId, solve } from '../../../testing/reports.ts'
import { openWorld, type World } from '../../../testing/world.ts'

export const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))
const ORIGIN = 'https://pages.example'
const LOG = 'custody.example.org/log'

/** A server with an organisation whose people these are. */
export async function openStaffedWorld(
  directory: string,
  people: readonly (readonly [handle: string, role: Role])[],
): Promise<{ readonly world: World; readonly organisation: NewOrganisation }> {
  const setUpGate = { isOpen: async () => true, close: async () => undefined }
  const world = await openWorld({ directory, settings: { setUpGate } })
  const plan = {
    token: 'A'.repeat(43),
    org: 'org.example',
    log: LOG,
    people: people.map(([handle, role]) => ({ handle, role, langs: ['ms'] })),
  }
  const organisation = await setUpOrganisation(world.client, plan, { now: world.clock.now(), random })
  return { world, organisation }
}

/** Signs in. */
export async function signIn(
  { client }: World,
  { org, people }: NewOrganisation,
  handle: string,
): Promise<StaffSession> {
  const { passphrase = '' } = people.find((one) => one.handle === handle) ?? {}
  return StaffSession.open(client, { org, handle, passphrase, origin: ORIGIN }, solve)
}

/** Signs in and opens a desk. */
export async function deskOf(world: World, organisation: NewOrganisation, handle: string): Promise<Desk> {
  const session = await signIn(world, organisation, handle)
  const { client, clock } = world
  return openDesk(client, session, organisation.trust, { random, now: () => clock.now() })
}

/** Two officers sign the next list of people, and a supervisor who has signed in puts it up. */
export async function renewRoster(world: World, organisation: NewOrganisation): Promise<void> {
  const now = world.clock.now()
  const previous = await rosterToSucceed(world.client, organisation.trust)
  const text = draftRoster(previous, {}, { now, open: { count: new Map() } })
  const officer = (n: number) => rootSigningKey('org.example', n, organisation.rootSeeds[n - 1] ?? random(32))
  const note = addRootSignature(signRootText(text, officer(2)), officer(3))
  const session = await signIn(world, organisation, 'sup')
  const means = { client: world.client, session, trust: organisation.trust, random, now: () => now }
  await publishRoster({ ...means, persist: (send) => send() }, note)
}

export async function deskWith(
  { client, clock }: World,
  { org, trust }: NewOrganisation,
  handle: string,
  passphrase: string,
): Promise<Desk> {
  const session = await StaffSession.open(client, { org, handle, passphrase, origin: ORIGIN }, solve)
  return openDesk(client, session, trust, { random, now: () => clock.now() })
}

export function entryOf({ people }: NewOrganisation, handle: string): string {
  return people.find((one) => one.handle === handle)?.entry.id ?? ''
}

export interface Reported {
  readonly keys: ReturnKeys
  readonly organisation: Organisation
  /** Ids of the sets of her pictures. */
  readonly sets: readonly string[]
}

/** A survivor reports, and registers these pictures. */
export async function report(
  world: World,
  { org, trust }: NewOrganisation,
  {
    pictures = [],
    exclude = [],
    text = 'He says he will send it to my father.',
  }: {
    readonly pictures?: readonly Pixels[]
    readonly exclude?: readonly string[]
    readonly text?: string
  } = {},
): Promise<Reported> {
  const keys = await deriveReturnKeys(makeReturnCode(random), org)
  const verified = await fetchRoster(world.client, trust, { now: world.clock.now() })
  const bank = bankRecipient(verified)
  const { root } = rosterTrust(trust)
  const organisation = { root, verified, bank }
  const sets = []
  for (const picture of pictures) sets.push({ id: newId(), set: await printSetOf(picture, 'full', random) })
  const nowSeconds = Math.floor(world.clock.now().getTime() / 1_000)
  const sealed = await sealNewCase(
    { keys, organisation, text, ageBand: 'adult', exclude, sets, log: LOG, nowSeconds },
    random,
  )
  await sendNewCase(world.client, sealed, keys, { solve, random })
  for (const set of sets) await registerSet(world.client, set, { bank, solve })
  return { keys, organisation, sets: sets.map(({ id }) => id) }
}
