import { join } from 'node:path'
import { type FoundMatch, makeInvite } from '#client/index.ts'
import { sightingContext } from '#contract/sighting-context.ts'
import { isoWeekOf } from '#lib/seal/index.ts'
import { collectExport } from '../collect/index.ts'
import type { DemoPlaceName } from '../generate/index.ts'
import { actorContext } from './actor.ts'
import { PLACES, WITNESSES, type WitnessPart } from './cast.ts'
import { random } from './organisation.ts'
import type { Scene } from './scene.ts'
import type { Say } from './story.ts'
import type { Reported } from './survivors.ts'
import type { FoundCopy } from './truth.ts'

const WEEK_SECONDS = 7 * 86_400
const PICTURES_PER_INVITE = 200

/** Each gets an invite and hands in what she has: what `saksi collect` does. Throws what it throws. */
export async function handInAll(scene: Scene, say: Say): Promise<void> {
  const { founded, stage } = scene
  const devi = await founded.signIn('Devi')
  const until = isoWeekOf(Math.floor(stage.server.now().getTime() / 1_000) + WEEK_SECONDS)
  await say(
    'Devi gives each an invite. Nothing that comes in by it can be traced to it, or to other pictures.',
  )
  for (const witness of WITNESSES) {
    const invite = await makeInvite(founded.client, devi, { pictures: PICTURES_PER_INVITE, until, random })
    await handIn(scene, witness, { invite, say })
  }
  await say('Nobody has looked at a picture, and none was sent. Whether one was found is not told to them.')
}

async function handIn(
  { context, plan, stage, founded, out }: Scene,
  { name, place, has }: WitnessPart,
  { invite, say }: { readonly invite: string; readonly say: Say },
): Promise<void> {
  const made = [...plan.exports, plan.saved].find((one) => one.name === place)
  const { sent, notInExport, unread } = await collectExport(
    actorContext(context, () => stage.server.now()),
    {
      leaflet: { server: stage.server.url, organisation: founded.organisation.trust },
      exportPath: made?.dir ?? '',
      invite,
      stateFolder: join(out, 'witness'),
    },
  )
  const absent = notInExport === 0 ? '' : `; ${notInExport} more are named in it, but not there`
  const bad = unread.length === 0 ? '' : `; ${unread.length} cannot be read`
  await say(`${name}  ${has}: prints of ${sent} pictures, sealed${absent}${bad}`)
}

/** What the matches in the cases say: whose picture, where, which file. */
export function foundIn(found: readonly FoundMatch[], reported: readonly Reported[]): FoundCopy[] {
  return found.map(({ about, context }) => {
    const entry = reported.find(({ setId }) => setId === about)?.entry
    const said = sightingContext.parse(context)
    const place = placeCalled(said.export.name)
    if (entry === undefined || place === undefined)
      throw new RangeError('A match is of nobody, or of nowhere.')
    return { entry, place, sha256: said.picture.sha256 }
  })
}

function placeCalled(name: string): DemoPlaceName | undefined {
  return PLACES.find((place) => place === name)
}
