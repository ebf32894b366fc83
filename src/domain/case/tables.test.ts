import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BREAK_GLASS_TABLE } from './break-glass/table.ts'
import { CONSENT_TABLE } from './consent/table.ts'
import { EXHIBIT_TABLE } from './exhibit/table.ts'
import { HANDOVER_TABLE } from './handover/table.ts'
import { fire, type Machine, machine, printMachine } from './machine.ts'
import { NOTICE_TABLE } from './notice/table.ts'
import { REFERRAL_TABLE } from './referral/table.ts'
import { CASE_TABLE } from './status/table.ts'
import { TASK_TABLE } from './task/table.ts'

/** The shape of a table, whatever its context. */
type Shape = Pick<Machine<never, string, string>, 'name' | 'states' | 'events' | 'transitions'>

const TABLES: readonly {
  table: Shape
  initial: string
  final: readonly string[]
  alone: readonly string[]
}[] = [
  { table: CASE_TABLE, initial: 'unopened', final: ['erased'], alone: [] },
  // `replaced` is reached when another consent is given.
  {
    table: CONSENT_TABLE,
    initial: 'draft',
    final: ['declined', 'expired', 'ended', 'replaced'],
    alone: ['replaced'],
  },
  { table: EXHIBIT_TABLE, initial: 'referenced', final: ['withheld', 'erased'], alone: [] },
  { table: NOTICE_TABLE, initial: 'draft', final: ['escalated', 'reappeared', 'cancelled'], alone: [] },
  { table: REFERRAL_TABLE, initial: 'draft', final: ['revoked'], alone: [] },
  { table: TASK_TABLE, initial: 'open', final: ['done', 'cancelled', 'handed-over'], alone: [] },
  { table: HANDOVER_TABLE, initial: 'offered', final: ['accepted', 'declined'], alone: [] },
  { table: BREAK_GLASS_TABLE, initial: 'proposed', final: ['reviewed'], alone: [] },
]

/** The same table with guards that always hold and effects that are only counted. */
function open(table: Shape, effects: string[]) {
  const names = (pick: (line: Shape['transitions'][number]) => readonly string[]) => [
    ...new Set(table.transitions.flatMap(pick)),
  ]
  return machine<null, string, string, string, string>({
    ...table,
    guards: Object.fromEntries(
      names(({ guards }) => guards).map((name) => [name, { says: name, refuses: () => null }]),
    ),
    effects: Object.fromEntries(
      names((line) => line.effects).map((name) => [name, { says: name, run: () => effects.push(name) }]),
    ),
  })
}

describe.each(TABLES)('the table of a $table.name', ({ table, initial, final, alone }) => {
  it('leads where a line says, and refuses every pair of state and event it has no line for', () => {
    for (const from of table.states)
      for (const event of table.events) {
        const lines = table.transitions.filter((line) => line.event === event && line.from.includes(from))
        const ran: string[] = []
        const outcome = fire(open(table, ran), from, event, null)
        const [line] = lines
        if (!line) expect(outcome).toEqual({ refused: 'TRANSITION_REFUSED' })
        else expect([outcome, ran]).toEqual([{ to: line.to === 'same' ? from : line.to }, line.effects])
      }
  })

  it('reaches every state from the first, and leaves every state but the final ones', () => {
    const reached = new Set([initial, ...alone])
    for (let before = -1; before < reached.size; ) {
      before = reached.size
      for (const { from, to } of table.transitions)
        if (to !== 'same' && from.some((state) => reached.has(state))) reached.add(to)
    }
    expect([...reached].sort()).toEqual([...table.states].sort())
    const left = table.states.filter((state) =>
      table.transitions.some(({ from, to }) => from.includes(state) && to !== 'same' && to !== state),
    )
    expect(table.states.filter((state) => !left.includes(state))).toEqual(
      table.states.filter((state) => final.includes(state)),
    )
  })

  it('stays in the lines on every random walk', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...table.events), { maxLength: 60 }), (walk) => {
        let state = initial
        for (const event of walk) {
          const outcome = fire(open(table, []), state, event, null)
          const targets = table.transitions
            .filter((line) => line.event === event && line.from.includes(state))
            .map(({ to }) => (to === 'same' ? state : to))
          if ('refused' in outcome) expect(targets).toEqual([])
          else expect(targets).toContain(outcome.to)
          state = 'to' in outcome ? outcome.to : state
        }
      }),
      { numRuns: 100 },
    )
  })
})

it('leads to erasure of a case by two lines alone: her signature, and time that is over', () => {
  const lines = CASE_TABLE.transitions.filter(({ to }) => to === 'erased')
  expect(lines.map(({ event, guards }) => [event, guards[0]])).toEqual([
    ['erase', 'her-signature'],
    ['expire', 'time-over'],
  ])
})

it('runs no effect when a guard refuses, and takes the first line whose guards hold', () => {
  const ran: string[] = []
  const table = machine<number, 'a' | 'b' | 'c', 'go', 'small' | 'even', 'note'>({
    name: 'test',
    states: ['a', 'b', 'c'],
    events: ['go'],
    transitions: [
      { from: ['a'], event: 'go', guards: ['small', 'even'], to: 'b', effects: ['note'] },
      { from: ['a'], event: 'go', guards: ['even'], to: 'c', effects: [] },
    ],
    guards: {
      small: { says: 'below ten', refuses: (n) => (n < 10 ? null : 'TOO_EARLY') },
      even: { says: 'even', refuses: (n) => (n % 2 === 0 ? null : 'NO_PROPOSAL') },
    },
    effects: { note: { says: 'noted', run: (n) => ran.push(String(n)) } },
  })
  expect(fire(table, 'a', 'go', 4)).toEqual({ to: 'b' })
  expect(fire(table, 'a', 'go', 12)).toEqual({ to: 'c' })
  expect(fire(table, 'a', 'go', 13)).toEqual({ refused: 'TOO_EARLY' })
  expect(fire(table, 'b', 'go', 4)).toEqual({ refused: 'TRANSITION_REFUSED' })
  expect(ran).toEqual(['4'])
  expect(printMachine(table)).toBe(
    '| From | Event | Guard | To | Effect |\n| --- | --- | --- | --- | --- |\n' +
      '| a | go | below ten; even | b | noted |\n| a | go | even | c |  |\n',
  )
})
