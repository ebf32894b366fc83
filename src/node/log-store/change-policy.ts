import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, textToUtf8 } from '#lib/bytes/index.ts'
import { type CustodyRecord, parsePolicy } from '#lib/tlog/index.ts'
import type { LogStore } from './log-store.ts'
import { instantText } from './schedule.ts'

/**
 * Puts another policy in the place of the log's, from its next checkpoint on; the log gets a public record of it first.
 * The log has to be opened again to go by it. Throws `TlogError` for what is no policy.
 */
export async function changePolicy(log: LogStore, text: string): Promise<void> {
  parsePolicy(text, { allowNoWitness: true })
  if (text === log.policyText) return
  const record: CustodyRecord = {
    v: 1,
    type: 'policy.changed',
    id: bytesToHex(log.random(16)),
    log: log.origin,
    at: instantText(log.now),
    by: { role: 'system', key: 'system' },
    body: { policySha256: bytesToHex(sha256(textToUtf8(text) ?? new Uint8Array(0))) },
  }
  await log.appendRecord({ salt: log.random(32), record })
  await log.parts.writer.replace('policy', text)
}
