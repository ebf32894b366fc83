import { base64ToBytes } from '#lib/bytes/index.ts'
import {
  commitmentOf,
  formatLeaf,
  formatOpening,
  parseCheckpoint,
  parseNote,
  type SigningKey,
} from '#lib/tlog/index.ts'
import { type Batch, formatPads, makeBatch } from './batch.ts'
import { publicOpeningPath } from './layout.ts'
import type { LogStore } from './log-store.ts'
import { instantText } from './schedule.ts'
import { readLogKeys, signCheckpoint } from './sign-checkpoint.ts'
import type { Resource } from './storage.ts'
import { writeLeaves } from './tile-files.ts'

/** What has just become durable; with `signed`, the note that exists now. */
export type OnStep = (step: 'sequenced' | 'stored' | 'signed' | 'kept' | 'published', note?: string) => void

/**
 * Adds all that waits to the tree, as one batch, and signs the result; the note is kept with the log. What a killed writer
 * has begun is finished first. Each step is durable before the next begins, and doing one again changes nothing, so that
 * work is taken up wherever it was cut off.
 */
export async function sequenceAndSign(log: LogStore, onStep: OnStep): Promise<void> {
  const { storage, writer } = log.parts
  const keys = await readLogKeys(log)
  await finishBegun(log, keys, onStep)
  const waiting = await storage.readPending()
  // Nothing is in the tree twice, whatever two programs that accepted at the same time may have left.
  const logged = await writer.findLogged(waiting.map(({ commitment }) => commitment))
  await writer.forgetPending([...logged.keys()])
  const { batch, pads } = makeBatch(
    log.newest.size,
    waiting.filter(({ commitment }) => !logged.has(commitment)),
    { origin: log.origin, at: instantText(log.now), random: log.random },
  )
  await log.openings.keepPads(batch.from, formatPads(pads))
  await writer.writeBatch(batch)
  onStep('sequenced')
  await storeAndSign(log, keys, batch, onStep)
}

async function finishBegun(log: LogStore, keys: readonly SigningKey[], onStep: OnStep): Promise<void> {
  const { storage, writer } = log.parts
  const batch = await storage.readBatch()
  if (batch === null) return
  const note = await storage.readNote()
  const isKept = note !== null && parseCheckpoint(parseNote(note).text).size === log.newest.size
  if (batch.from === log.newest.size || !isKept) await storeAndSign(log, keys, batch, onStep)
  else await writer.forgetPending(batch.leaves)
}

async function storeAndSign(
  log: LogStore,
  keys: readonly SigningKey[],
  batch: Batch,
  onStep: OnStep,
): Promise<void> {
  const { storage, writer } = log.parts
  const leaves = batch.leaves.map((text) => formatLeaf(base64ToBytes(text) ?? new Uint8Array(0)))
  const tree = await writeLeaves({ read: storage.read, writer }, batch.from, leaves)
  await writer.addResources(publicOpenings(log, batch))
  onStep('stored')
  const note = await signCheckpoint(log, keys, tree, batch.leaves)
  onStep('signed', note)
  await writer.writeNote(note)
  await writer.forgetPending(batch.leaves)
  onStep('kept')
}

/** Openings of records that everybody may read, each under the index of its leaf. */
async function* publicOpenings(log: LogStore, batch: Batch): AsyncGenerator<Resource, void> {
  for (const { commitment, record } of batch.published) {
    const opening = await log.openings.find(record)
    if (opening === null || Buffer.from(commitmentOf(opening)).toString('base64') !== commitment) continue
    const path = publicOpeningPath(batch.from + batch.leaves.indexOf(commitment))
    yield { path, bytes: formatOpening(opening) }
  }
}
