/** One cell of a table before anything is hidden: what each organisation counted. */
export interface CountedCell {
  readonly byOrganisation: ReadonlyMap<string, number>
  /** The row cannot have a case by its meaning, so that a zero tells nothing about anybody. */
  readonly isStructurallyEmpty: boolean
}

/** What of a cell may be published: a number rounded to five, `<5`, or nothing at all. */
export type PublishedCell =
  | { readonly shown: number }
  | { readonly shown: '<5' }
  | { readonly shown: 'hidden' }

export const MINIMUM_TOTAL = 30
export const MINIMUM_ORGANISATIONS = 2
export const DOMINANCE = 0.8
const ROUND_TO = 5
const SMALL = 5

/** Why a table is not published as a whole; null when it may be. */
export type TableRefusal = 'TOTAL_TOO_SMALL' | 'TOO_FEW_ORGANISATIONS'

/**
 * One cell: 1 to 4 is `<5`; zero is `<5` as well, unless the row is empty by its meaning; a cell of which one organisation has
 * more than 80 % is hidden; any other is rounded to the nearest five, by itself. Counts that are no natural number count zero.
 */
export function publishCell({ byOrganisation, isStructurallyEmpty }: CountedCell): PublishedCell {
  const counts = [...byOrganisation.values()].map(natural)
  const total = sum(counts)
  if (total === 0 && isStructurallyEmpty) return { shown: 0 }
  if (total < SMALL) return { shown: '<5' }
  if (Math.max(...counts) > DOMINANCE * total) return { shown: 'hidden' }
  return { shown: round(total) }
}

/** A total of cells: as a cell, but no organisation hides it by its share, because a table has two or more of them. */
export function publishTotal(cells: readonly CountedCell[]): PublishedCell {
  const total = sum(cells.flatMap(({ byOrganisation }) => [...byOrganisation.values()].map(natural)))
  if (total === 0 && cells.every(({ isStructurallyEmpty }) => isStructurallyEmpty)) return { shown: 0 }
  return { shown: total < SMALL ? '<5' : round(total) }
}

/** Whether a table has enough behind it: 30 cases, and for a national table two organisations that contributed. */
export function refuseTable(cells: readonly CountedCell[], isNational: boolean): TableRefusal | null {
  const contributed = new Map<string, number>()
  for (const { byOrganisation } of cells)
    for (const [organisation, count] of byOrganisation)
      contributed.set(organisation, (contributed.get(organisation) ?? 0) + natural(count))
  if (sum([...contributed.values()]) < MINIMUM_TOTAL) return 'TOTAL_TOO_SMALL'
  const organisations = [...contributed.values()].filter((count) => count > 0).length
  return isNational && organisations < MINIMUM_ORGANISATIONS ? 'TOO_FEW_ORGANISATIONS' : null
}

/** A share in whole per cent of two rounded counts; null below a base of 30, where it would betray what was hidden. */
export function publishShare(part: number, base: number): number | null {
  const [of, all] = [round(natural(part)), round(natural(base))]
  return all < MINIMUM_TOTAL ? null : Math.round((100 * of) / all)
}

function round(count: number): number {
  return Math.round(count / ROUND_TO) * ROUND_TO
}

function natural(count: number): number {
  return Number.isSafeInteger(count) && count > 0 ? count : 0
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
