import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes } from '../../bytes/index.ts'
import { KEY_TYPE, makeVkey, type Note, type Vkey, verifyNote } from '../../tlog/index.ts'
import { SealError } from '../errors.ts'
import { orgId } from './forms.ts'

export const ROOT_KEYS = 3
export const ROOT_THRESHOLD = 2

/** The three keys that vouch for an organisation, held by three officers on devices without network. */
export interface OrgRoot {
  readonly org: string
  /** How often the keys were changed since the first root of this organisation. */
  readonly n: number
  /** 64 hexadecimal digits each, in the order of their numbers. */
  readonly keys: readonly string[]
}

/**
 * A root of three different Ed25519 public keys (64 hexadecimal digits each, number 1 to 3), changed `n` times before.
 * Throws `ROOT_INVALID` for anything else.
 */
export function orgRoot(org: string, keys: readonly string[], n = 0): OrgRoot {
  if (!orgId(org)) throw rootInvalid('the id of the organisation is not in its form')
  if (!Number.isSafeInteger(n) || n < 0) throw rootInvalid('its number is none')
  if (keys.length !== ROOT_KEYS || new Set(keys).size !== ROOT_KEYS)
    throw rootInvalid('it has not three different keys')
  const root = { org, n, keys: [...keys] }
  rootVkeys(root)
  return root
}

/** The name of a root key in signed notes; `number` is 1, 2 or 3. */
export function rootKeyName(org: string, number: number): string {
  return `${org}/roster-root-${number}`
}

/** The verifier keys under which any reader of signed notes (C2SP signed-note) can check what the root signed. */
export function rootVkeys({ org, keys }: Pick<OrgRoot, 'org' | 'keys'>): Vkey[] {
  return keys.map((key, i) => {
    const bytes = /^[0-9a-f]{64}$/.test(key) ? hexToBytes(key) : null
    if (bytes === null) throw rootInvalid('a key is not 64 hexadecimal digits')
    try {
      return makeVkey(rootKeyName(org, i + 1), KEY_TYPE.ed25519, bytes)
    } catch (cause) {
      throw rootInvalid('a key is no Ed25519 public key', cause)
    }
  })
}

/**
 * What leaflets print: the first 20 bytes of SHA-256 over the three public keys in sorted order, as 8 groups of 5
 * hexadecimal digits.
 */
export function rootFingerprint({ keys }: OrgRoot): string {
  const sorted = [...keys].sort().map((key) => hexToBytes(key) ?? new Uint8Array(0))
  const digits = bytesToHex(sha256(concatBytes(...sorted)).subarray(0, 20))
  return (digits.match(/.{5}/g) ?? []).join(' ')
}

/**
 * How many of the keys have signed the note, each counted once. Throws what `verifyNote` throws: `NOTE_SIGNATURE` as soon
 * as a signature under a known key does not hold, `NOTE_UNVERIFIED` when there is none.
 */
export function countSigners(note: Note, vkeys: readonly Vkey[]): number {
  return new Set(verifyNote(note, vkeys).map(({ vkey }) => bytesToHex(vkey.publicKey))).size
}

export function rootInvalid(what: string, cause?: unknown): SealError {
  return new SealError('ROOT_INVALID', `The organisation's root is refused: ${what}.`, { cause })
}
