import type { Role, Roster } from './model.ts'

/** How many people of a role joined, left, or have new keys. */
export interface TeamChange {
  readonly role: Role
  readonly joined: number
  readonly left: number
  readonly changedKeys: number
}

/**
 * What a survivor is told when the team changed since she saw it: numbers by role, in the order in which the roles stand in the
 * newer roster. It holds nothing that tells one person from another.
 */
export function teamChanges(before: Roster, after: Roster): TeamChange[] {
  const old = new Map(before.entries.map((entry) => [entry.id, entry]))
  const now = new Map(after.entries.map((entry) => [entry.id, entry]))
  const roles = new Set([...after.entries, ...before.entries].map(({ role }) => role))
  const changes = [...roles].map((role) => ({
    role,
    joined: after.entries.filter((entry) => entry.role === role && old.get(entry.id)?.role !== role).length,
    left: before.entries.filter((entry) => entry.role === role && now.get(entry.id)?.role !== role).length,
    changedKeys: after.entries.filter((entry) => {
      const earlier = old.get(entry.id)
      return (
        entry.role === role &&
        earlier?.role === role &&
        (earlier.sign !== entry.sign || earlier.age !== entry.age)
      )
    }).length,
  }))
  return changes.filter(({ joined, left, changedKeys }) => joined + left + changedKeys > 0)
}
