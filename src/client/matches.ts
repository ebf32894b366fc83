import { members } from '#contract/members.ts'
import {
  type DecidedSighting,
  decideSighting,
  type EntryBody,
  indexList,
  joinSightings,
  matchId,
  ownRowsOfKept,
  type RecognisedSighting,
  recogniseInList,
} from '#domain/index.ts'
import { base64ToBytes, bytesToHex, type CanonicalValue } from '#lib/bytes/index.ts'
import { AppError } from '#lib/errors/index.ts'
import {
  type AgeIdentity,
  bankRecipient,
  bytesToBase64url,
  openContext,
  openUnknownWrap,
  SealError,
} from '#lib/seal/index.ts'
import { renewSets } from './bank.ts'
import { CallError } from './call.ts'
import type { OpenCase } from './cases.ts'
import { postUnless } from './cases-write.ts'
import { type Desk, DeskError } from './staff-desk.ts'

/** How far back is looked unless told: one day. */
const USUAL_QUARTERS = 96
/** A list that is full goes on in the next ones, so that what was looked at last is looked at once more. */
const OVERLAP_QUARTERS = 4
const LARGE_BANK_ROWS = 1_000_001

/**
 * Opens the matcher with the bank's identity from her own box: what waits is matched from then on. For supervisors and match
 * officers. Throws `CallError` (`members.bankBox`, `matches.open`); `DeskError` BANK_BOX_OTHER; `SealError` ROSTER_NO_BANK.
 */
export async function openMatcher(
  desk: Desk,
): Promise<{ readonly isOpen: boolean; readonly unreadableSets: number }> {
  return desk.client.matches.open({
    identity: (await bankIdentity(desk, bankRecipient(desk.rosters[0]))).secret,
  })
}

/** Closes the matcher: it forgets all prints, and what comes in is kept. Throws as `openMatcher`. */
export async function closeMatcher(desk: Desk): Promise<void> {
  await desk.client.matches.close({
    identity: (await bankIdentity(desk, bankRecipient(desk.rosters[0]))).secret,
  })
}

/** The bank's identity from her own box, if it is that of this recipient. Throws `CallError`, `DeskError` BANK_BOX_OTHER. */
export async function bankIdentity(
  { client, session }: Pick<Desk, 'client' | 'session'>,
  recipient: string,
): Promise<AgeIdentity> {
  const { body } = await client.members.bankBox(await session.confirm(members.bankBox, {}))
  const { identity } = await openUnknownWrap(base64ToBytes(body) ?? new Uint8Array(0), session.identity.age)
  if (identity.recipient === recipient) return identity
  throw new DeskError(
    'BANK_BOX_OTHER',
    'The key of the bank that was delivered is another one. It was not used.',
  )
}

/** A picture of one of her cases was found. */
export interface FoundMatch {
  /** The case, as the server calls it. */
  readonly case: string
  /** The registered picture: the id of its set. */
  readonly about: string
  readonly sighting: string
  readonly decided: DecidedSighting
  /** Where and when it was seen, or null when that was not to be had. */
  readonly context: Readonly<Record<string, CanonicalValue>> | null
  /** `there`: a colleague, or she herself, had written it. Any other word is the code of why it was not written. */
  readonly written: 'now' | 'there' | (string & {})
}

export interface MatchRound {
  /** The cases she gave, with what was written. */
  readonly cases: readonly OpenCase[]
  readonly found: readonly FoundMatch[]
  /** Whether sightings are being matched at all. */
  readonly isMatcherOpen: boolean
  /** To be given as `since` the next time. */
  readonly through: number
}

/**
 * Looks for hits of the pictures in these cases, decides, and writes each match into its case, once however many members look.
 * Lists are fetched whole and searched here, so that the server learns nothing of which hits are hers. Throws `CallError` when
 * lists cannot be fetched; a match that cannot be written says so and holds up no other.
 */
export async function matchNow(
  desk: Desk,
  cases: readonly OpenCase[],
  { since }: { readonly since?: number } = {},
): Promise<MatchRound> {
  const { client, session } = desk
  const state = await client.matches.state({ session: session.token })
  const first = (since ?? state.quarter - USUAL_QUARTERS) - OVERLAP_QUARTERS
  const lists: ReturnType<typeof indexList>[] = []
  for (let quarter = Math.max(0, first); quarter <= state.quarter; quarter++) {
    const list = await listOf(desk, quarter)
    if (list !== null) lists.push(indexList(list, quarter))
  }
  const bankRows = state.isLargeBank ? LARGE_BANK_ROWS : 0
  const found: FoundMatch[] = []
  const updated: OpenCase[] = []
  for (const open of cases) {
    let current = open
    for (const hit of hitsIn(open, lists, bankRows)) {
      const written = await writeMatch(desk, current, hit)
      current = written.open
      found.push(written.found)
    }
    updated.push(current)
  }
  return { cases: updated, found, isMatcherOpen: state.isOpen, through: state.quarter }
}

