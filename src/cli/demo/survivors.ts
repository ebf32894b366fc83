import { AppError } from '#lib/errors/index.ts'
import { registerNewReport } from '../intake/index.ts'
import { actorContext } from './actor.ts'
import { SURVIVORS, type SurvivorPart } from './cast.ts'
import type { Scene } from './scene.ts'
import type { Say } from './story.ts'

/** What a survivor has after she reported. */
export interface Reported {
  readonly entry: string
  /** Nobody else has it. */
  readonly returnCode: string
  /** Under which her picture's prints are at the server; stands in her sealed case. */
  readonly setId: string
}

/** Each reports and registers her picture: what `saksi register` does on her own machine. Throws what it throws. */
export async function reportAll(scene: Scene, say: Say): Promise<Reported[]> {
  const reported: Reported[] = []
  for (const part of SURVIVORS) reported.push(await report(scene, part, say))
  return reported
}

async function report(
  { context, plan, stage, founded }: Scene,
  part: SurvivorPart,
  say: Say,
): Promise<Reported> {
  const { entry, text, excludes } = part
  const picture = plan.survivors.find((one) => one.entry === entry)
  let returnCode = ''
  const { registered } = await registerNewReport(
    actorContext(context, () => stage.server.now()),
    {
      leaflet: { server: stage.server.url, organisation: founded.organisation.trust },
      names: picture === undefined ? [] : [picture.picturePath],
      set: 'full',
      ageBand: 'adult',
      text,
      exclude: excludes === undefined ? [] : [founded.entryOf(excludes)],
    },
    async (code) => {
      returnCode = code
    },
  )
  const [set] = registered
  if (set === undefined) throw new AppError('DEMO_FAILED', `The picture of ${entry} was not registered.`)
  const prints = `${set.wholePrints + set.windows} prints of her picture and its parts`
  await say(
    `${entry}  a sealed report, ${prints}${excludes === undefined ? '' : `; ${excludes} must not read it`}`,
  )
  return { entry, returnCode, setId: set.id }
}
