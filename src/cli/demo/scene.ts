import type { CliContext } from '../context.ts'
import type { DemoPlan } from '../generate/index.ts'
import type { Founded } from './organisation.ts'
import type { Stage } from './stage.ts'

/** Where the story stands once the organisation is there. */
export interface Scene {
  readonly context: CliContext
  readonly plan: DemoPlan
  readonly stage: Stage
  readonly founded: Founded
  /** The quarter of an hour, since 1970, in which the server was set up: there is nothing to look for before. */
  readonly since: number
  /** The folder of the demo. */
  readonly out: string
}
