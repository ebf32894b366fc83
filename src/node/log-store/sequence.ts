import { dirname, join } from 'node:path'
import { base64ToBytes } from '#lib/bytes/index.ts'
import {
  commitmentOf,
  formatLeaf,
  formatOpening,
  parseCheckpoint,
  parseNote,
  type SigningKey,
} from '#lib/tlog/index.ts'
import { type Batch, formatPads, makeBatch, readBatch, writeBatch } from './batch.ts'
import { ImmutableFiles, OWNER_ONLY, readIfThere, replaceFile, syncFolder } from './durable-file.ts'
import { publicOpeningPath } from './layout.ts'
import type { LogStore } from './log-store.ts'
import { instantText } from './schedule.ts'
import { readLogKey, signCheckpoint } from './sign-checkpoint.ts'
import { writeLeaves } from './tile-files.ts'

/** What has just become durable; with `signed`, the note that exists now. */
export type OnStep = (step: 'sequenced' | 'stored' | 'signed' | 'kept' | 'published', note?: string) => void

/**
 * Adds all that waits to the tree, as one batch, and signs the result; the note is kept in the log's folder. What a
 * killed writer has begun is finished first. Each step is on the disk before the next begins, and doing one again changes
 * nothing, so that work is taken up wherever it was cut off.
 */
export async function sequenceAndSign(log: LogStore, onStep: OnStep): Promise<void> {
  const { layout, signed, pending } = log.parts
  const key = await readLogKey(log)
  await finishBegun(log, key, onStep)
  const { batch, pads } = makeBatch(signed.newest.size, [...pending.waiting.values()], {
    origin: log.origin,
    at: instantText(log.now),
    random: log.random,
  })
  await log.openings.keepPads(batch.from, formatPads(pads))
  await writeBatch(layout.batch, batch)
  onStep('sequenced')
  await storeAndSign(log, key, batch, onStep)
}

async function finishBegun(log: LogStore, key: SigningKey, onStep: OnStep): Promise<void> {
  const { layout, signed } = log.parts
  const batch = await readBatch(layout.batch)
  if (batch === null) return
  const isKept = (await keptSize(layout.note)) === signed.newest.size
  if (batch.from === signed.newest.size || !isKept) {
    // The writer may have been killed between renaming the file and making its name durable.
    await syncFolder(dirname(layout.batch))
    await storeAndSign(log, key, batch, onStep)
  } else {
    await log.parts.pending.forget(batch.leaves)
  }
}

async function storeAndSign(log: LogStore, key: SigningKey, batch: Batch, onStep: OnStep): Promise<void> {
  const { layout, pending } = log.parts
  const leaves = batch.leaves.map((text) => formatLeaf(base64ToBytes(text) ?? new Uint8Array(0)))
  const tree = await writeLeaves(layout.served, batch.from, leaves)
  await publishOpenings(log, batch)
  onStep('stored')
  const note = await signCheckpoint(log, key, tree)
  onStep('signed', note)
  await replaceFile(layout.note, note, OWNER_ONLY)
  log.noteGrowth()
  await pending.forget(batch.leaves)
  onStep('kept')
}

/** Openings of records that everybody may read, each under the index of its leaf. */
async function publishOpenings(log: LogStore, batch: Batch): Promise<void> {
  const files = new ImmutableFiles(log.parts.layout.served)
  for (const { commitment, record } of batch.published) {
    const opening = await log.openings.find(record)
    if (opening === null || Buffer.from(commitmentOf(opening)).toString('base64') !== commitment) continue
    const path = publicOpeningPath(batch.from + batch.leaves.indexOf(commitment))
    await files.add(join(log.parts.layout.served, path), formatOpening(opening))
  }
  await files.sync()
}

async function keptSize(path: string): Promise<number | null> {
  const text = (await readIfThere(path))?.toString('utf8')
  return text === undefined ? null : parseCheckpoint(parseNote(text).text).size
}
