import { confirmedNonce, type Fresh } from '#contract/members.ts'
import type { Operation } from '#contract/operation.ts'
import { payloadSha256 } from '#contract/payload-digest.ts'
import { bytesToHex, type CanonicalValue } from '#lib/bytes/index.ts'
import {
  base64urlToBytes,
  openIdentityBox,
  passphraseSecret,
  type StaffIdentity,
  type StaffKeys,
  signLogin,
  staffKeysOf,
} from '#lib/seal/index.ts'
import type { Client } from './client.ts'
import type { SolvePuzzle } from './report.ts'

export interface SignIn {
  readonly org: string
  readonly handle: string
  readonly passphrase: string
  /** What the browser shows as the origin of the console. */
  readonly origin: string
}

/** Somebody signed in. Everything is held in memory only. */
export class StaffSession {
  readonly #client: Client
  readonly #keys: StaffKeys
  readonly #origin: string
  /** Her id: 16 bytes as base64url. */
  readonly staff: string
  readonly token: string
  /** The id of her entry in the roster. */
  readonly entry: string
  readonly identity: StaffIdentity

  /** Once somebody has signed in; see `open` and `signInWithPasskey`. */
  constructor(
    client: Client,
    keys: StaffKeys,
    opened: Pick<StaffSession, 'token' | 'entry' | 'identity'> & {
      readonly staff: string
      readonly origin: string
    },
  ) {
    this.#client = client
    this.#keys = keys
    this.#origin = opened.origin
    this.staff = opened.staff
    this.token = opened.token
    this.entry = opened.entry
    this.identity = opened.identity
  }

  /**
   * Signs in with a passphrase, which is not sent, and opens the keys. Throws `CallError` (`members.login`), and
   * `STAFF_KDF_DOWNGRADE` before the passphrase is used in a weaker way than agreed.
   */
  static async open(
    client: Client,
    { org, handle, passphrase, origin }: SignIn,
    solve: SolvePuzzle,
  ): Promise<StaffSession> {
    const { staff, methodId, keyVersion, kdf, salt, nonce, puzzle } = await client.members.salt({ handle })
    const secret = await passphraseSecret(passphrase, kdf, base64urlToBytes(salt) ?? new Uint8Array(0))
    const keys = staffKeysOf(secret)
    const signature = bytesToHex(signLogin(keys.auth, { staff, nonce, origin }))
    const pow = puzzle === null ? null : { ...puzzle, counter: await solve(puzzle) }
    const { session, box, entry } = await client.members.login({ handle, methodId, nonce, signature, pow })
    const name = { org, staff, methodId, keyVersion }
    const identity = await openIdentityBox(base64urlToBytes(box) ?? new Uint8Array(0), keys.box, name)
    return new StaffSession(client, keys, { token: session, entry, identity, staff, origin })
  }

  /** A request confirmed by a signature that is made now and counts for nothing else. */
  async confirm<Payload extends object>(
    operation: Operation,
    payload: Payload,
  ): Promise<{ session: string; fresh: Fresh; payload: Payload }> {
    const { nonce } = await this.#client.members.nonce()
    // As it is sent: a member that is undefined is none.
    const sent: CanonicalValue = JSON.parse(JSON.stringify(payload))
    const signed = confirmedNonce(nonce, operation.name, payloadSha256(sent))
    const login = { staff: this.staff, nonce: signed, origin: this.#origin }
    const fresh = { nonce, signature: bytesToHex(signLogin(this.#keys.auth, login)) }
    return { session: this.token, fresh, payload }
  }
}
