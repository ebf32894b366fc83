import { fire, type Machine } from './machine.ts'
import type { RefusalCode } from './refusals.ts'

/** Moves one of the things of a case along its state table. Nothing changes when the table refuses. */
export function step<
  C,
  T extends { readonly id: string; readonly state: S },
  S extends string,
  E extends string,
  G extends string,
  F extends string,
>(
  things: Map<string, T>,
  table: Machine<C, S, E, G, F>,
  id: string,
  event: E,
  contextOf: (thing: T) => C,
): RefusalCode | null {
  const thing = things.get(id)
  if (!thing) return 'UNKNOWN_ID'
  const outcome = fire(table, thing.state, event, contextOf(thing))
  if ('refused' in outcome) return outcome.refused
  // An effect may have written to the thing; only its state is set here.
  things.set(id, { ...(things.get(id) ?? thing), state: outcome.to })
  return null
}

/** Changes fields of one of the things of a case. */
export function change<T>(things: Map<string, T>, id: string, fields: Partial<T>): void {
  const thing = things.get(id)
  if (thing !== undefined) things.set(id, { ...thing, ...fields })
}
