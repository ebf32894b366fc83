import type { SightingSubmission } from '#contract/sightings.ts'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import { type RandomBytes, type Sighting, sealContext, sealSighting } from '#lib/seal/index.ts'
import { CallError } from './call.ts'
import type { Client } from './client.ts'
import { once, type Persist } from './persist.ts'

/** A picture that somebody saw, and what is said of it to whoever's picture it is. */
export interface NewSighting {
  /** 16 random bytes as base64url. */
  readonly id: string
  readonly scope: Sighting['scope']
  readonly prints: Sighting['prints']
  /** A record in canonical form: see `sightingContext`. */
  readonly context: unknown
}

/** What lets a sighting in: a solved puzzle, made anew for each attempt, or a pass of an invite, the same for each. */
export type Admission = (id: string) => Promise<Pick<SightingSubmission, 'pow' | 'pass'>>

/**
 * Seals a sighting to the bank and submits it. Its context can be opened by whoever's picture it is, by nobody else. May be sent
 * again, also by a later run that knows the id: then it is kept once. Throws `CallError`: see `sightings.submit`.
 */
export async function submitSighting(
  client: Client,
  { id, scope, prints, context }: NewSighting,
  means: {
    readonly bank: string
    readonly admission: Admission
    readonly random: RandomBytes
    readonly persist?: Persist
  },
): Promise<void> {
  const { bank, admission, random, persist = once } = means
  const contextKey = random(32)
  const body = bytesToBase64(await sealSighting({ scope, prints, contextKey }, bank))
  const sealed = { id, body, context: bytesToBase64(sealContext(context, contextKey, random)) }
  await persist(async () => {
    try {
      await client.sightings.submit({ ...sealed, ...(await admission(id)) })
    } catch (error) {
      // Nobody else knows this id, and the pass counts for no other one: what lies there came from an earlier run.
      if (!(error instanceof CallError) || !IS_THERE.has(error.code)) throw error
    }
  })
}

const IS_THERE: ReadonlySet<string> = new Set(['SIGHTING_CONFLICT', 'PASS_SPENT'])
