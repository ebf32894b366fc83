import { ristretto255, ristretto255_hasher, ristretto255_oprf } from '@noble/curves/ed25519.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { concatBytes, equalBytes } from '../bytes/index.ts'
import type { RandomBytes } from '../seal/index.ts'
import { PassError } from './errors.ts'

/*
 * Passes are outputs of the verifiable oblivious pseudorandom function of RFC 9497 (ristretto255-SHA512, mode 0x01): whoever
 * issues them sees blinded elements only, and cannot tell later which pass came out of which request, nor which came together.
 */
const { voprf } = ristretto255_oprf

/** Bytes of a nonce, of a group element, and of the part of an output that is used as key. */
const NONCE_BYTES = 32
const ELEMENT_BYTES = 32
const PROOF_BYTES = 64
const KEY_BYTES = 32
const MAC_LABEL = new TextEncoder().encode('saksi/v1/pass\n')

/** Passes issued in one request: each is some milliseconds of the issuer's processor. */
export const MAX_PASSES_AT_ONCE = 16

/** What passes of one week are issued and checked with. */
export interface PassKeys {
  readonly secretKey: Uint8Array
  readonly publicKey: Uint8Array
}

/** Lets one thing in, whatever it is first used for. */
export interface Pass {
  /** Key under which it was issued: an ISO week. */
  readonly week: string
  /** 32 random bytes that its issuer has not seen. */
  readonly nonce: Uint8Array
  /** 32 bytes that only the issuer can compute from the nonce. */
  readonly key: Uint8Array
}

/** A pass that is being asked for. */
export interface BlindedPass {
  readonly nonce: Uint8Array
  readonly blind: Uint8Array
  /** What the issuer gets to see. */
  readonly blinded: Uint8Array
}

/** What an issuer answers: one element for each that was asked for, and one proof that all are of its public key. */
export interface IssuedPasses {
  readonly evaluated: readonly Uint8Array[]
  readonly proof: Uint8Array
}

/** The issuer's keys of a week, the same ones from the same seed of 32 bytes. */
export function passKeysOf(seed: Uint8Array, week: string): PassKeys {
  return voprf.deriveKeyPair(seed, new TextEncoder().encode(`saksi/v1/pass/${week}`))
}

/** Begins asking for so many passes. */
export function blindPasses(count: number, random: RandomBytes): BlindedPass[] {
  return Array.from({ length: count }, () => {
    const nonce = random(NONCE_BYTES)
    return { nonce, ...voprf.blind(nonce) }
  })
}

/** Issues passes without seeing them. Throws `PassError` PASS_FORM for what is no element of the group. */
export function issuePasses(
  { secretKey, publicKey }: PassKeys,
  blinded: readonly Uint8Array[],
): IssuedPasses {
  if (blinded.length < 1 || blinded.length > MAX_PASSES_AT_ONCE) throw form()
  try {
    return voprf.blindEvaluateBatch(secretKey, publicKey, [...blinded])
  } catch (cause) {
    throw form(cause)
  }
}

/**
 * The passes from an answer, checked to be of the issuer's public key for the week: one issued under a key of its own could be
 * told from others. An answer for the first few is one for those. Throws `PassError` PASS_INVALID.
 */
export function finishPasses(
  asked: readonly BlindedPass[],
  { evaluated, proof }: IssuedPasses,
  { week, publicKey }: { readonly week: string; readonly publicKey: Uint8Array },
): Pass[] {
  const isInForm =
    evaluated.length >= 1 &&
    evaluated.length <= asked.length &&
    evaluated.every(({ length }) => length === ELEMENT_BYTES) &&
    proof.length === PROOF_BYTES
  if (!isInForm) throw invalid()
  const items = asked.slice(0, evaluated.length).map(({ nonce, blind, blinded }, n) => ({
    input: nonce,
    blind,
    blinded,
    evaluated: evaluated[n] ?? new Uint8Array(0),
  }))
  try {
    const outputs = voprf.finalizeBatch(items, publicKey, proof)
    return outputs.map((output, n) => ({
      week,
      nonce: items[n]?.input ?? new Uint8Array(0),
      key: output.slice(0, KEY_BYTES),
    }))
  } catch (cause) {
    throw invalid(cause)
  }
}

/** What is shown with a pass when `what` is let in with it: 32 bytes. The key itself is never shown. */
export function usePass({ key }: Pick<Pass, 'key'>, what: Uint8Array): Uint8Array {
  return hmac(sha256, key, concatBytes(MAC_LABEL, what))
}

/** Throws `PassError` PASS_INVALID unless a pass of these keys with this nonce was used for `what`. */
export function checkPass(
  { secretKey }: Pick<PassKeys, 'secretKey'>,
  { nonce, mac }: { readonly nonce: Uint8Array; readonly mac: Uint8Array },
  what: Uint8Array,
): void {
  if (nonce.length !== NONCE_BYTES) throw invalid()
  const key = evaluate(secretKey, nonce).slice(0, KEY_BYTES)
  if (!equalBytes(usePass({ key }, what), mac)) throw invalid()
}

const ASCII = new TextEncoder()
/** Context string of the verifiable mode (RFC 9497 3.1), as the domain of its hash to the group. */
const DOMAIN = ASCII.encode('HashToGroup-OPRFV1-\u0001-ristretto255-SHA512')

/** What `finishPasses` gets from the answer for this nonce, computed by who has the key (RFC 9497 3.3.1, Evaluate). */
function evaluate(secretKey: Uint8Array, nonce: Uint8Array): Uint8Array {
  const scalar = ristretto255.Point.Fn.fromBytes(secretKey)
  const element = ristretto255_hasher.hashToCurve(nonce, { DST: DOMAIN }).multiply(scalar).toBytes()
  const lengths = [nonce, element].map(({ length }) => new Uint8Array([length >> 8, length & 0xff]))
  const [ofNonce = new Uint8Array(0), ofElement = new Uint8Array(0)] = lengths
  return sha512(concatBytes(ofNonce, nonce, ofElement, element, ASCII.encode('Finalize')))
}

function form(cause?: unknown): PassError {
  return new PassError('PASS_FORM', 'What was asked for is not in its form.', { cause })
}

function invalid(cause?: unknown): PassError {
  return new PassError('PASS_INVALID', 'This is no pass of this server.', { cause })
}