/**
 * Keeps the pictures of these cases registered for another half year; what no member renews is erased. One request for each, in
 * an order of its own, so that no request says which pictures are of one case. Throws `CallError`.
 */
export async function renewPictures({ client, random }: Desk, cases: readonly OpenCase[]): Promise<void> {
  const sets = cases.flatMap(({ replay }) =>
    [...replay.state.prints.values()].filter(({ isWithdrawn }) => !isWithdrawn).map(({ id }) => id),
  )
  for (const id of shuffled(sets, random)) await renewSets(client, [id])
}

function shuffled(ids: readonly string[], random: Desk['random']): string[] {
  const order = new Map(ids.map((id) => [id, bytesToHex(random(16))]))
  return [...ids].sort((a, b) => ((order.get(a) ?? '') < (order.get(b) ?? '') ? -1 : 1))
}

async function listOf({ client, session }: Desk, quarter: number): Promise<Uint8Array | null> {
  try {
    return await client.matches.list({ session: session.token, quarter })
  } catch (error) {
    if (error instanceof CallError && error.code === 'LIST_NOT_FOUND') return null
    throw error
  }
}

interface Hit {
  readonly about: string
  readonly sighting: string
  readonly recognised: RecognisedSighting
  readonly decided: DecidedSighting
}

/** The matches of a case's pictures in these lists. */
function* hitsIn(
  { id, replay }: OpenCase,
  lists: readonly ReturnType<typeof indexList>[],
  bankRows: number,
): Generator<Hit> {
  for (const set of replay.state.prints.values()) {
    if (set.isWithdrawn) continue
    const rows = ownRowsOfKept(set, `${id}:${set.id}`, 0)
    const recognised = joinSightings(lists.flatMap((list) => recogniseInList(list, rows)))
    for (const one of recognised) {
      const decided = decideSighting(one, bankRows)
      if (decided === null) continue
      yield { about: set.id, sighting: bytesToBase64url(one.sightingId), recognised: one, decided }
    }
  }
}

async function writeMatch(
  desk: Desk,
  open: OpenCase,
  hit: Hit,
): Promise<{ readonly open: OpenCase; readonly found: FoundMatch }> {
  const { about, sighting, decided } = hit
  const isDone = ({ replay }: OpenCase) => replay.state.matches.has(matchId(hit))
  const known = open.replay.state.matches.get(matchId(hit))
  let found = { case: open.id, about, sighting, decided, context: contextIn(known?.context) }
  try {
    const context = known === undefined ? await contextOf(desk, hit) : found.context
    found = { ...found, context }
    const outcome = await postUnless(desk, open, matchEntry(hit, context), isDone).catch((error: unknown) => {
      if (!(error instanceof SealError) || error.code !== 'FRAME_TOO_LARGE') throw error
      // The context is as long as an entry may be: its key is kept, and it can be fetched.
      return postUnless(desk, open, matchEntry(hit, null), isDone)
    })
    return { open: outcome.open, found: { ...found, written: outcome.isWritten ? 'now' : 'there' } }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { open, found: { ...found, written: error.code } }
  }
}

function matchEntry(
  { about, sighting, decided, recognised }: Hit,
  context: FoundMatch['context'],
): EntryBody {
  const { rule, distance, votes, isOnlyLikely, copy } = decided
  return {
    type: 'match.found',
    body: {
      about,
      sighting,
      matchRule: rule,
      distance,
      ...(votes !== null && { votes }),
      isOnlyLikely,
      copy: { ...copy },
      ...(context !== null && { content: context }),
      contextKey: bytesToHex(recognised.contextKey),
    },
  }
}

/**
 * Where and when the picture was seen, in the words of the witness's program. Asking for it tells a server that watches requests
 * which member has found something; lists alone do not. It is asked once, by whoever writes the match.
 */
async function contextOf(
  { client, session }: Desk,
  { sighting, recognised }: Hit,
): Promise<FoundMatch['context']> {
  try {
    const sealed = await client.sightings.context({ session: session.token, id: sighting })
    return contextIn(openContext(sealed, recognised.contextKey))
  } catch (error) {
    if (error instanceof SealError || (error instanceof CallError && error.code === 'SIGHTING_NOT_FOUND'))
      return null
    throw error
  }
}

function contextIn(value: unknown): FoundMatch['context'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  // It was read as canonical JSON, here or in the entry it stands in.
  return value as Readonly<Record<string, CanonicalValue>>
}
