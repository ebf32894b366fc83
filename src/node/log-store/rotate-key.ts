import { rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { formatVkey, parseNote, parsePolicy, type Vkey, verifyCheckpoint } from '#lib/tlog/index.ts'
import { nativeEd25519 } from '../native-ed25519.ts'
import { changePolicy } from './change-policy.ts'
import { syncFolder } from './durable-file.ts'
import { LogStoreError, writeFailed } from './errors.ts'
import { createKeyFile, readKeyFile, readKeyFileIfThere } from './key-file.ts'
import type { LogStore } from './log-store.ts'
import { instantText } from './schedule.ts'

/** For so long both keys sign, so that everybody who checks the log has time to take the new policy. */
export const ROTATION_DAYS = 30
const DAY_MS = 24 * 60 * 60 * 1000

export interface Rotation {
  readonly oldKey: Vkey
  readonly newKey: Vkey
  /** The new policy. */
  readonly policy: string
}

/**
 * Begins to put a new key in the place of the one that signs: from the next checkpoint on both sign, the policy names
 * both, and the log gets a public record of the new policy. Whoever has the old policy goes on checking with the old key.
 * Cut short, it is to be called again. Throws `LOG_SETTINGS` while an earlier one is not over.
 */
export async function beginKeyRotation(log: LogStore): Promise<Rotation> {
  const { layout, storage, writer } = log.parts
  const since = await storage.readRotation()
  if (since !== null) {
    throw new LogStoreError(
      'LOG_SETTINGS',
      `A new key has been signing too since ${since}. Finish that first.`,
    )
  }
  const own = await readKeyFile(layout.logKey, 'log')
  const next =
    (await readKeyFileIfThere(layout.newLogKey, 'log')) ??
    (await createKeyFile(layout.newLogKey, 'log', log.origin, log.random(32)))
  const policy = withLogs(log.policyText, [own.vkey, next.vkey])
  await changePolicy(log, policy)
  await writer.writeRotation(instantText(log.now))
  return { oldKey: own.vkey, newKey: next.vkey, policy }
}

/**
 * Ends it: from the next checkpoint on the new key alone signs, the policy names it alone, and the old private key is
 * gone. What the old key has signed stays valid under the policy of its time. Cut short, it is to be called again. Throws
 * `LOG_SETTINGS` when none was begun, before its 30 days are over unless `isEarly`, and as long as the newest checkpoint
 * does not have the new key's signature.
 */
export async function finishKeyRotation(
  log: LogStore,
  { isEarly = false }: { isEarly?: boolean } = {},
): Promise<Vkey> {
  const { layout, storage, writer } = log.parts
  const since = await storage.readRotation()
  if (since === null)
    throw new LogStoreError('LOG_SETTINGS', 'No new key is taking the place of the old one.')
  const end = new Date(Date.parse(since) + ROTATION_DAYS * DAY_MS)
  if (log.now < end && !isEarly) {
    throw new LogStoreError(
      'LOG_SETTINGS',
      `Both keys sign until ${instantText(end)}, so that everybody has time to take the new policy.`,
    )
  }
  const next = await readKeyFileIfThere(layout.newLogKey, 'log')
  if (next !== null) {
    const policy = withLogs(log.policyText, [next.vkey])
    await assertSigned(log, policy)
    await changePolicy(log, policy)
    await putInPlace(layout.newLogKey, layout.logKey)
  }
  await writer.writeRotation(null)
  return (await readKeyFile(layout.logKey, 'log')).vkey
}

/** The policy with these keys of the log, and everything else as it was. */
function withLogs(policy: string, logs: readonly Vkey[]): string {
  const others = policy.split('\n').filter((line) => !/^[ \t]*log[ \t]/.test(line))
  return [...logs.map((vkey) => `log ${formatVkey(vkey)}`), ...others].join('\n')
}

/** Otherwise nobody could tell from the new policy that the log is the same one. */
async function assertSigned(log: LogStore, policyText: string): Promise<void> {
  const policy = parsePolicy(policyText, { allowNoWitness: true })
  const published = await log.parts.storage.read('checkpoint')
  for (const note of [published, await log.parts.storage.readNote()]) {
    if (note === null) continue
    try {
      verifyCheckpoint(parseNote(note), policy, nativeEd25519)
    } catch (cause) {
      throw new LogStoreError(
        'LOG_SETTINGS',
        'The new key has not signed the newest checkpoint yet. Make one first: saksi log checkpoint',
        { cause },
      )
    }
  }
}

async function putInPlace(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    throw writeFailed(error)
  }
  await syncFolder(dirname(to))
}
