import type { ServeOptions, ServerProgram } from '#contract/program.ts'
import { backup, restore } from './backup/index.ts'
import { doctor } from './doctor.ts'
import { rehearse } from './rehearse.ts'
import { serve } from './serve.ts'

/** What the built `server.js` offers to the command line. */
export const program: ServerProgram = {
  serve: (options: ServeOptions) => serve(options),
  doctor,
  backup,
  restore,
  rehearse,
}
