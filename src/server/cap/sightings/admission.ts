import type { SightingSubmission } from '#contract/sightings.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import { checkSolution, type PuzzleDependencies, spendSolution } from '../intake/index.ts'
import { checkShownPass, type PassDependencies, spendPass } from '../invites/index.ts'

export interface AdmissionDependencies extends PuzzleDependencies, PassDependencies {
  /** Whether a solved puzzle alone lets nobody in. */
  readonly needsInvite: boolean
}

/** What lets a sighting in, checked, and not used up yet. */
export interface Admission {
  /** Uses it up in the caller's transaction. False when it was used before. */
  use(tx: Db): Promise<boolean>
  /** What somebody is told who shows a used one with something else. */
  readonly usedCode: 'POW_STALE' | 'PASS_SPENT'
}

/** Throws POW_STALE, POW_REQUIRED, PASS_INVALID, INVITE_NEEDED. */
export function checkAdmission(
  dependencies: AdmissionDependencies,
  { id, pow, pass }: SightingSubmission,
  address: string,
): Admission {
  if (pass !== undefined) {
    checkShownPass(dependencies, pass, id)
    return { use: (tx) => spendPass(tx, pass), usedCode: 'PASS_SPENT' }
  }
  if (pow === undefined || dependencies.needsInvite) throw new Refused('INVITE_NEEDED')
  checkSolution(dependencies, pow, address)
  return { use: (tx) => spendSolution(tx, pow), usedCode: 'POW_STALE' }
}
