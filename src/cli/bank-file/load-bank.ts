import { type BankFacts, type BankMatcher, buildMatcher } from './matcher.ts'
import { readBank } from './read-bank.ts'

export interface LoadedBank {
  readonly matcher: BankMatcher
  readonly facts: BankFacts
}

/** Reads a bank and makes it ready to be matched against. Errors as `readBank`: a damaged bank is refused. */
export async function loadBank(path: string): Promise<LoadedBank> {
  const matcher = buildMatcher(await readBank(path))
  return { matcher, facts: matcher.facts }
}
