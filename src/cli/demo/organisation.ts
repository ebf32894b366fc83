import { randomBytes } from 'node:crypto'
import {
  type Client,
  createClient,
  type NewOrganisation,
  puzzleSolver,
  StaffSession,
  setUpOrganisation,
} from '#client/index.ts'
import type { Rehearsal } from '#contract/program.ts'
import { orgRoot, rootFingerprint } from '#lib/seal/index.ts'
import { MEMBERS, type Member, type MemberName, ORGANISATION } from './cast.ts'

export const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))

/** The organisation of the story, set up. */
export interface Founded {
  readonly client: Client
  readonly organisation: NewOrganisation
  /** What is printed on leaflets: 40 hexadecimal digits in groups. */
  readonly fingerprint: string
  entryOf(name: MemberName): string
  signIn(name: MemberName): Promise<StaffSession>
}

/** Does what the set-up page does in a browser. Throws `CallError`. */
export async function found(server: Rehearsal, signal: AbortSignal): Promise<Founded> {
  const client = createClient({ baseUrl: server.url, signal })
  const organisation = await setUpOrganisation(
    client,
    {
      token: server.setupToken,
      org: ORGANISATION,
      log: server.logOrigin,
      people: MEMBERS.map(({ handle, role, langs }) => ({ handle, role, langs })),
    },
    { now: server.now(), random },
  )
  const colleague = (name: MemberName) => {
    const { handle } = memberCalled(name)
    const person = organisation.people.find((one) => one.handle === handle)
    if (person === undefined) throw new RangeError(`${name} was not set up`)
    return person
  }
  return {
    client,
    organisation,
    fingerprint: rootFingerprint(orgRoot(ORGANISATION, organisation.rootKeys)),
    entryOf: (name) => colleague(name).entry.id,
    signIn: (name) => {
      const { handle, passphrase } = colleague(name)
      const signIn = { org: ORGANISATION, handle, passphrase, origin: server.url }
      return StaffSession.open(client, signIn, puzzleSolver(signal))
    },
  }
}

function memberCalled(name: MemberName): Member {
  const member = MEMBERS.find((one) => one.name === name)
  if (member === undefined) throw new RangeError(`${name} is not in the story`)
  return member
}
