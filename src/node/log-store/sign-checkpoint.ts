import { type Checkpoint, formatCheckpoint, formatVkey, type SigningKey, signNote } from '#lib/tlog/index.ts'
import { LogStoreError } from './errors.ts'
import { readKeyFile } from './key-file.ts'
import type { LogStore } from './log-store.ts'
import { instantText } from './schedule.ts'
import { writeHighWater } from './signed.ts'

/**
 * The log's key, which must be the one in the policy and no key of anything else. To be read before a batch is begun: what
 * cannot be signed should not be added. Throws `KEY_*`.
 */
export async function readLogKey(log: LogStore): Promise<SigningKey> {
  const { layout, policy, receiptsKey } = log.parts
  const key = await readKeyFile(layout.logKey, 'log')
  if (!policy.logs.some(({ vkey }) => formatVkey(vkey) === formatVkey(key.vkey))) {
    throw new LogStoreError(
      'KEY_MALFORMED',
      `The key in ${layout.logKey} is not the one of this log's policy.`,
    )
  }
  const others = [receiptsKey.vkey, ...policy.witnesses.map(({ vkey }) => vkey)]
  if (others.some(({ publicKey }) => Buffer.compare(publicKey, key.vkey.publicKey) === 0)) {
    throw new LogStoreError(
      'KEY_REUSED',
      'The key of the log is also used for receipts or by a witness. One key has one purpose.',
    )
  }
  return key
}

/**
 * The only use of the log's private key. Before the signature exists, its size and root are on the disk where every
 * later signature is held against them. Throws `LOG_LOCK_LOST`, `LOG_SIGN_CONFLICT`.
 */
export async function signCheckpoint(
  log: LogStore,
  key: SigningKey,
  tree: { size: number; root: Uint8Array },
): Promise<string> {
  const { layout, signed, lock } = log.parts
  const checkpoint: Checkpoint = { origin: log.origin, ...tree }
  const text = formatCheckpoint(checkpoint)
  await lock.assertHeld()
  await signed.allow({ ...tree, at: instantText(log.now) })
  await writeHighWater(layout.highWater, log.origin, tree.size)
  return signNote(text, [key])
}
