import { join } from 'node:path'
import * as z from 'zod/mini'
import { formatVkey, parseVkey, type Vkey } from '#lib/tlog/index.ts'
import { OWNER_ONLY, readIfThere, replaceFile } from '../log-store/durable-file.ts'
import { parseJson } from '../log-store/settings.ts'
import { WitnessError } from './errors.ts'
import { originDigest } from './origin-digest.ts'

const knownSchema = z.strictObject({ origin: z.string(), vkeys: z.array(z.string()) })

/** A log that the witness co-signs, and the keys it is known by. */
export interface KnownLog {
  readonly origin: string
  readonly vkeys: readonly Vkey[]
}

/** The log of this origin if its operator was told to co-sign it, else null. Throws `WITNESS_STATE`. */
export async function findLog(state: string, origin: string): Promise<KnownLog | null> {
  const bytes = await readIfThere(logFile(state, origin))
  if (bytes === null) return null
  const parsed = knownSchema.safeParse(parseJson(bytes))
  if (!parsed.success || parsed.data.origin !== origin) {
    throw new WitnessError('WITNESS_STATE', `The file of the log ${origin} is damaged. It is not co-signed.`)
  }
  return { origin, vkeys: parsed.data.vkeys.map(parseVkey) }
}

/** From now on the log is co-signed, also by a witness that runs. Throws `WITNESS_KNOWN` when it is already. */
export async function addLog(state: string, vkey: Vkey, origin: string): Promise<void> {
  const former = await findLog(state, origin)
  const vkeys = [...(former?.vkeys ?? []), vkey].map(formatVkey)
  if (new Set(vkeys).size < vkeys.length) {
    throw new WitnessError('WITNESS_KNOWN', `The log ${origin} is on the list already, with this key.`)
  }
  await replaceFile(logFile(state, origin), `${JSON.stringify({ origin, vkeys }, null, 2)}\n`, OWNER_ONLY)
}

const logFile = (state: string, origin: string): string => join(state, 'logs', `${originDigest(origin)}.json`)
