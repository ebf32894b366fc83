import * as z from 'zod/mini'
import { readIfThere } from './durable-file.ts'
import { damaged, LogStoreError } from './errors.ts'
import { type LogLayout, logLayout } from './layout.ts'

/** The smallest batch; larger ones are four times the one before. */
export const BATCH_LEAVES = 16
export const MIN_INTERVAL_MINUTES = 5
export const MAX_INTERVAL_MINUTES = 24 * 60

const settingsSchema = z.strictObject({
  saksiLog: z.literal(1),
  origin: z.string(),
  /** Minutes between checkpoints, counted from midnight UTC. */
  intervalMinutes: z.int().check(z.gte(MIN_INTERVAL_MINUTES), z.lte(MAX_INTERVAL_MINUTES)),
  keys: z.string(),
  openings: z.string(),
  /** Where everything but the keys lies: in the log's folder unless told. */
  storage: z.optional(z.literal('database')),
})

/** What a log is made with. It stays the same for the life of the log. */
export type LogSettings = z.infer<typeof settingsSchema>

/** Throws `LOG_NOT_FOUND`, `LOG_DAMAGED`. */
export async function readSettings(folder: string): Promise<{ settings: LogSettings; layout: LogLayout }> {
  const path = logLayout(folder, { keys: 'keys', openings: 'openings' }).settings
  const bytes = await readIfThere(path)
  if (bytes === null) {
    throw new LogStoreError(
      'LOG_NOT_FOUND',
      `There is no log in ${folder}. To make one: saksi log init ${folder} --origin custody.example.org/log`,
    )
  }
  const parsed = settingsSchema.safeParse(parseJson(bytes))
  if (!parsed.success) throw damaged('log.json', 'it is not what Saksi writes', parsed.error)
  return { settings: parsed.data, layout: logLayout(folder, parsed.data) }
}

export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
