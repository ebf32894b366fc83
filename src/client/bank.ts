import { MAX_SETS } from '#contract/bank.ts'
import type { PictureSet } from '#domain/index.ts'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import { sealPrintSet } from '#lib/seal/index.ts'
import type { Client } from './client.ts'
import { once, type Persist } from './persist.ts'
import type { SolvePuzzle } from './report.ts'
import { solvedPuzzle } from './work.ts'

/** The prints of a picture, under the id by which they can be kept or withdrawn: 16 random bytes as base64url. */
export interface NamedSet {
  readonly id: string
  readonly set: PictureSet
}

/**
 * Seals the prints of a picture to the bank and registers them; the picture is not needed. The request names no case, and may
 * be sent again by `persist`. Throws `CallError`: see `bank.register`.
 */
export async function registerSet(
  client: Client,
  { id, set }: NamedSet,
  means: { readonly bank: string; readonly solve: SolvePuzzle; readonly persist?: Persist },
): Promise<void> {
  const { bank, solve, persist = once } = means
  const body = bytesToBase64(await sealPrintSet(set.prints, bank))
  await persist(async () => client.bank.register({ id, body, pow: await solvedPuzzle(client, solve) }))
}

/** Takes sets out of the bank: they match nothing from then on. What is not there is no error. Throws `CallError`. */
export async function withdrawSets(client: Client, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += MAX_SETS) {
    await client.bank.withdraw({ ids: ids.slice(at, at + MAX_SETS) })
  }
}

/** Keeps sets for another half year. Throws `CallError`. */
export async function renewSets(client: Client, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += MAX_SETS) {
    await client.bank.renew({ ids: ids.slice(at, at + MAX_SETS) })
  }
}
