import { type Desk, type FoundMatch, matchNow, openCases, openDesk, openMatcher } from '#client/index.ts'
import { AppError } from '#lib/errors/index.ts'
import type { MemberName } from './cast.ts'
import { random } from './organisation.ts'
import type { Scene } from './scene.ts'
import type { Say } from './story.ts'
import type { Reported } from './survivors.ts'

export const QUARTER_MS = 15 * 60_000
/** Lists are full, but not that many of them. */
const MAX_QUARTERS = 40

/** Signs in and verifies the roster. A session ends after a quarter of an hour in which nothing was done. */
export async function deskOf({ founded, stage }: Scene, name: MemberName): Promise<Desk> {
  const session = await founded.signIn(name)
  return openDesk(founded.client, session, founded.organisation.trust, {
    random,
    now: () => stage.server.now(),
  })
}

/** A supervisor gives the matcher the key of the bank, which it keeps in memory only. */
export async function startMatching(scene: Scene, name: MemberName): Promise<void> {
  await openMatcher(await deskOf(scene, name))
}

/** What one member saw. */
interface Round {
  readonly cases: number
  readonly found: readonly FoundMatch[]
  readonly written: number
}

/** Turns the clock until every hit is in a list, and lets the members look. */
export async function lookForMatches(
  scene: Scene,
  reported: readonly Reported[],
  say: Say,
): Promise<readonly FoundMatch[]> {
  const quarters = await untilAllIsListed(scene)
  await say(
    `The server tells what was found once in a quarter of an hour, in lists that look alike whatever is in them. Its clock is turned: ${quarters} lists.`,
  )
  const devi = await round(scene, 'Devi')
  await say(
    `Devi has ${devi.cases} cases. She finds ${devi.found.length} matches and writes ${devi.written} into them.`,
  )
  const mei = await round(scene, 'Mei')
  await say(
    `Mei has ${mei.cases} cases. She finds the same ${mei.found.length}, writes ${mei.written}: each stands there once.`,
  )
  const sara = await round(scene, 'Sara')
  const hidden = reported.filter(({ setId }) => !sara.sets.has(setId)).map(({ entry }) => entry)
  await say(
    `Sara has ${sara.cases} cases and ${sara.found.length} matches. Of ${hidden.join(', ')} there is no sign for her: no row, no gap, no number.`,
  )
  return devi.found
}

async function untilAllIsListed({ stage }: Scene): Promise<number> {
  for (let quarters = 1; quarters <= MAX_QUARTERS; quarters++) {
    if ((await stage.server.forward(QUARTER_MS)) === 0) return quarters
  }
  throw new AppError('DEMO_FAILED', 'The server does not come to an end of what it found.')
}

async function round(scene: Scene, name: MemberName): Promise<Round & { sets: ReadonlySet<string> }> {
  const desk = await deskOf(scene, name)
  const { cases, unreadable } = await openCases(desk)
  const { found } = await matchNow(desk, cases, { since: scene.since })
  const refused = found.find(({ written }) => written !== 'now' && written !== 'there')?.written
  const code = refused ?? unreadable[0]?.code
  if (code !== undefined) throw new AppError('DEMO_FAILED', `${name} could not do her work: ${code}.`)
  return {
    cases: cases.length,
    found,
    written: found.filter(({ written }) => written === 'now').length,
    sets: new Set(cases.flatMap(({ replay }) => [...replay.state.prints.keys()])),
  }
}
