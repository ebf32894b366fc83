import { formatCheckpoint, formatVkey, type SigningKey, signNote } from '#lib/tlog/index.ts'
import { LogStoreError } from './errors.ts'
import { readKeyFile, readKeyFileIfThere } from './key-file.ts'
import type { LogStore } from './log-store.ts'
import { instantText } from './schedule.ts'

/**
 * The keys that sign: the log's own, and while another takes its place, both. Each must be in the policy and no key of
 * anything else. To be read before a batch is begun: what cannot be signed should not be added. Throws `KEY_*`.
 */
export async function readLogKeys(log: LogStore): Promise<readonly SigningKey[]> {
  const { layout, policy, receiptsKey } = log.parts
  const own = await readKeyFile(layout.logKey, 'log')
  const next = await readKeyFileIfThere(layout.newLogKey, 'log')
  const listed = policy.logs.map(({ vkey }) => formatVkey(vkey))
  // One that is not listed is not in use yet, or not any more: `rotateKey` was cut short, and is to be called again.
  const keys = [own, ...(next === null ? [] : [next])].filter(({ vkey }) => listed.includes(formatVkey(vkey)))
  if (keys.length === 0) {
    throw new LogStoreError(
      'KEY_MALFORMED',
      `The key in ${layout.logKey} is not the one of this log's policy.`,
    )
  }
  const others = [receiptsKey.vkey, ...policy.witnesses.map(({ vkey }) => vkey)]
  for (const { vkey } of keys) {
    if (others.every(({ publicKey }) => Buffer.compare(publicKey, vkey.publicKey) !== 0)) continue
    throw new LogStoreError(
      'KEY_REUSED',
      'The key of the log is also used for receipts or by a witness. One key has one purpose.',
    )
  }
  return keys
}

/**
 * The only use of the log's private keys. Before the signature exists, its size and root are where every later signature
 * is held against them; `leaves` are what the tree has gained. Throws `LOG_LOCK_LOST`, `LOG_SIGN_CONFLICT`.
 */
export async function signCheckpoint(
  log: LogStore,
  keys: readonly SigningKey[],
  tree: { size: number; root: Uint8Array },
  leaves: readonly string[],
): Promise<string> {
  const text = formatCheckpoint({ origin: log.origin, ...tree })
  await log.allow({ ...tree, at: instantText(log.now) }, leaves)
  return signNote(text, keys)
}
