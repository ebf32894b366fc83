import { SealError } from '../errors.ts'
import { RECOVERY_THRESHOLD, RECOVERY_TOTAL } from './share.ts'

/** Who keeps a share. Named in the organisation's policy, never in the roster. */
export interface ShareHolder {
  readonly number: number
  readonly person: string
  readonly org: string
  /** Other offices of the same person, such as `root-officer` or `supervisor`. */
  readonly offices: readonly string[]
}

/**
 * Refuses (`RECOVERY_HOLDERS`, with every fault in its message) holders who could open cases where they must not: not five
 * different people with the shares 1 to 5, all of one organisation, three of one organisation, or an officer of the root with
 * two more offices.
 */
export function checkHolders(holders: readonly ShareHolder[]): void {
  const numbers = new Set(holders.map(({ number }) => number))
  const orgs = new Map<string, number>()
  for (const { org } of holders) orgs.set(org, (orgs.get(org) ?? 0) + 1)
  const isComplete =
    holders.length === RECOVERY_TOTAL && [1, 2, 3, 4, 5].every((number) => numbers.has(number))
  const faults = [
    ...(isComplete ? [] : ['the shares 1 to 5 need one holder each']),
    ...(new Set(holders.map(({ person }) => person)).size === holders.length ? [] : ['one person holds two']),
    ...(orgs.size >= 2 ? [] : ['one organisation holds all']),
    ...[...orgs]
      .filter(([, count]) => count >= RECOVERY_THRESHOLD)
      .map(([org]) => `${org} could open cases alone`),
    ...holders
      .filter(({ offices }) => offices.includes('root-officer') && offices.length > 2)
      .map(({ number }) => `the holder of share ${number} has too many offices`),
  ]
  if (faults.length > 0)
    throw new SealError('RECOVERY_HOLDERS', `The shares cannot be held like this: ${faults.join('; ')}.`)
}
