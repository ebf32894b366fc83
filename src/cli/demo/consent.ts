import { createHash } from 'node:crypto'
import { openCases, postEntry, readCase, writeToOwnCase } from '#client/index.ts'
import { refuseConsent } from '#domain/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { parseReturnCode } from '#lib/seal/index.ts'
import { connect, openMailbox } from '../intake/index.ts'
import { actorContext } from './actor.ts'
import { deskOf, QUARTER_MS } from './members.ts'
import type { Scene } from './scene.ts'
import type { Say } from './story.ts'
import type { Reported } from './survivors.ts'

const CONSENT = { recipient: 'police-cyber-unit', purpose: 'investigate', dataClasses: ['exhibits'] } as const
const WORDING =
  'The Cyber Unit gets where, when and by which account copies of my picture were posted, and nothing else.'

/**
 * A member offers a consent in her case; she reads it with her return code and gives it. Gives the id of the consent. Throws
 * `AppError` DEMO_FAILED when it does not cover the hand-over in the end.
 */
export async function askConsent(scene: Scene, survivor: Reported, say: Say): Promise<string> {
  const { context, founded, stage } = scene
  const { server } = stage
  const desk = await deskOf(scene, 'Devi')
  const { cases } = await openCases(desk)
  const open = cases.find(({ replay }) => replay.state.prints.has(survivor.setId))
  if (open === undefined)
    throw new AppError('DEMO_FAILED', `Devi does not have the case of ${survivor.entry}.`)
  const id = 'consent-1'
  const drafted = await postEntry(desk, open, 'consent.draft', {
    id,
    ...CONSENT,
    dataClasses: [...CONSENT.dataClasses],
    language: 'en',
    wordingVersion: 'demo-1',
    wordingSha256: createHash('sha256').update(WORDING).digest('hex'),
  })
  await postEntry(desk, drafted, 'consent.offer', { about: id })
  await say(`Devi asks in her case: “${WORDING}” Yes, no or later weigh the same.`)
  await server.forward(QUARTER_MS)

  const actor = actorContext(context, () => server.now())
  const leaflet = { server: server.url, organisation: founded.organisation.trust }
  const { mailbox, keys, own, means } = await openMailbox(
    actor,
    await connect(actor, leaflet),
    parseReturnCode(survivor.returnCode),
  )
  const verified = own.conversation.items.filter(({ verdict }) => verdict === 'verified').length
  await writeToOwnCase(mailbox, keys, own, [{ type: 'consent.give', body: { about: id } }], means)
  await say(
    `She comes back with her code. The signatures of all ${verified} entries in her case hold. She says yes.`,
  )

  const again = await deskOf(scene, 'Devi')
  const { state } = (await readCase(again, open.id)).replay
  const request = { ...CONSENT, exhibits: [] }
  const refused = refuseConsent(state.consents.get(id), request, Math.floor(server.now().getTime() / 60_000))
  if (refused !== null) throw new AppError('DEMO_FAILED', `The consent does not count: ${refused}.`)
  return id
}
