import type { Role, Roster } from './model.ts'

/** A key under which messages of a person are checked. */
export interface AuthorKey {
  /** 64 hexadecimal digits. */
  readonly sign: string
  readonly role: Role
  readonly firstDay: string
  /** Empty when it has no end yet. */
  readonly lastDay: string
}

/** The keys that the person with this id has and had, newest rosters' view. Empty for somebody unknown. */
export function keysOf(roster: Roster, id: string): AuthorKey[] {
  const current = roster.entries.filter((entry) => entry.id === id)
  const past = roster.retired.filter((key) => key.id === id)
  return [
    ...current.map(({ sign, role, since, until = '' }) => ({ sign, role, firstDay: since, lastDay: until })),
    ...past.map(({ sign, role, from, to, notAfter }) => ({
      sign,
      role,
      firstDay: from,
      lastDay: notAfter !== undefined && notAfter < to ? notAfter : to,
    })),
  ]
}

/** True on every day (`YYYY-MM-DD`) on which the key's messages count. */
export function isKeyValidOn({ firstDay, lastDay }: AuthorKey, day: string): boolean {
  return day >= firstDay && (lastDay === '' || day <= lastDay)
}
