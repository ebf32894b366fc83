import { type Author, isSamePerson } from '../roles.ts'
import type { CaseState } from '../state.ts'

/** Who may approve what `proposer` proposed. */
export interface Approvers {
  /** `partner`: no supervisor of the organisation is free of conflict, so the approval goes to another organisation. */
  readonly route: 'own' | 'partner' | 'none'
  readonly people: readonly Author[]
}

/**
 * Supervisors who are neither excluded from the case nor the proposer: of the organisation, and where it has none, those of
 * partner organisations that the roster names.
 */
export function approversFor(
  state: Pick<CaseState, 'excluded'>,
  proposer: Omit<Author, 'role'>,
  own: readonly Author[],
  partners: readonly Author[],
): Approvers {
  const free = (people: readonly Author[]) =>
    people.filter(
      (person) =>
        person.role === 'supervisor' && !state.excluded.has(person.id) && !isSamePerson(person, proposer),
    )
  const atHome = free(own)
  if (atHome.length > 0) return { route: 'own', people: atHome }
  const elsewhere = free(partners)
  return { route: elsewhere.length > 0 ? 'partner' : 'none', people: elsewhere }
}
