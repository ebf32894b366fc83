import * as z from 'zod/mini'
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

export const formatHalt = (halt: Halt): string => `${JSON.stringify(halt, null, 2)}\n`

/** Throws `LOG_HALTED` when the log was stopped: nothing is accepted and nothing signed until a person has looked. */
export async function assertRunning({
  readHalt,
}: {
  readHalt(): Promise<{ readonly text: string; readonly where: string } | null>
}): Promise<void> {
  const halt = await readHalt()
  if (halt !== null) throw halted(halt)
}

/** What to say about a log that was stopped; `where` says how a person starts it again. */
export function halted({ text, where }: { text: string; where: string }): LogStoreError {
  const parsed = haltSchema.safeParse(parseJson(Buffer.from(text)))
  const why = parsed.success
    ? `${parsed.data.message} [${parsed.data.code}, ${parsed.data.at}]`
    : 'the reason cannot be read'
  return new LogStoreError(
    'LOG_HALTED',
    `This log was stopped: ${why} Receipts and proofs that were given stay valid, and proofs can still be made. Nothing is accepted until somebody has found out why. Then: ${where}`,
  )
}
