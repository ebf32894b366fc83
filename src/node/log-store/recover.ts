import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { equalBytes } from '#lib/bytes/index.ts'
import { entryBundlePath, entryBundlesFor, parsePolicy, tilePath, tilesFor } from '#lib/tlog/index.ts'
import { FOR_ALL, ImmutableFiles, OWNER_ONLY, readIfThere, replaceFile, syncFolder } from './durable-file.ts'
import { damaged, LogStoreError } from './errors.ts'
import { haltLog } from './halt.ts'
import type { LogLayout } from './layout.ts'
import { publicOpeningPath } from './layout.ts'
import { lockLog } from './log-lock.ts'
import { PendingJournal } from './pending.ts'
import { instantText } from './schedule.ts'
import { type LogSettings, readSettings } from './settings.ts'
import { readHighWater, readSigned, type Signed, SignedJournal, writeHighWater } from './signed.ts'
import { readPolicy } from './start-up.ts'
import { altered, storedCommitments, storedRoot } from './tile-files.ts'
import { verifyServed } from './verify-log.ts'

/**
 * Brings an old copy of a log up to the newest published state, from a mirror of what it served, so that it can go on
 * without a second history. What waits here stays. Nothing is signed: the next checkpoint asks the witnesses again. Gives
 * the size. Throws `LOG_TILES_ALTERED` for a mirror that is not whole, `LOG_NO_QUORUM` for one that the witnesses have not
 * seen, `LOG_RESTORED` for one that is older than what was signed, `LOG_SIGN_CONFLICT` for one of another history.
 */
export async function recoverLog(folder: string, mirror: string, now: Date): Promise<number> {
  const { settings, layout } = await readSettings(folder)
  const lock = await lockLog(layout.lock, 10_000)
  try {
    const target = await readMirror(layout, mirror)
    await checkFollows({ layout, settings, mirror, target })
    // From here on the folder is between two states: nothing may be accepted until all of it is done.
    const message = 'It is being brought up from a mirror. Run saksi log recover again.'
    await haltLog(layout.halted, { code: 'LOG_RECOVERY', message, at: instantText(now), evidence: [] })
    await rm(layout.batch, { force: true })
    await copyServed(layout, mirror, target.size)
    await writeState({ layout, settings, mirror, target: { ...target, at: instantText(now) } })
    await rm(layout.halted)
    await syncFolder(join(layout.halted, '..'))
    return target.size
  } finally {
    await lock.release()
  }
}

interface Target {
  readonly size: number
  readonly root: Uint8Array
}

interface Recovery {
  readonly layout: LogLayout
  readonly settings: LogSettings
  readonly mirror: string
  readonly target: Target
}

async function readMirror(layout: LogLayout, mirror: string): Promise<Target> {
  const policy = parsePolicy(await readPolicy(layout), { allowNoWitness: true })
  const { published, faults } = await verifyServed(mirror, policy)
  const [fault] = faults
  if (fault !== undefined) throw altered(`${mirror}/${fault.where}`, fault.what)
  if (published === null) throw new LogStoreError('LOG_NO_CHECKPOINT', `There is no checkpoint in ${mirror}.`)
  if (policy.quorum !== null && !published.hasQuorum) {
    throw new LogStoreError(
      'LOG_NO_QUORUM',
      'Too few witnesses have seen what the mirror holds. Nothing was changed.',
    )
  }
  return published.checkpoint
}

/** Everything that was signed, as far as this copy and its keys know, must be in the mirror. */
async function checkFollows({ layout, settings, mirror, target }: Recovery): Promise<void> {
  const { lines } = await readSigned(layout.signed, settings.origin)
  const signedSize = Math.max(lines.at(-1)?.size ?? 0, await readHighWater(layout.highWater, settings.origin))
  if (signedSize > target.size) {
    throw new LogStoreError(
      'LOG_RESTORED',
      `The mirror has ${target.size} entries, and ${signedSize} were signed. Find a newer mirror. Nothing was changed.`,
    )
  }
  for (const { size, root } of lines) {
    if (equalBytes(await storedRoot(mirror, size), root)) continue
    throw new LogStoreError(
      'LOG_SIGN_CONFLICT',
      `The mirror has another history than this log has signed at size ${size}. Nothing was changed. Keep both: they are evidence.`,
    )
  }
}

/** Copies what the tree of this size is made of. Files of a batch that was never signed may be written over. */
async function copyServed(layout: LogLayout, mirror: string, size: number): Promise<void> {
  const files = new ImmutableFiles(layout.served)
  for (const path of pathsOf(size)) {
    const bytes = await readIfThere(join(mirror, path))
    // A mirror may have dropped a partial file whose full one it has; the newest partial ones it must have.
    if (bytes === null) throw damaged(path, 'it is missing in the mirror')
    await rm(join(layout.served, path), { force: true })
    await files.add(join(layout.served, path), bytes)
  }
  for await (const { index } of storedCommitments(mirror, size)) {
    const opening = await readIfThere(join(mirror, publicOpeningPath(index)))
    if (opening !== null) await files.add(join(layout.served, publicOpeningPath(index)), opening)
  }
  await files.sync()
}

function* pathsOf(size: number): Generator<string, void> {
  for (const bundle of entryBundlesFor(size)) yield entryBundlePath(bundle)
  for (const tile of tilesFor(size)) yield tilePath(tile)
}

async function writeState({
  layout,
  settings,
  mirror,
  target,
}: Recovery & { target: Signed }): Promise<void> {
  const signed = await SignedJournal.open(layout.signed, settings.origin)
  const pending = await PendingJournal.open(layout.pending, settings.origin)
  try {
    await signed.allow(target)
    await writeHighWater(layout.highWater, settings.origin, target.size)
    const note = await readIfThere(join(mirror, 'checkpoint'))
    if (note === null) throw damaged('checkpoint', 'it is missing in the mirror')
    await replaceFile(layout.note, note, OWNER_ONLY)
    await replaceFile(layout.checkpoint, note, FOR_ALL)
    const logged: string[] = []
    for await (const { commitment } of storedCommitments(layout.served, target.size)) logged.push(commitment)
    await pending.forget(logged)
  } finally {
    await signed.close()
    await pending.close()
  }
}
