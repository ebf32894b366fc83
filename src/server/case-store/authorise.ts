import { createHash, createPublicKey, verify } from 'node:crypto'
import type { CanonicalValue } from '#lib/bytes/index.ts'
import { canonicalBytes, mailboxRequestBytes } from '#lib/seal/index.ts'
import { withCodedErrors } from '#node/db/index.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../database.ts'
import { Refused } from '../errors.ts'
import { nextQuarter } from '../time.ts'
import type { Tokens } from '../tokens.ts'

const NONCE_LIFE_MS = 10 * 60_000
const NONCE_RANDOM_BYTES = 12

/** DER of a SubjectPublicKeyInfo with an Ed25519 key (RFC 8410), up to the key. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

/** A request in the name of a mailbox, as the contract has it. */
export interface SignedRequest {
  readonly mailbox: string
  readonly authPk: string
  readonly nonce: string
  readonly signature: string
  readonly payload: CanonicalValue
}

export interface AuthoriseDependencies {
  readonly clock: Clock
  readonly nonces: Tokens
}

/** Who is asking, proven: the mailbox and its key. Whether there is such a mailbox is another question. */
export interface Asking {
  readonly mailbox: Buffer
  readonly authPk: Buffer
}

/** A nonce for one signed request within ten minutes. Nothing is kept until it is used. */
export function newNonce(
  { clock, nonces }: AuthoriseDependencies,
  random: (bytes: number) => Uint8Array,
): string {
  const payload = Buffer.alloc(NONCE_RANDOM_BYTES + 4)
  payload.set(random(NONCE_RANDOM_BYTES))
  payload.writeUInt32BE(Math.floor((clock.now().getTime() + NONCE_LIFE_MS) / 1_000), NONCE_RANDOM_BYTES)
  return nonces.seal(payload)
}

/**
 * Checks nonce and signature and uses the nonce up. What is checked, and in which order, does not depend on whether the
 * mailbox exists: an erased one, one that never was, and one with another key all get as far. Throws
 * MAILBOX_NONCE_USED, MAILBOX_SIGNATURE.
 */
export async function authorise(
  db: Db,
  { clock, nonces }: AuthoriseDependencies,
  op: string,
  request: SignedRequest,
): Promise<Asking> {
  const now = clock.now()
  const payload = nonces.open(request.nonce)
  const expiresMs = (payload?.readUInt32BE(NONCE_RANDOM_BYTES) ?? 0) * 1_000
  if (payload === null || expiresMs < now.getTime()) throw new Refused('MAILBOX_NONCE_USED')
  const authPk = Buffer.from(request.authPk, 'hex')
  const message = mailboxRequestBytes({
    mailbox: request.mailbox,
    nonce: request.nonce,
    op,
    body: canonicalBytes(request.payload),
  })
  if (!isSigned(authPk, message, Buffer.from(request.signature, 'hex'))) {
    throw new Refused('MAILBOX_SIGNATURE')
  }
  const used = await withCodedErrors(() =>
    db
      .insertInto('mailbox_nonces')
      .values({
        value_hash: createHash('sha256').update(payload).digest(),
        expires: nextQuarter(new Date(expiresMs)),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst(),
  )
  if (used.numInsertedOrUpdatedRows === 0n) throw new Refused('MAILBOX_NONCE_USED')
  return { mailbox: Buffer.from(request.mailbox, 'base64url'), authPk }
}

function isSigned(publicKey: Buffer, message: Uint8Array, signature: Buffer): boolean {
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, publicKey]), format: 'der', type: 'spki' })
    return verify(null, message, key, signature)
  } catch {
    return false
  }
}
