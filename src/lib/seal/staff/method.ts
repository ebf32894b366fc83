import { bytesToHex } from '../../bytes/index.ts'
import { SealError } from '../errors.ts'
import { base64urlToBytes, bytesToBase64url } from '../keys/base64url.ts'
import type { RandomBytes } from '../keys/random.ts'
import { exactly, type Form, hex32, id16, oneOf, shape, whole } from '../roster/forms.ts'
import {
  BOX_BYTES,
  type BoxName,
  openIdentityBox,
  type StaffIdentity,
  sealIdentityBox,
} from './identity-box.ts'
import type { PassphraseKdf, UnlockSecret } from './kdf.ts'
import { staffKeysOf } from './staff-keys.ts'

/** What the server keeps for one way of unlocking. */
export interface StaffMethod {
  readonly fmt: 1
  /** 16 bytes in base64url each. */
  readonly staff: string
  readonly methodId: string
  readonly kind: 'passphrase' | 'passkey' | 'sheet'
  readonly keyVersion: number
  /** For a passphrase only; the salt is 16 bytes in base64url. */
  readonly kdf?: PassphraseKdf
  readonly salt?: string
  /** 64 hexadecimal digits: checks who signs in. */
  readonly authPk: string
  /** 296 bytes in base64url. Given out after signing in only. */
  readonly box: string
}

/** How the secret of a new row was made. */
export type MethodKind =
  | { readonly kind: 'passphrase'; readonly kdf: PassphraseKdf; readonly salt: Uint8Array }
  | { readonly kind: 'passkey' | 'sheet' }

/** A row for a secret that was made the given way: it holds the identity, in a box that this secret alone opens. */
export function makeStaffMethod(
  { org, ...name }: BoxName,
  how: MethodKind,
  secret: UnlockSecret,
  identity: StaffIdentity,
  random: RandomBytes,
): StaffMethod {
  const { auth, box } = staffKeysOf(secret)
  return {
    fmt: 1,
    ...name,
    kind: how.kind,
    ...(how.kind === 'passphrase' && { kdf: how.kdf, salt: bytesToBase64url(how.salt) }),
    authPk: bytesToHex(auth.publicKey),
    box: bytesToBase64url(sealIdentityBox(identity, box, { org, ...name }, random)),
  }
}

/** The keys in a row. Throws `STAFF_BOX` when the secret or the organisation is another one, or the row was altered. */
export function openStaffMethod(
  org: string,
  method: StaffMethod,
  secret: UnlockSecret,
): Promise<StaffIdentity> {
  const { staff, methodId, keyVersion } = method
  const box = base64urlToBytes(method.box) ?? new Uint8Array(0)
  return openIdentityBox(box, staffKeysOf(secret).box, { org, staff, methodId, keyVersion })
}

/** A row as it came from outside. Whether its parameters are strong enough is for `passphraseSecret`. Throws `STAFF_METHOD`. */
export function checkStaffMethod(value: unknown): StaffMethod {
  const isWhole =
    isMethod(value) && (value.kind === 'passphrase') === (value.kdf !== undefined && value.salt !== undefined)
  if (!isWhole || (value.kind !== 'passphrase' && (value.kdf !== undefined || value.salt !== undefined)))
    throw new SealError('STAFF_METHOD', 'What the server keeps for this way of unlocking is not in its form.')
  return value
}

/** Refuses (`STAFF_METHODS_TOO_FEW`) to finish without two ways of unlocking of one person, one of them a passphrase. */
export function checkMethods(methods: readonly StaffMethod[]): void {
  const isEnough =
    new Set(methods.map(({ methodId }) => methodId)).size >= 2 &&
    new Set(methods.map(({ staff }) => staff)).size === 1 &&
    methods.some(({ kind }) => kind === 'passphrase')
  if (!isEnough)
    throw new SealError(
      'STAFF_METHODS_TOO_FEW',
      'Two ways of unlocking are needed, a passphrase among them: whoever has one alone loses all cases with it.',
    )
}

const isBox: Form<string> = (value): value is string =>
  typeof value === 'string' && base64urlToBytes(value, BOX_BYTES) !== null

const isMethod: Form<StaffMethod> = shape(
  {
    fmt: exactly(1),
    staff: id16,
    methodId: id16,
    kind: oneOf(['passphrase', 'passkey', 'sheet']),
    keyVersion: whole(1),
    authPk: hex32,
    box: isBox,
  },
  { kdf: shape({ t: whole(1), m: whole(1), p: whole(1) }), salt: id16 },
)
