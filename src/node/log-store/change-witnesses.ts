import { changePolicy } from './change-policy.ts'
import { LogStoreError } from './errors.ts'
import type { LogStore } from './log-store.ts'
import { parseWitness, policyText } from './policy-text.ts'

/**
 * Puts other witnesses in the place of those a log has, from its next checkpoint on. The log gets a public record of it
 * first. Gives the new policy. Throws `LOG_SETTINGS`, and `TlogError` for what is no policy.
 */
export async function changeWitnesses(
  log: LogStore,
  { witnesses, quorum }: { witnesses: readonly string[]; quorum?: number },
): Promise<string> {
  const own = log.parts.policy.logs.map(({ vkey }) => vkey)
  if (own.length === 0) throw new LogStoreError('LOG_DAMAGED', 'The policy of the log names no log.')
  const text = policyText(own, witnesses.map(parseWitness), quorum)
  await changePolicy(log, text)
  return text
}
