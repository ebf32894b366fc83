import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, textToUtf8 } from '#lib/bytes/index.ts'
import { type CustodyRecord, parsePolicy } from '#lib/tlog/index.ts'
import { FOR_ALL, replaceFile } from './durable-file.ts'
import { LogStoreError } from './errors.ts'
import type { LogStore } from './log-store.ts'
import { parseWitness, policyText } from './policy-text.ts'
import { instantText } from './schedule.ts'

/**
 * Puts other witnesses in the place of those a log has, from its next checkpoint on. The log gets a public record of it
 * first. Gives the new policy. Throws `LOG_SETTINGS`, and `TlogError` for what is no policy.
 */
export async function changeWitnesses(
  log: LogStore,
  { witnesses, quorum }: { witnesses: readonly string[]; quorum?: number },
): Promise<string> {
  const [own] = log.parts.policy.logs
  if (own === undefined) throw new LogStoreError('LOG_DAMAGED', 'The policy of the log names no log.')
  const text = policyText(own.vkey, witnesses.map(parseWitness), quorum)
  parsePolicy(text, { allowNoWitness: true })
  if (text === log.policyText) return text
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
  await replaceFile(log.parts.layout.policy, text, FOR_ALL)
  return text
}
