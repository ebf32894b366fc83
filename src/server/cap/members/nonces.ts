import { createHash } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { Db } from '../../database.ts'
import { nextQuarter } from '../../time.ts'
import type { Tokens } from '../../tokens.ts'

const EXPIRES_AT = 12
/** What `newNonce` of the mailboxes gives a nonce; they are the same kind. */
const LIFE_MS = 10 * 60_000

/** Uses a nonce up. False when it is not ours, was given more than `maxAgeMs` ago, or was used. */
export async function spendNonce(
  db: Db,
  { clock, nonces }: { readonly clock: Clock; readonly nonces: Tokens },
  nonce: string,
  maxAgeMs = LIFE_MS,
): Promise<boolean> {
  const payload = nonces.open(nonce)
  if (payload === null) return false
  const expiresMs = payload.readUInt32BE(EXPIRES_AT) * 1_000
  if (expiresMs - LIFE_MS + maxAgeMs < clock.now().getTime()) return false
  const used = await db
    .insertInto('mailbox_nonces')
    .values({
      value_hash: createHash('sha256').update(payload).digest(),
      expires: nextQuarter(new Date(expiresMs)),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return used.numInsertedOrUpdatedRows === 1n
}
