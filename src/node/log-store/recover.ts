import { equalBytes } from '#lib/bytes/index.ts'
import { entryBundlePath, entryBundlesFor, parsePolicy, tilePath, tilesFor } from '#lib/tlog/index.ts'
import { damaged, LogStoreError } from './errors.ts'
import { publicOpeningPath } from './layout.ts'
import { type LogPlace, type OpenedStorage, policyOf, withStorage } from './open-storage.ts'
import { instantText } from './schedule.ts'
import { servedFolder } from './served-folder.ts'
import { assertFollows, newestOf, readHighWater, type Signed, writeHighWater } from './signed.ts'
import type { LogStorage, LogWriter, ReadResource, Resource } from './storage.ts'
import { altered, storedCommitments, storedRoot } from './tile-files.ts'
import { verifyServed } from './verify-log.ts'

/**
 * Brings an old copy of a log up to the newest published state, from a mirror of what it served, so that it can go on
 * without a second history. What waits here stays. Nothing is signed: the next checkpoint asks the witnesses again. Gives
 * the size. Throws `LOG_TILES_ALTERED` for a mirror that is not whole, `LOG_NO_QUORUM` for one that the witnesses have not
 * seen, `LOG_RESTORED` for one that is older than what was signed, `LOG_SIGN_CONFLICT` for one of another history.
 */
export async function recoverLog(place: LogPlace, mirror: string, now: Date): Promise<number> {
  return withStorage(place, async (opened) => {
    const writer = await opened.storage.lock(LOCK_WAIT_MS)
    try {
      return await recover(opened, writer, mirror, instantText(now))
    } finally {
      await writer.release()
    }
  })
}

const LOCK_WAIT_MS = 10_000

type Target = Pick<Signed, 'size' | 'root'>

async function recover(
  opened: OpenedStorage,
  writer: LogWriter,
  mirror: string,
  at: string,
): Promise<number> {
  const { storage } = opened
  const target = await readMirror(storage, mirror)
  const { read } = servedFolder(mirror)
  const newest = await checkFollows(opened, read, target)
  // From here on the log is between two states: nothing may be accepted until all of it is done.
  const message = 'It is being brought up from a mirror. Run saksi log recover again.'
  await storage.halt({ code: 'LOG_RECOVERY', message, at, evidence: [] })
  await writer.writeBatch(null)
  await writer.replaceUnsigned(copiedTree(read, target.size))
  await writer.addResources(copiedOpenings(read, target.size))
  await writeState(opened, writer, { read, newest, target: { ...target, at } })
  await writer.endHalt()
  return target.size
}

async function readMirror(storage: LogStorage, mirror: string): Promise<Target> {
  const policy = parsePolicy(await policyOf(storage), { allowNoWitness: true })
  const { published, faults } = await verifyServed(servedFolder(mirror), policy)
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

/** Everything that was signed, as far as this copy and its keys know, must be in the mirror. Gives what was signed last. */
async function checkFollows(
  { layout, settings, storage }: OpenedStorage,
  read: ReadResource,
  target: Target,
): Promise<Signed> {
  const rows = await storage.readSigned()
  const newest = newestOf(rows)
  const signedSize = Math.max(newest.size, await readHighWater(layout.highWater, settings.origin))
  if (signedSize > target.size) {
    throw new LogStoreError(
      'LOG_RESTORED',
      `The mirror has ${target.size} entries, and ${signedSize} were signed. Find a newer mirror. Nothing was changed.`,
    )
  }
  for (const { size, root } of rows) {
    if (equalBytes(await storedRoot(read, size), root)) continue
    throw new LogStoreError(
      'LOG_SIGN_CONFLICT',
      `The mirror has another history than this log has signed at size ${size}. Nothing was changed. Keep both: they are evidence.`,
    )
  }
  return newest
}

/** What the tree of this size is made of. */
async function* copiedTree(read: ReadResource, size: number): AsyncGenerator<Resource, void> {
  for (const path of pathsOf(size)) {
    const bytes = await read(path)
    // A mirror may have dropped a partial file whose full one it has; the newest partial ones it must have.
    if (bytes === null) throw damaged(path, 'it is missing in the mirror')
    yield { path, bytes }
  }
}

async function* copiedOpenings(read: ReadResource, size: number): AsyncGenerator<Resource, void> {
  for (let index = 0; index < size; index++) {
    const path = publicOpeningPath(index)
    const bytes = await read(path)
    if (bytes !== null) yield { path, bytes }
  }
}

function* pathsOf(size: number): Generator<string, void> {
  for (const bundle of entryBundlesFor(size)) yield entryBundlePath(bundle)
  for (const tile of tilesFor(size)) yield tilePath(tile)
}

async function writeState(
  { layout, settings, storage }: OpenedStorage,
  writer: LogWriter,
  { read, newest, target }: { read: ReadResource; newest: Signed; target: Signed },
): Promise<void> {
  const logged: string[] = []
  for await (const { commitment } of storedCommitments(storage.read, target.size)) logged.push(commitment)
  assertFollows(newest, target)
  if (target.size > newest.size) await writer.addSigned(target, logged.slice(newest.size))
  await writeHighWater(layout.highWater, settings.origin, target.size)
  const note = await read('checkpoint')
  if (note === null) throw damaged('checkpoint', 'it is missing in the mirror')
  const text = Buffer.from(note).toString('utf8')
  await writer.writeNote(text)
  await writer.replace('checkpoint', text)
  await writer.forgetPending(logged)
}
