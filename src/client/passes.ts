import { invites } from '#contract/invites.ts'
import type { SightingSubmission } from '#contract/sightings.ts'
import { bytesToHex, hexToBytes } from '#lib/bytes/index.ts'
import {
  blindPasses,
  finishPasses,
  formatInviteCode,
  type InviteCode,
  inviteHash,
  MAX_PASSES_AT_ONCE,
  makeInviteCode,
  type Pass,
  usePass,
} from '#lib/passes/index.ts'
import { base64urlToBytes, type RandomBytes } from '#lib/seal/index.ts'
import { CallError } from './call.ts'
import type { Client } from './client.ts'
import { once, type Persist } from './persist.ts'
import type { StaffSession } from './staff.ts'

/**
 * Makes an invite for so many pictures, good until the end of the ISO week `until`, and gives its code: five groups of four
 * digits, for the witness and for nobody else. It is not sent. Throws `CallError`: see `invites.create`.
 */
export async function makeInvite(
  client: Client,
  staff: StaffSession,
  {
    pictures,
    until,
    random,
  }: { readonly pictures: number; readonly until: string; readonly random: RandomBytes },
): Promise<string> {
  const code = makeInviteCode(random)
  const payload = { hash: inviteHash(code), pictures, until }
  await client.invites.create(await staff.confirm(invites.create, payload))
  return formatInviteCode(code)
}

/** Ends an invite at once. Throws `CallError`. */
export async function endInvite(client: Client, staff: StaffSession, code: InviteCode): Promise<void> {
  await client.invites.end(await staff.confirm(invites.end, { hash: inviteHash(code) }))
}

/** Where passes are kept that are not used yet, so that an interrupted run does not lose them. */
export interface PassStore {
  /** Of a former run. */
  readonly unused: readonly Pass[]
  /** Resolves when they are kept. */
  add(passes: readonly Pass[]): Promise<void>
  /** The pass that this sighting was to be let in with by a former run. */
  boundTo(id: string): Pass | null
  /** Resolves when it is kept that the pass is for this sighting and for no other one. */
  bind(pass: Pass, id: string): Promise<void>
}

/** Exchanges an invite for passes as they are needed, and gives each sighting its own. */
export class PassPurse {
  readonly #client: Client
  readonly #code: InviteCode
  readonly #store: PassStore
  readonly #random: RandomBytes
  readonly #persist: Persist
  readonly #unused: Pass[]
  #filling: Promise<void> | null = null

  constructor(
    client: Client,
    code: InviteCode,
    means: { readonly store: PassStore; readonly random: RandomBytes; readonly persist?: Persist },
  ) {
    this.#client = client
    this.#code = code
    this.#store = means.store
    this.#random = means.random
    this.#persist = means.persist ?? once
    this.#unused = [...means.store.unused]
  }

  /** What lets the sighting with this id in, the same in every run. Throws `CallError`: see `invites.exchange`. */
  async admissionOf(id: string): Promise<Pick<SightingSubmission, 'pass'>> {
    const pass = this.#store.boundTo(id) ?? (await this.#take(id))
    const what = base64urlToBytes(id) ?? new Uint8Array(0)
    const { week, nonce } = pass
    return { pass: { week, nonce: bytesToHex(nonce), mac: bytesToHex(usePass(pass, what)) } }
  }

  async #take(id: string): Promise<Pass> {
    for (;;) {
      const pass = this.#unused.pop()
      if (pass !== undefined) {
        await this.#store.bind(pass, id)
        return pass
      }
      this.#filling ??= this.#fill().finally(() => {
        this.#filling = null
      })
      await this.#filling
    }
  }

  async #fill(): Promise<void> {
    const { week, publicKey } = await this.#persist(() => this.#client.invites.key())
    const asked = blindPasses(MAX_PASSES_AT_ONCE, this.#random)
    const request = { code: this.#code.digits, blinded: asked.map(({ blinded }) => bytesToHex(blinded)) }
    const answer = await this.#persist(() => this.#client.invites.exchange(request))
    if (answer.week !== week || answer.publicKey !== publicKey) {
      throw new CallError(
        'CLIENT_BAD_ANSWER',
        'The server issues passes under a key that it does not publish.',
      )
    }
    const issued = { evaluated: answer.evaluated.map(bytesOf), proof: bytesOf(answer.proof) }
    const passes = finishPasses(asked, issued, { week, publicKey: bytesOf(publicKey) })
    await this.#store.add(passes)
    this.#unused.push(...passes)
  }
}

function bytesOf(hex: string): Uint8Array {
  return hexToBytes(hex) ?? new Uint8Array(0)
}
