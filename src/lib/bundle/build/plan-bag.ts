import { compareBytes } from '../format/bytes.ts'
import { requireBundlePaths } from '../format/names.ts'
import { PATHS } from '../format/paths.ts'
import type { BagFile, BundleInput } from '../model.ts'
import { type DigestBytes, digestInJavaScript, listedFile, type MadeFile, manifestFile } from './bag-file.ts'
import { bagInfoFiles } from './bag-info.ts'
import { checkInput, checkProofs } from './check-input.ts'
import { documentFiles, type RenderPdf } from './document-files.ts'
import { payloadFiles } from './exhibit-files.ts'
import { metadataFiles, sealPaths } from './metadata-files.ts'
import { proofFiles } from './proof-files.ts'
import { numberRecords } from './proven.ts'
import { trustFiles } from './trust-files.ts'

export interface BagPlan {
  bagName: string
  /** Sorted by path. Everything but `seal/`; files without bytes are the enclosed originals, which the caller copies. */
  files: readonly BagFile[]
  /** The one file that is signed, stamped and logged. */
  tagManifest: Uint8Array
  /** What `seal/` must hold in the end. */
  sealPaths: readonly string[]
}

/**
 * Plans the whole bag (RFC 8493) but its seal. The same input gives the same bytes: time, ids and digests are arguments,
 * no locale, time zone, host or path enters. `digest` may be faster than the JavaScript used unless given. Throws
 * `BundleError`: `INPUT_INVALID`, `NAME_INVALID`, `CONSENT_MISSING`, `PROOF_MISSING`, `EXHIBIT_DIGEST`,
 * `WITHHELD_SELECTED`.
 */
export async function planBag(
  input: BundleInput,
  renderPdf: RenderPdf,
  digest: DigestBytes = digestInJavaScript,
): Promise<BagPlan> {
  checkInput(input)
  const records = numberRecords(input)
  checkProofs(input, records)
  const listed = (file: MadeFile | BagFile): BagFile => ('sha256' in file ? file : listedFile(file, digest))
  const payload = payloadFiles(input, records).map(listed)
  const tags = [
    manifestFile(PATHS.manifest.sha256, 'sha256', payload),
    manifestFile(PATHS.manifest.sha512, 'sha512', payload),
    ...bagInfoFiles(input, payload),
    ...metadataFiles(input, records),
    ...proofFiles(records),
    ...trustFiles(input),
    ...(await documentFiles(input, records, renderPdf)),
  ].map(listed)
  const tagManifest = manifestFile(PATHS.tagManifest.sha256, 'sha256', tags)
  const files = [
    ...payload,
    ...tags,
    listed(tagManifest),
    listed(manifestFile(PATHS.tagManifest.sha512, 'sha512', tags)),
  ]
  requireBundlePaths([...files.map(({ path }) => path), ...sealPaths(input)])
  return {
    bagName: input.bagName,
    files: files.sort((a, b) => compareBytes(a.path, b.path)),
    tagManifest: tagManifest.bytes,
    sealPaths: sealPaths(input),
  }
}
