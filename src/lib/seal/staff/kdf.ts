import { SealError } from '../errors.ts'
import { type Argon2Options, argon2id } from '../keys/argon2.ts'
import { checkLength } from '../keys/checks.ts'
import { deriveKey, labelledHash } from '../keys/derive.ts'
import { HASH_LABELS, KEY_LABELS } from '../keys/labels.ts'
import { checkOrgId } from '../keys/return-keys.ts'
import type { RecoverySheet } from './sheet.ts'

/** Argon2id: passes, KiB of memory, threads. */
export interface PassphraseKdf {
  readonly t: number
  readonly m: number
  readonly p: number
}

/** What new rows get. */
export const CURRENT_KDF: PassphraseKdf = { t: 3, m: 65_536, p: 1 }
export const MAX_KDF_MEMORY_KIB = 262_144
const MAX_PASSES = 16
export const SALT_BYTES = 16
const SECRET_BYTES = 32

declare const unlocking: unique symbol
/** 32 bytes that one way of unlocking gives; everything else is derived from them. Never stored, never sent. */
export type UnlockSecret = Uint8Array & { readonly [unlocking]: true }

/**
 * Stretches a passphrase (any Unicode, brought to NFKC) with what the server says its row was made with. Throws
 * `STAFF_KDF_DOWNGRADE` before the passphrase is touched when that is weaker than `CURRENT_KDF`, asks for more than 256 MiB, or
 * its salt is not 16 bytes: a server must not be able to get a cheap guess at a passphrase by asking for less.
 */
export async function passphraseSecret(
  passphrase: string,
  { t, m, p }: PassphraseKdf,
  salt: Uint8Array,
  options: Argon2Options = {},
): Promise<UnlockSecret> {
  const isStrongEnough =
    isWhole(t, CURRENT_KDF.t, MAX_PASSES) && isWhole(m, CURRENT_KDF.m, MAX_KDF_MEMORY_KIB) && p === 1
  if (!isStrongEnough || salt.length !== SALT_BYTES)
    throw new SealError(
      'STAFF_KDF_DOWNGRADE',
      'The server asks to handle your passphrase in a weaker way than agreed. It was not used. Tell your supervisor.',
    )
  const password = new TextEncoder().encode(passphrase.normalize('NFKC'))
  return secret(
    await argon2id(
      { password, salt, iterations: t, memoryKiB: m, parallelism: p, lengthBytes: SECRET_BYTES },
      options,
    ),
  )
}

/** What a passkey is asked to evaluate (`eval.first` of the WebAuthn extension `prf`): 32 bytes. */
export function passkeyInput(org: string, keyVersion: number): Uint8Array {
  checkOrgId(org)
  return labelledHash(HASH_LABELS.passkeyInput, new TextEncoder().encode(`${org}\n${keyVersion}`))
}

/** The secret of a passkey: `prf.results.first`, 32 bytes. Throws `SEAL_INPUT` for another length. */
export function passkeySecret(prfOutput: Uint8Array): UnlockSecret {
  checkLength(prfOutput, SECRET_BYTES, 'What the passkey gave')
  return secret(prfOutput.slice())
}

/** The secret of a printed sheet: its 129 random bits need no slow stretching. */
export function sheetSecret({ digits }: RecoverySheet): UnlockSecret {
  return secret(deriveKey(new TextEncoder().encode(digits), KEY_LABELS.staffSheet, SECRET_BYTES))
}

/** The mark keeps other bytes from being taken for this secret by mistake. */
function secret(bytes: Uint8Array): UnlockSecret {
  return bytes as UnlockSecret
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most
}
