import type { BagReader } from './bag-reader.ts'
import { checkExhibits } from './check-exhibits.ts'
import { checkFiles } from './check-files.ts'
import { type Check, CheckList } from './check-list.ts'
import { checkLog, type SeenByWitness } from './check-log.ts'
import { checkSignature } from './check-signature.ts'
import { checkTimeStamps, type StampedAt } from './check-time-stamps.ts'
import type { VerifyOptions } from './options.ts'

export interface Verification {
  /** Every check, in order, whether it holds or not. */
  checks: readonly Check[]
  /** All checks hold. */
  ok: boolean
  /** The key was compared with a fingerprint that reached the verifier another way. */
  isAnchored: boolean
  fingerprint: string | null
  timeStamps: readonly StampedAt[]
  /** When witnesses had seen the log with this bundle in it; empty without a log. */
  witnesses: readonly SeenByWitness[]
  hasLog: boolean
}

/**
 * Checks a bag completely: files against manifests in both directions, signature, time stamps, log, custody, exhibits. It
 * shares no code with what builds bags and fetches nothing. Never throws for what is in the bag: a check that cannot be
 * run has failed.
 */
export async function verifyBag(reader: BagReader, options: VerifyOptions): Promise<Verification> {
  const list = new CheckList()
  const files = await checkFiles(reader, list)
  const fingerprint = await checkSignature(reader, list, files, options)
  const timeStamps = await checkTimeStamps(reader, list, files)
  const log = await checkLog(reader, list, files, options)
  await checkExhibits(reader, list, files, log)
  return {
    checks: list.checks,
    ok: list.ok,
    isAnchored: options.fingerprint !== null && options.fingerprint === fingerprint,
    fingerprint,
    timeStamps,
    witnesses: log?.witnesses ?? [],
    hasLog: log !== null,
  }
}
