import { AppError } from '../../errors/index.ts'

/** One thing that was checked, in plain words. */
export interface Check {
  id: string
  ok: boolean
  what: string
  /** Why it failed, or what was found. */
  detail: string | null
}

/** What a check came to: nothing (it holds), or why it does not. */
export type Finding = string | null

/** Runs every check, whatever the others came to. A check that cannot be run has failed. */
export class CheckList {
  readonly #checks: Check[] = []

  get checks(): readonly Check[] {
    return this.#checks
  }

  get ok(): boolean {
    return this.#checks.length > 0 && this.#checks.every(({ ok }) => ok)
  }

  async check(id: string, what: string, run: () => Promise<Finding> | Finding): Promise<boolean> {
    const failure = await attempt(run)
    this.#checks.push({ id, ok: failure === null, what, detail: failure })
    return failure === null
  }
}

async function attempt(run: () => Promise<Finding> | Finding): Promise<Finding> {
  try {
    return await run()
  } catch (error) {
    return error instanceof AppError ? `${error.message} [${error.code}]` : 'It could not be checked.'
  }
}

/** At most five of the names, for a line that a person reads. */
export function named(what: string, names: readonly string[]): Finding {
  if (names.length === 0) return null
  const more = names.length > 5 ? ` and ${names.length - 5} more` : ''
  return `${what}: ${names.slice(0, 5).join(', ')}${more}`
}
