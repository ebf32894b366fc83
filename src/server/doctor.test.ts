import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { members } from '#contract/members.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { type NewOrganisation, openMatcher } from '../client/index.ts'
import { deskOf, openStaffedWorld } from './cap/cases/testing/people.ts'
import { doctor } from './doctor.ts'
import type { World } from './testing/world.ts'

let world: World
let organisation: NewOrganisation
const directory = makeTemporaryFolder()
beforeAll(async () => {
  ;({ world, organisation } = await openStaffedWorld(directory, [['sup', 'supervisor']]))
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

/** State and words of each finding, by what it is about. */
async function findings(): Promise<Map<string, string>> {
  const found = await doctor({ data: directory, port: Number(new URL(world.url).port) })
  return new Map(found.map(({ what, state, says }) => [what, `${state}: ${says}`]))
}
const needs = async () => (await world.client.health.check()).needs

it('says what is still in one hand until a supervisor has confirmed that it is not', async () => {
  const before = await findings()
  expect(before.get('root keys')).toBe(
    'note: 0 of 3 root key files are in different hands: the others can still be in one.',
  )
  expect(before.get('recovery shares')).toMatch(/^note: 0 of 5 /)
  const { session } = await deskOf(world, organisation, 'sup')
  const confirmed = await session.confirm(members.handOver, { rootFiles: 3, shares: 4 })
  await world.client.members.handOver(confirmed)
  const after = await findings()
  expect(after.get('root keys')).toMatch(/^well: /)
  expect(after.get('recovery shares')).toMatch(/^note: 4 of 5 /)
}, 60_000)

it('says that the matcher is closed until somebody has opened it', async () => {
  expect((await findings()).get('matcher')).toMatch(/^note: It is closed/)
  expect(await needs()).toEqual(['matcher'])
  await openMatcher(await deskOf(world, organisation, 'sup'))
  expect((await findings()).get('matcher')).toMatch(/^well: /)
  expect(await needs()).toEqual([])
}, 60_000)

it('says that the custody log has halted, and that setting up was not ended', async () => {
  const { kysely } = world.database
  expect((await findings()).get('custody log')).toMatch(/^well: 1 commitments wait/)
  expect((await findings()).get('secrets')).toMatch(/^well: /)
  await sql`insert into custody_state values ('halted', '{}')`.execute(kysely)
  await kysely.updateTable('organisation').set({ is_acknowledged: false }).execute()
  const found = await findings()
  expect(found.get('custody log')).toMatch(/^bad: It has halted/)
  expect(found.get('secrets')).toMatch(/^bad: /)
  expect(await needs()).toEqual(['set-up', 'custody-log'])
  await sql`delete from custody_state where name = 'halted'`.execute(kysely)
  await kysely.updateTable('organisation').set({ is_acknowledged: true }).execute()
}, 60_000)

it('says how long the list of people is valid', async () => {
  const { exp } = organisation.roster
  const roster = (await findings()).get('roster') ?? ''
  expect(roster).toContain(exp)
  const { note } = await world.client.members.roster()
  for (const [day, state] of [
    ['2020-01-01', 'bad'],
    [new Date().toISOString().slice(0, 10), 'note'],
  ]) {
    const expired = note.replace(`"exp":"${exp}"`, `"exp":"${day}"`)
    await world.database.kysely.updateTable('rosters').set({ note: expired }).execute()
    expect((await findings()).get('roster')).toMatch(new RegExp(`^${state}: .*until ${day}`))
  }
}, 60_000)
