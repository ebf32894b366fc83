import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { registerSet, sendReport } from '../../client/index.ts'
import { openStaffedWorld } from '../cap/cases/testing/people.ts'
import { newId, newSurvivor, solve } from '../testing/reports.ts'
import type { World } from '../testing/world.ts'
import { type Cell, dumpDatabase } from './dump.ts'
import {
  chanceOfCorrelation,
  chanceOfNeighbours,
  followsArrival,
  neighboursOfOneEntry,
  type SeenOrder,
} from './grouping.ts'

const SURVIVORS = 24
const PICTURES = 4
const SCOPE = { width: 480, height: 360, shorterSide: 360 }
const HOUR_MS = 60 * 60_000
/** That any of the looks below cries wolf in one run: less than one in a million. */
const FALSE_ALARM = 1e-6 / 16

const directory = makeTemporaryFolder()
let world: World
/** Of each set, who registered it: what the thief wants to know. */
const ownerOf = new Map<string, number>()
let before: readonly Cell[]
let after: readonly Cell[]

beforeAll(async () => {
  const staffed = await openStaffedWorld(directory, [['aina', 'supervisor']])
  world = staffed.world
  const bank = staffed.organisation.bank.recipient
  // One survivor reports and registers all her pictures, then the next one comes: nothing could be easier to tell apart.
  for (let survivor = 0; survivor < SURVIVORS; survivor++) {
    await sendReport(world.client, newSurvivor().report, solve)
    for (let picture = 0; picture < PICTURES; picture++) {
      const id = newId()
      await registerSet(world.client, { id, set: { prints: [], scope: SCOPE } }, { bank, solve })
      ownerOf.set(id, survivor)
    }
  }
  before = await dumped()
  await world.client.matches.open({ identity: staffed.organisation.bank.secret })
  for (let hour = 0; hour < 30; hour++) {
    world.clock.advanceMs(HOUR_MS)
    await world.runJobs()
  }
  after = await dumped()
}, 240_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

async function dumped(): Promise<readonly Cell[]> {
  const host = `${directory}/postgresql/socket`
  return (await dumpDatabase({ host, user: 'saksi', database: 'saksi' })).cells
}

/** Every order of the sets that the columns of a table give, and that of the rows themselves. */
function ordersOf(cells: readonly Cell[], table: string): [string, SeenOrder][] {
  const rows = new Map<string, Map<string, Buffer>>()
  for (const { table: of, column, ctid, bytes } of cells) {
    if (of !== table) continue
    rows.set(ctid, (rows.get(ctid) ?? new Map()).set(column, bytes))
  }
  const all = [...rows.values()]
  const owners = (sorted: readonly Map<string, Buffer>[]) =>
    sorted.map((row) => ownerOf.get(row.get('id')?.toString('base64url') ?? '') ?? expect.fail('not a set'))
  const by = (key: (row: Map<string, Buffer>) => Buffer) =>
    owners([...all].sort((a, b) => Buffer.compare(key(a), key(b))))
  const column = (name: string) => (row: Map<string, Buffer>) => row.get(name) ?? Buffer.alloc(0)
  return [
    ['place in the table', owners(all)],
    ['id', by(column('id'))],
    ['body', by(column('body'))],
    ['body from its end', by((row) => Buffer.from(column('body')(row)).reverse())],
    ['digest of the body', by((row) => createHash('sha256').update(column('body')(row)).digest())],
    ['week, then place', by(column('expires_week'))],
    ['size, then place', by((row) => Buffer.from(String(column('body')(row).length)))],
  ]
}

const alarms = (order: SeenOrder): string[] => {
  const together = chanceOfNeighbours(order, neighboursOfOneEntry(order)) < FALSE_ALARM
  const inOrder = chanceOfCorrelation(order, followsArrival(order)) < FALSE_ALARM
  return [
    ...(together ? ['pictures of one survivor stand together'] : []),
    ...(inOrder ? ['in the order of cases'] : []),
  ]
}

describe('a thief of the database', () => {
  it('cannot tell, once sets are put away, which are of one survivor or when she came, by anything a row has', () => {
    const orders = ordersOf(after, 'bank_sets')
    for (const [name, order] of orders) {
      expect(order, name).toHaveLength(SURVIVORS * PICTURES)
      expect(alarms(order), name).toEqual([])
    }
    expect(after.filter(({ table }) => table === 'bank_waiting')).toEqual([])
  })

  it('could tell from the place of rows that still wait, so that this test can fail', () => {
    const [[, order] = expect.fail('no order')] = ordersOf(before, 'bank_waiting')
    expect(neighboursOfOneEntry(order)).toBe(SURVIVORS * (PICTURES - 1))
    expect(alarms(order)).toHaveLength(2)
  })

  it('finds a table that keeps a quarter of what comes together', () => {
    // By lot, but that in every fourth place the next row is of the same survivor.
    const [[, order] = expect.fail('no order')] = ordersOf(after, 'bank_sets')
    const sorted = [...order].sort((a, b) => a - b)
    const pairs = Array.from({ length: SURVIVORS }, (_, n) =>
      sorted.slice(n * PICTURES, n * PICTURES + 2),
    ).flat()
    expect(alarms([...pairs, ...order.slice(pairs.length)])).toContain(
      'pictures of one survivor stand together',
    )
  })
})
