import type { Vkey } from '../note/vkey.ts'

/** A log that the policy trusts to have one history, and where it is served, if stated. */
export interface PolicyLog {
  readonly vkey: Vkey
  readonly url: string | null
}

/** A witness. Its name has a meaning inside the policy only; its key has a name of its own. */
export interface PolicyWitness {
  readonly name: string
  readonly vkey: Vkey
  readonly url: string | null
}

/** Witnesses a checkpoint when at least `threshold` of its members do. */
export interface PolicyGroup {
  readonly name: string
  readonly threshold: number
  readonly members: readonly string[]
}

/** Which logs are trusted, and which witnesses must have seen a checkpoint (C2SP tlog-policy). */
export interface Policy {
  readonly logs: readonly PolicyLog[]
  readonly witnesses: readonly PolicyWitness[]
  readonly groups: readonly PolicyGroup[]
  /** The name of a witness or a group; null when no witness is asked for. */
  readonly quorum: string | null
}

/** True when the witnesses of these policy names reach the quorum. A policy without witnesses is always reached. */
export function evaluatePolicy(policy: Policy, witnesses: ReadonlySet<string>): boolean {
  const known = policy.witnesses.map(({ name }) => name)
  const reached = new Set(known.filter((name) => witnesses.has(name)))
  // A group names only what stands before it, so one pass in order settles all of them.
  for (const group of policy.groups) {
    const count = group.members.filter((member) => reached.has(member)).length
    if (count >= group.threshold) reached.add(group.name)
  }
  return policy.quorum === null || reached.has(policy.quorum)
}
