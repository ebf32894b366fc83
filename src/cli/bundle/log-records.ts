import { randomBytes } from 'node:crypto'
import type { ScanReport } from '#contract/scan-report.ts'
import {
  type BagPlan,
  type BundleInput,
  builtRecord,
  type CapturedCollection,
  type Exhibit,
  exhibitItem,
  exhibitRecord,
  type ProvenRecord,
  publicKeyOf,
  type RecordContext,
  withheldRecord,
} from '#lib/bundle/index.ts'
import { utf8ToText } from '#lib/bytes/index.ts'
import type { BundleLog, UnprovenRecord } from './bundle-log.ts'
import { BundleFileError } from './errors.ts'

export interface RecordRequest {
  log: BundleLog | null
  seed: Uint8Array
  nowMs: number
}

/** What a log adds to a bundle: items and records of the exhibits, the capture's id in it, its policy. */
export type Preserved = Pick<BundleInput, 'exhibits' | 'collections' | 'records' | 'policy'>

/**
 * Enters the exhibits in the log and gathers what proves them; where the scan itself was entered in this log, also the
 * record that seals the capture and the item of each exhibit. Rejects when anything of that is missing.
 */
export async function preserve(
  request: RecordRequest,
  exhibits: readonly Exhibit[],
  capture: {
    collection: CapturedCollection
    withheld: BundleInput['withheld']
    entered: ScanReport['log']
  },
): Promise<Preserved> {
  const { log } = request
  const { collection, entered } = capture
  if (log === null) return { exhibits, collections: [collection], records: [], policy: null }
  const isSealedHere = entered?.origin === log.origin && exhibits.length > 0
  const sealed = isSealedHere ? entered : null
  const withItems = sealed === null ? exhibits : await itemsOf(log, exhibits, sealed.collection)
  const context = { ...contextOf(request, log), sealed: sealed?.collection ?? null }
  const id = (): string => randomBytes(16).toString('hex')
  const unproven = [
    withheldRecord(capture.withheld, id(), context),
    ...withItems.map((exhibit) => exhibitRecord(exhibit, id(), context)),
  ].flatMap((record): UnprovenRecord[] => (record === null ? [] : [{ record, salt: randomBytes(32) }]))
  const proofs = await log.prove(unproven)
  const records = unproven.map((one, i): ProvenRecord => ({ ...one, proof: proofs[i] ?? '' }))
  return {
    exhibits: withItems,
    collections: [{ ...collection, recordId: sealed?.collection ?? null }],
    policy: log.policy,
    // The capture was sealed first: records stand in the order of the log.
    records: sealed === null ? records : [await log.open(sealed.record), ...records],
  }
}

/** The record that this bundle was built, proven; null where no log is kept. */
export async function recordBuilt(
  request: RecordRequest,
  input: BundleInput,
  plan: BagPlan,
  digest: Buffer,
): Promise<ProvenRecord | null> {
  const { log } = request
  if (log === null) return null
  const record = builtRecord(
    {
      bundle: input.senderIdentifier,
      tagManifestSha256: digest.toString('hex'),
      files: plan.files.length,
      bytes: plan.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      agency: input.agency,
    },
    randomBytes(16).toString('hex'),
    contextOf(request, log),
  )
  const unproven = { record, salt: randomBytes(32) }
  const [proof = ''] = await log.prove([unproven])
  return { ...unproven, proof }
}

async function itemsOf(log: BundleLog, exhibits: readonly Exhibit[], collection: string): Promise<Exhibit[]> {
  const capture = await log.capture(collection)
  return exhibits.map((exhibit) => {
    const wanted = exhibitItem(exhibit)
    const item = wanted === null ? null : capture.find(utf8ToText(wanted) ?? '')
    if (item === null)
      throw new BundleFileError(
        'ITEMS_MISSING',
        'The log seals the capture, but not this message of it: the report and the log do not belong together. Nothing was written.',
      )
    return { ...exhibit, item }
  })
}

function contextOf({ nowMs, seed }: RecordRequest, log: BundleLog): RecordContext {
  const at = new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z')
  return { origin: log.origin, at, publicKey: publicKeyOf(seed) }
}
