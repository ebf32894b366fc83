import { createHash, createHmac } from 'node:crypto'
import type { ShownPass } from '#contract/invites.ts'
import { checkPass, PassError, type PassKeys, passKeysOf } from '#lib/passes/index.ts'
import type { Clock } from '../../clock.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import { weekAfter } from '../../time.ts'

/** A pass is good in the week it was issued in, and in the next one. */
const GOOD_WEEKS = 2

export interface PassDependencies {
  readonly clock: Clock
  readonly passes: Passes
}

/** The server's keys for passes, a pair for each week, made from its secret. They open nothing. */
export class Passes {
  readonly #seed: Uint8Array
  readonly #keys = new Map<string, PassKeys>()

  /** `secret` is the server's own, of 32 bytes. */
  constructor(secret: Uint8Array) {
    this.#seed = new Uint8Array(createHmac('sha256', secret).update('saksi/v1/server/passes').digest())
  }

  keysOf(week: string): PassKeys {
    const known = this.#keys.get(week)
    if (known) return known
    const keys = passKeysOf(this.#seed, week)
    this.#keys.set(week, keys)
    return keys
  }
}

/** Weeks of passes that are good now, the newest first. */
export function goodWeeks(now: Date): string[] {
  return Array.from({ length: GOOD_WEEKS }, (_, n) => weekAfter(now, -n))
}

/** Throws PASS_INVALID unless this pass was issued here lately and used for this id. Some milliseconds of computing. */
export function checkShownPass(
  { clock, passes }: PassDependencies,
  { week, nonce, mac }: ShownPass,
  id: string,
): void {
  if (!goodWeeks(clock.now()).includes(week)) throw new Refused('PASS_INVALID')
  const shown = { nonce: Buffer.from(nonce, 'hex'), mac: Buffer.from(mac, 'hex') }
  try {
    checkPass(passes.keysOf(week), shown, Buffer.from(id, 'base64url'))
  } catch (cause) {
    if (!(cause instanceof PassError)) throw cause
    throw new Refused('PASS_INVALID', { cause })
  }
}

/** Uses a pass up in the caller's transaction. False when it was used before. */
export async function spendPass(tx: Db, { week, nonce }: ShownPass): Promise<boolean> {
  const spent = await tx
    .insertInto('passes_spent')
    .values({ value_hash: createHash('sha256').update(Buffer.from(nonce, 'hex')).digest(), week })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return spent.numInsertedOrUpdatedRows === 1n
}
