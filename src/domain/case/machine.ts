import type { RefusalCode } from './refusals.ts'

/** One line of a state table. `same` stays where it is. */
export interface Transition<
  S extends string,
  E extends string,
  G extends string = string,
  F extends string = string,
> {
  readonly from: readonly S[]
  readonly event: E
  /** All have to hold; the first that does not gives the refusal. */
  readonly guards: readonly G[]
  readonly to: S | 'same'
  readonly effects: readonly F[]
}

/** A condition of a transition, in words for the documentation and as a function. */
export interface Guard<C> {
  readonly says: string
  /** The reason why the transition is refused, or null when the condition holds. Changes nothing. */
  readonly refuses: (context: C) => RefusalCode | null
}

/** What a transition does besides changing the state. Runs only after every guard held. */
export interface Effect<C> {
  readonly says: string
  readonly run: (context: C) => void
}

/** A state table as data: the reducer runs it, and the documentation is printed from it. */
export interface Machine<
  C,
  S extends string,
  E extends string,
  G extends string = string,
  F extends string = string,
> {
  readonly name: string
  readonly states: readonly S[]
  readonly events: readonly E[]
  readonly transitions: readonly Transition<S, E, G, F>[]
  readonly guards: Readonly<Record<G, Guard<C>>>
  readonly effects: Readonly<Record<F, Effect<C>>>
}

/** Only there so that the names of guards and effects are checked against each other. */
export function machine<C, S extends string, E extends string, G extends string, F extends string>(
  table: Machine<C, S, E, G, F>,
): Machine<C, S, E, G, F> {
  return table
}

/** Where a transition leads, or why there is none. */
export type Outcome<S extends string> = { readonly to: S } | { readonly refused: RefusalCode }

/**
 * The first line of the table that starts at `from` with `event` and whose guards hold: its effects run, its target is
 * returned. Otherwise nothing runs, and the refusal is that of the first line for the pair, or `TRANSITION_REFUSED` when the
 * table has none.
 */
export function fire<C, S extends string, E extends string, G extends string, F extends string>(
  table: Machine<C, S, E, G, F>,
  from: S,
  event: E,
  context: C,
): Outcome<S> {
  let refused: RefusalCode | null = null
  for (const line of table.transitions) {
    if (line.event !== event || !line.from.includes(from)) continue
    const reason = firstRefusal(table, line.guards, context)
    if (reason === null) {
      for (const effect of line.effects) table.effects[effect].run(context)
      return { to: line.to === 'same' ? from : line.to }
    }
    refused ??= reason
  }
  return { refused: refused ?? 'TRANSITION_REFUSED' }
}

function firstRefusal<C, G extends string>(
  { guards }: { readonly guards: Readonly<Record<G, Guard<C>>> },
  names: readonly G[],
  context: C,
): RefusalCode | null {
  for (const name of names) {
    const reason = guards[name].refuses(context)
    if (reason !== null) return reason
  }
  return null
}

/** A state table as a Markdown table: From, Event, Guard, To, Effect. */
export function printMachine<C, S extends string, E extends string, G extends string, F extends string>(
  table: Machine<C, S, E, G, F>,
): string {
  const lines = table.transitions.map(({ from, event, guards, to, effects }) => [
    from.length === table.states.length ? 'any' : from.join(', '),
    event,
    guards.map((name) => table.guards[name].says).join('; '),
    to === 'same' ? 'same state' : to,
    effects.map((name) => table.effects[name].says).join('; '),
  ])
  const rows = [['From', 'Event', 'Guard', 'To', 'Effect'], ['---', '---', '---', '---', '---'], ...lines]
  return `${rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`
}
