import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { bytesToHex, concatBytes, hexToBytes } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { canonicalBytes, parseCanonicalBytes } from '../keys/canonical.ts'
import { type AgeIdentity, hybridIdentityOf } from '../keys/identity.ts'
import type { RandomBytes } from '../keys/random.ts'
import { SEED_BYTES, type SigningKey, signingKeyOf } from '../keys/signing.ts'
import { day, hex32, shape } from '../roster/forms.ts'
import type { BoxKey } from './staff-keys.ts'

const NONCE_BYTES = 24
const TAG_BYTES = 16
const PLAIN_BYTES = 256
const LENGTH_BYTES = 2
/** Every box has this length. */
export const BOX_BYTES = NONCE_BYTES + PLAIN_BYTES + TAG_BYTES

/** The keys of a person, the same in all of her boxes. */
export interface StaffIdentity {
  readonly age: AgeIdentity
  readonly sign: SigningKey
  /** `YYYY-MM-DD`. */
  readonly created: string
}

/** Which box it is: it opens under no other name. */
export interface BoxName {
  readonly org: string
  readonly staff: string
  readonly methodId: string
  readonly keyVersion: number
}

/** New keys. */
export async function makeStaffIdentity(created: string, random: RandomBytes): Promise<StaffIdentity> {
  return { age: await hybridIdentityOf(random(SEED_BYTES)), sign: signingKeyOf(random(SEED_BYTES)), created }
}

/** The identity under a box key (XChaCha20-Poly1305): 296 bytes, nonce first. Throws `SEAL_NOT_CANONICAL`. */
export function sealIdentityBox(
  { age, sign, created }: StaffIdentity,
  { boxKey }: BoxKey,
  name: BoxName,
  random: RandomBytes,
): Uint8Array {
  const json = canonicalBytes({ ageSeed: bytesToHex(age.seed), signSeed: bytesToHex(sign.seed), created })
  const plain = new Uint8Array(PLAIN_BYTES)
  new DataView(plain.buffer).setUint16(0, json.length)
  plain.set(json, LENGTH_BYTES)
  const nonce = random(NONCE_BYTES)
  return concatBytes(nonce, xchacha20poly1305(boxKey, nonce, boundTo(name)).encrypt(plain))
}

/** Opens a box. Throws `STAFF_BOX`, the same for another key, another name, and any altered byte. */
export async function openIdentityBox(
  box: Uint8Array,
  { boxKey }: BoxKey,
  name: BoxName,
): Promise<StaffIdentity> {
  const fields = readFields(decrypt(box, boxKey, name))
  const ageSeed = hexToBytes(fields.ageSeed)
  const signSeed = hexToBytes(fields.signSeed)
  if (ageSeed === null || signSeed === null) throw boxError()
  return { age: await hybridIdentityOf(ageSeed), sign: signingKeyOf(signSeed), created: fields.created }
}

function decrypt(box: Uint8Array, boxKey: Uint8Array, name: BoxName): Uint8Array {
  if (box.length !== BOX_BYTES) throw boxError()
  try {
    return xchacha20poly1305(boxKey, box.subarray(0, NONCE_BYTES), boundTo(name)).decrypt(
      box.subarray(NONCE_BYTES),
    )
  } catch {
    throw boxError()
  }
}

function readFields(plain: Uint8Array) {
  const end = LENGTH_BYTES + new DataView(plain.buffer, plain.byteOffset).getUint16(0)
  if (end > PLAIN_BYTES || plain.subarray(end).some((byte) => byte !== 0)) throw boxError()
  const fields = parseCanonicalBytes(plain.subarray(LENGTH_BYTES, end))
  if (!isFields(fields)) throw boxError()
  return fields
}

const isFields = shape({ ageSeed: hex32, signSeed: hex32, created: day })

/** What the cipher authenticates beside the keys, so that a server cannot pass one row off as another. */
function boundTo({ org, staff, methodId, keyVersion }: BoxName): Uint8Array {
  return canonicalBytes({ v: 1, org, staff, methodId, keyVersion, purpose: 'identity-box' })
}

function boxError(): SealError {
  return new SealError('STAFF_BOX', 'Your keys do not open with this. Nothing was changed.')
}
