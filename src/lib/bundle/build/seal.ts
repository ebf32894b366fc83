import { BundleError } from '../errors.ts'
import { BUNDLE_PROOF, PATHS } from '../format/paths.ts'
import type { BagFile, ProvenRecord } from '../model.ts'
import { digestInJavaScript, listedFile, type MadeFile, madeFile, manifestFile } from './bag-file.ts'
import type { BagPlan } from './plan-bag.ts'
import { openingFiles } from './proof-files.ts'
import { signManifest } from './sign-manifest.ts'

/** A time-stamp query and its whole answer. */
export interface TimeStamp {
  name: string
  query: Uint8Array
  reply: Uint8Array
}

export interface SealParts {
  seed: Uint8Array
  timeStamps: readonly TimeStamp[]
  /** The `bundle.built` record of the log; null where no log is kept. */
  built: ProvenRecord | null
}

/**
 * The files of `seal/`: signature over the tag manifest, time stamps, the log's proof, and a signed list of these, since
 * the certificates inside a time stamp are covered by no signature of its own. Throws `BundleError` `PROOF_MISSING` when
 * anything the plan promises is not there.
 */
export function sealFiles(plan: BagPlan, { seed, timeStamps, built }: SealParts): BagFile[] {
  const listed = (made: MadeFile): BagFile => listedFile(made, digestInJavaScript)
  const parts = [
    madeFile(PATHS.signature, signManifest(plan.tagManifest, seed)),
    ...timeStamps.flatMap(({ name, query, reply }) => [
      madeFile(`seal/${name}.tsq`, query),
      madeFile(`seal/${name}.tsr`, reply),
    ]),
    ...(built ? openingFiles(BUNDLE_PROOF, built) : []),
  ].map(listed)
  const list = listed(manifestFile(PATHS.sealList, 'sha256', parts))
  const files = [
    ...parts,
    list,
    listed(madeFile(PATHS.sealListSignature, signManifest(list.bytes ?? new Uint8Array(), seed))),
  ]
  const made = new Set(files.map(({ path }) => path))
  const isWhole = made.size === plan.sealPaths.length && plan.sealPaths.every((path) => made.has(path))
  if (!isWhole)
    throw new BundleError('PROOF_MISSING', 'A proof the bundle promises is missing. Nothing was sealed.')
  return files
}
