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
  /** The folder of the demo. */
  readonly out: string
}
