import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CONTEXT_SIZES, PRINT_SET_BYTES, partLength, SIGHTING_BYTES } from '#contract/sizes.ts'
import { bytesToBase64, bytesToHex } from '#lib/bytes/index.ts'
import { CallError, Mailbox, sendParts, sendReport, solvedPuzzle } from '../../../client/index.ts'
import { isoWeekOf } from '../../time.ts'
import { newId, newSurvivor, randomItem, type Survivor, sealedFileSize, solve } from '../reports.ts'
import { type KeptCase, persist, type Stage } from './stage.ts'

/** One survivor after the other: report, more words, perhaps a file, now and then erasure. */
export async function writeReports(stage: Stage): Promise<void> {
  const worker = stage.organisation.people[0]?.entry.addr ?? ''
  for (let round = 0; !stage.isOver; round++) {
    const survivor = survivorOf(worker)
    const receipt = await persist(stage, (client) => sendReport(client, survivor.report, solve))
    const items = survivor.report.items.map(bytesToHex)
    const kept: KeptCase = { survivor, receipt, items, replies: new Map(), files: [], isErased: false }
    stage.cases.push(kept)
    const item = randomItem(0)
    const posted = { id: newId(), epoch: 1, body: bytesToBase64(item) }
    await persist(stage, (client) => new Mailbox(client, survivor.keys).post(posted))
    kept.items.push(bytesToHex(item))
    if (round % 4 === 1) kept.files.push(await upload(stage, survivor))
    if (round % 4 === 3) await erase(stage, kept)
  }
}

/** A report that one of the staff gets too, so that she can reply. */
function survivorOf(worker: string): Survivor {
  const { keys, report } = newSurvivor({ week: isoWeekOf(new Date()) })
  const other = report.wraps.findIndex(({ address }) => address !== report.mailbox)
  const wraps = report.wraps.map((wrap, slot) => (slot === other ? { ...wrap, address: worker } : wrap))
  return { keys, report: { ...report, wraps } }
}

async function upload(stage: Stage, { keys }: Survivor): Promise<KeptCase['files'][number]> {
  const bytes = crypto.getRandomValues(new Uint8Array(65_536))
  const sealed = new Uint8Array(sealedFileSize(1_500_000)).map((_, i) => bytes[i % bytes.length] ?? 0)
  const id = newId()
  await persist(stage, async (client) => {
    const token = await new Mailbox(client, keys).beginUpload(id, sealed.length)
    await sendParts(client, token, sealed.length, async (n) =>
      sealed.slice(n << 20, (n << 20) + partLength(sealed.length, n)),
    )
  })
  return { id, bytes: sealed }
}

/** An erasure whose answer got lost has happened when there is no such mailbox any more. */
async function erase(stage: Stage, kept: KeptCase): Promise<void> {
  kept.isErased = true
  const commitment = bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
  await persist(stage, (client) =>
    new Mailbox(client, kept.survivor.keys)
      .withdraw({ mode: 'erase', commitment, erased: [] })
      .catch((error: unknown) => {
        if (!(error instanceof CallError) || error.code !== 'MAILBOX_NOT_FOUND') throw error
      }),
  )
}

/** Staff who reply to each case once, as soon as they see it. */
export async function writeReplies(stage: Stage): Promise<void> {
  const { session } = stage
  const answered = new Set<string>()
  while (!stage.isOver) {
    const { cases } = await persist(stage, (client) => client.cases.list({ session }))
    for (const { id } of cases.filter((one) => !answered.has(one.id)).slice(0, 20)) {
      answered.add(id)
      const item = { id: newId(), epoch: 1, body: bytesToBase64(randomItem(0)) }
      try {
        const { mailbox } = await persist(stage, (client) => client.cases.get({ session, case: id }))
        await persist(stage, (client) => client.cases.post({ session, case: id, item }))
        const kept = stage.cases.find(({ survivor }) => survivor.keys.mailbox === mailbox)
        kept?.replies.set(item.id, item.body)
      } catch (error) {
        // She erased it meanwhile.
        if (!(error instanceof CallError) || error.code !== 'NOT_FOUND') throw error
      }
    }
    await sleep(50)
  }
}

/** A witness: one sealed sighting after the other. */
export async function writeSightings(stage: Stage): Promise<void> {
  while (!stage.isOver) {
    const id = newId()
    const [body, context] = [randomBase64(SIGHTING_BYTES), randomBase64(CONTEXT_SIZES[0])]
    await persist(stage, async (client) => {
      const pow = await solvedPuzzle(client, solve)
      await client.sightings.submit({ id, body, context, pow })
    })
    stage.sightings.set(id, body)
    await sleep(20)
  }
}

/** Sealed sets of prints, one after the other. */
export async function writeSets(stage: Stage): Promise<void> {
  while (!stage.isOver) {
    const [id, body] = [newId(), randomBase64(PRINT_SET_BYTES)]
    await persist(stage, async (client) =>
      client.bank.register({ id, body, pow: await solvedPuzzle(client, solve) }),
    )
    stage.sets.set(id, body)
    await sleep(20)
  }
}

const randomBase64 = (bytes: number): string => randomBytes(bytes).toString('base64')
