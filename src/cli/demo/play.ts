import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#lib/errors/index.ts'
import type { CliContext } from '../context.ts'
import { type DemoPlan, generateDemo } from '../generate/index.ts'
import { actorContext } from './actor.ts'
import { AGENCY, CO_SIGNERS, MEMBERS, TO_POLICE, WITNESSES } from './cast.ts'
import { askConsent } from './consent.ts'
import { checkAsLaboratory, type Evidence, makeEvidence } from './evidence.ts'
import { foundIn, handInAll } from './hand-in.ts'
import { stayForALook } from './look.ts'
import { lookForMatches, QUARTER_MS, startMatching } from './members.ts'
import { found as foundOrganisation } from './organisation.ts'
import type { Scene } from './scene.ts'
import { openStage } from './stage.ts'
import { type Say, Story } from './story.ts'
import { type Reported, reportAll } from './survivors.ts'
import { tellComparison } from './tell.ts'
import { compareWithTruth } from './truth.ts'

/** Plays the whole story in the folder `out`, and ends with nothing running. Throws `AppError`. */
export async function playDemo(
  context: CliContext,
  { seed, out }: { readonly seed: string; readonly out: string },
): Promise<void> {
  const story = new Story(context)
  await context.out(context.paint.bold('Two women’s groups, six survivors, three witnesses, one server.'))
  await context.out('All of it is invented: drawn pictures, made-up words. Nothing leaves this machine.')
  const plan = await story.step('What there is to find is drawn.', (say) => draw(context, { seed, out }, say))
  const stage = await story.step('A server starts.', async (say) => {
    const opened = await openStage(context, out)
    await say(
      `It brings its own PostgreSQL, listens on this machine only, and keeps a log that ${CO_SIGNERS.length} other organisations co-sign: nobody can take an entry out unseen.`,
    )
    return opened
  })
  try {
    await playOn(context, story, { plan, stage, out })
    await rm(join(out, 'witness'), { recursive: true, force: true })
    await stayForALook(context, stage)
  } finally {
    await stage.close()
  }
}

async function playOn(
  context: CliContext,
  story: Story,
  { plan, stage, out }: Pick<Scene, 'plan' | 'stage' | 'out'>,
): Promise<void> {
  const scene = await story.step('Two women’s groups set it up together.', async (say) => {
    const founded = await foundOrganisation(stage.server, context.signal)
    const since = Math.floor(stage.server.now().getTime() / QUARTER_MS)
    const made = { context, plan, stage, founded, since, out }
    await startMatching(made, 'Aina')
    await tellMembers(made, say)
    return made
  })
  const reported = await story.step('Six survivors report, each with a code that she alone has.', (say) =>
    reportAll(scene, say),
  )
  await story.step('Three witnesses hand in what they have.', (say) => handInAll(scene, say))
  const found = await story.step('The members look, and what is found goes into the sealed cases.', (say) =>
    lookForMatches(scene, reported, say),
  )
  const evidence = await story.step(`${TO_POLICE} agrees that the police get what is hers.`, (say) =>
    handOver(scene, reported, say),
  )
  await story.step('Against what was really planted', async () => {
    const comparison = await compareWithTruth(plan, foundIn(found, reported))
    for (const line of tellComparison(comparison, plan, context)) await context.out(line)
  })
  await tellWhatIsLeft(scene, evidence)
}

async function draw(
  context: CliContext,
  { seed, out }: { readonly seed: string; readonly out: string },
  say: Say,
): Promise<DemoPlan> {
  const progress = context.progress('Drawing')
  try {
    const plan = await generateDemo({
      seed,
      dir: join(out, 'made'),
      signal: context.signal,
      onProgress: (done, total) => progress.update(done, total),
    })
    const [group, backup] = plan.exports.map(({ truth }) => truth)
    const pictures = (group?.counts.pictures ?? 0) + (backup?.counts.pictures ?? 0) + plan.saved.pictures
    await say(
      `A chat group, “${group?.title}”, ${group?.counts.messages} messages; its back-up group under another name, “${backup?.title}”, ${backup?.counts.messages}; and ${plan.saved.pictures} pictures that somebody saved.`,
    )
    await say(
      `Among their ${pictures} pictures are ${plan.copies.length} copies of five survivors’ pictures: cropped, mirrored, in screenshots, under stickers. The picture of the sixth was never posted.`,
    )
    return plan
  } finally {
    progress.end()
  }
}

async function tellMembers({ founded }: Scene, say: Say): Promise<void> {
  const groups = [...new Set(MEMBERS.map(({ group }) => group))]
  const people = groups.map((group) => {
    const names = MEMBERS.filter((one) => one.group === group).map(({ name }) => name)
    return `${names.join(' and ')} (${group})`
  })
  await say(`${people.join(', ')}. Their keys are made on their own machines; the server gets none.`)
  await say(`Leaflets carry the organisation’s fingerprint: ${founded.fingerprint}`)
  await say('Aina opens the matcher: it compares fingerprints in memory, and knows of none whose it is.')
}

async function handOver(scene: Scene, reported: readonly Reported[], say: Say): Promise<Evidence> {
  const { context, plan, stage, out } = scene
  const survivor = reported.find(({ entry }) => entry === TO_POLICE)
  const picture = plan.survivors.find(({ entry }) => entry === TO_POLICE)
  const [group] = plan.exports
  const [witness] = WITNESSES
  if (!survivor || !picture || !group || !witness) throw new RangeError('The cast is not complete.')
  const consent = await askConsent(scene, survivor, say)
  // Not in the server's time, which has been turned forward: this is for people outside.
  const actor = actorContext(context, () => new Date(context.nowMs()))
  const evidence = await makeEvidence(actor, {
    entry: TO_POLICE,
    picturePath: picture.picturePath,
    exportPath: group.dir,
    logFolder: stage.server.logFolder,
    folder: join(out, 'police'),
    name: `DEMO-${TO_POLICE}-H1`,
    witness: witness.name,
    consent: { reference: consent, agency: AGENCY, purpose: 'investigation', expires: null },
  })
  await say(
    `The export of ${witness.name} is scanned for her picture alone and entered in the log; a bundle of ${evidence.exhibits} exhibits is made, with nothing of anybody else.`,
  )
  const { status, says } = await checkAsLaboratory(evidence.bundle, evidence.fingerprint, join(out, 'police'))
  if (status !== 0) throw new AppError('DEMO_FAILED', `VERIFY.sh did not accept the bundle: ${says}`)
  await say(`A laboratory checks it with its own tools and without Saksi: sh VERIFY.sh says`)
  await say(`  ${says}`)
  return evidence
}

async function tellWhatIsLeft(
  { context, out }: Scene,
  { bundle, fingerprint, folder }: Evidence,
): Promise<void> {
  for (const line of [
    '',
    `The bundle for the police: ${bundle}`,
    `Check it again: cd ${folder} && sh VERIFY.sh --fingerprint ${fingerprint}`,
    `The pictures and exports it was made from: ${join(out, 'made')}`,
  ])
    await context.out(line)
}
