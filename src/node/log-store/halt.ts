import * as z from 'zod/mini'
import { OWNER_ONLY, readIfThere, replaceFile } from './durable-file.ts'
import { LogStoreError } from './errors.ts'
import { parseJson } from './settings.ts'

const haltSchema = z.object({
  code: z.string(),
  message: z.string(),
  at: z.string(),
  evidence: z.array(z.string()),
})

/** Why a log was stopped, and what a witness was asked and answered. */
export type Halt = z.infer<typeof haltSchema>

/** Stops the log for good, until a person has looked: nothing is accepted and nothing signed while the file is there. */
export function haltLog(path: string, halt: Halt): Promise<void> {
  return replaceFile(path, `${JSON.stringify(halt, null, 2)}\n`, OWNER_ONLY)
}

/** Throws `LOG_HALTED` when the log was stopped. */
export async function assertRunning(path: string): Promise<void> {
  const bytes = await readIfThere(path)
  if (bytes === null) return
  const parsed = haltSchema.safeParse(parseJson(bytes))
  const why = parsed.success
    ? `${parsed.data.message} [${parsed.data.code}, ${parsed.data.at}]`
    : 'the reason cannot be read'
  throw new LogStoreError(
    'LOG_HALTED',
    `This log was stopped: ${why} Receipts and proofs that were given stay valid, and proofs can still be made. Nothing is accepted until somebody has found out why. Then: delete ${path}`,
  )
}
