import { expect, it } from 'vitest'
import { teamChanges } from './team-changes.ts'
import { people, person, rosterOf } from './testing.ts'

const { intake, worker, supervisor, analyst } = people
const before = rosterOf()
const newcomer = await person('newcomer', 'intake')

it('says nothing when nobody changed', () => {
  expect(teamChanges(before, rosterOf({ v: 2 }))).toEqual([])
})

it('counts who joined, left and has new keys, and names nobody', () => {
  const entries = [
    intake.entry,
    newcomer.entry,
    { ...supervisor.entry, sign: newcomer.entry.sign },
    { ...analyst.entry, role: 'oversight' } as const,
  ]
  const changes = teamChanges(before, { ...before, entries })
  expect(changes).toEqual([
    { role: 'intake', joined: 1, left: 0, changedKeys: 0 },
    { role: 'supervisor', joined: 0, left: 0, changedKeys: 1 },
    { role: 'oversight', joined: 1, left: 0, changedKeys: 0 },
    { role: 'caseworker', joined: 0, left: 1, changedKeys: 0 },
    { role: 'analyst', joined: 0, left: 1, changedKeys: 0 },
  ])
  for (const { id } of [worker, newcomer, supervisor]) expect(JSON.stringify(changes)).not.toContain(id)
})
