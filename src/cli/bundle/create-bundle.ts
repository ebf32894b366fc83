import { createHash, randomBytes } from 'node:crypto'
import { basename, join } from 'node:path'
import {
  type BagFile,
  type BagPlan,
  type BundleInput,
  type BundleLanguage,
  type CapturedCollection,
  type Consent,
  type Exhibit,
  enclosedPath,
  planBag,
  publicKeyOf,
  sealFiles,
  type TimeStamp,
  type TimeStampAuthority,
  type WithheldPointer,
} from '#lib/bundle/index.ts'
import { VERSION } from '../version.ts'
import { askTimeStamp, type TimeStampAuthorityAddress } from './ask-time-stamp.ts'
import type { BundleLog } from './bundle-log.ts'
import type { Lock } from './encrypt.ts'
import { BundleFileError } from './errors.ts'
import { preserve, recordBuilt } from './log-records.ts'
import { type Packed, packBag } from './pack-bag.ts'
import type { SelectedMessage } from './read-messages.ts'
import type { ReadScan } from './read-scan.ts'
import { renderReportPdf } from './report-pdf.ts'
import type { SealedFile } from './seal-file.ts'
import { exhibitOf, type SelectedExhibit } from './select-exhibits.ts'
import { openStaging } from './staging.ts'
import { digestBytes } from './tally.ts'
import { verifyBundleFile } from './verify-bundle.ts'
import { ChangedInputError } from './zip-writer.ts'

export interface BundleRequest {
  scan: ReadScan
  selected: readonly SelectedExhibit[]
  /** What the export says, one for each of `selected`; empty when it stays in the export. */
  messages: readonly SelectedMessage[]
  /** Where withheld material was, as far as the caseworker tells: the scan keeps a count only. */
  withheldPointers: readonly WithheldPointer[]
  seed: Uint8Array
  out: string
  bagName: string
  organisation: BundleInput['organisation']
  /** Of reports and drafts, beside English. */
  languages: readonly BundleLanguage[]
  /** Role or pseudonym of who captured it, and what they say about the device. */
  witness: string
  device: string | null
  agency: string | null
  consent: Consent | null
  lock: Lock | null
  /** Enclose the files as they are, on the agency's written request. */
  isPlain: boolean
  log: BundleLog | null
  allowsNoWitness: boolean
  authorities: readonly TimeStampAuthorityAddress[]
  nowMs: number
  signal: AbortSignal
}

export interface CreatedBundle {
  bagName: string
  /** Random id of the bundle: names it in the log, where its hand-over is recorded. */
  id: string
  exhibits: number
  enclosed: number
  withheld: number
  /** Of the file that was written, for the hand-over form. */
  sha256: string
  sizeBytes: number
}

/**
 * Makes a bundle: exhibits encrypted, bag planned, signed, stamped, logged, verified from the finished archive, encrypted,
 * and only then put in its place. Any missing proof stops it with nothing written. Throws `BundleFileError` or
 * `BundleError`.
 */
export async function createBundle(request: BundleRequest): Promise<CreatedBundle> {
  if (request.selected.some(({ file }) => file !== null) && request.lock === null && !request.isPlain) {
    throw new BundleFileError(
      'RECIPIENT_MISSING',
      'A picture never leaves unencrypted. Name who may open it: --to age1... (or --passphrase). Nothing was written.',
    )
  }
  const staging = await openStaging(request.out)
  try {
    const { input, enclosed } = await gather(request)
    const plan = await planBag(input, renderReportPdf, digestBytes)
    request.signal.throwIfAborted()
    const seal = await sealPlan(request, input, plan)
    const files = [...plan.files, ...seal].sort((a, b) => (a.path < b.path ? -1 : 1))
    const zip = join(staging.folder, 'bundle.zip')
    const packed = await pack(zip, request, { bagName: plan.bagName, files, enclosed })
    await verifyOwn(zip, request)
    request.signal.throwIfAborted()
    await staging.publish(packed.path)
    return {
      bagName: plan.bagName,
      id: input.senderIdentifier,
      exhibits: input.exhibits.length,
      enclosed: enclosed.size,
      withheld: input.withheld.count,
      sha256: packed.sha256,
      sizeBytes: packed.sizeBytes,
    }
  } finally {
    await staging.remove()
  }
}

async function gather(
  request: BundleRequest,
): Promise<{ input: BundleInput; enclosed: Map<string, SealedFile> }> {
  const { scan, nowMs } = request
  const enclosed = new Map<string, SealedFile>()
  const exhibits = request.selected.map(({ match, file }, i): Exhibit => {
    const exhibit = prepareExhibit(request, { match, file })
    if (file !== null && exhibit.enclosed !== null) enclosed.set(enclosedPath(i, exhibit.enclosed), file)
    return {
      ...exhibit,
      capturedBy: `witness ${request.witness}`,
      device: request.device,
      rawMessage: request.messages[i]?.raw ?? null,
      message: request.messages[i]?.message ?? null,
      context: request.messages[i]?.context ?? null,
    }
  })
  // The scan keeps nothing of withheld pictures, not even where they stood: only a person can give pointers.
  const withheld = { count: scan.report.counts.pictures.withheld, items: request.withheldPointers }
  const { exhibits: all, ...preserved } = await preserve(request, exhibits, {
    withheld,
    collection: collectionOf(request),
    entered: scan.report.log,
  })
  const input: BundleInput = {
    bagName: request.bagName,
    organisation: request.organisation,
    senderIdentifier: randomBytes(16).toString('hex'),
    languages: request.languages,
    builtAt: isoSeconds(nowMs),
    version: VERSION,
    publicKey: publicKeyOf(request.seed),
    agency: request.agency,
    consent: request.consent,
    exhibits: all,
    withheld,
    ...preserved,
    authorities: request.authorities.map(
      ({ name, roots, chain }): TimeStampAuthority => ({ name, roots, chain }),
    ),
  }
  return { input, enclosed }
}

/** Between choosing and packing a file can become another one, or go. */
async function pack(
  zip: string,
  { lock }: BundleRequest,
  packing: Parameters<typeof packBag>[2],
): Promise<Packed> {
  try {
    return await packBag(zip, lock, packing)
  } catch (cause) {
    if (!(cause instanceof ChangedInputError)) throw cause
    throw new BundleFileError(
      'SCAN_CHANGED',
      'A file given with --exhibit changed meanwhile. Nothing was written.',
      { cause },
    )
  }
}

function collectionOf(request: BundleRequest): CapturedCollection {
  const { report, manifestSha256 } = request.scan
  return {
    id: 'C0001',
    recordId: null,
    format: report.export.format,
    sourceSha256: report.export.sha256,
    sourceBytes: report.export.bytesRead,
    filesRead: report.export.filesRead,
    readAt: report.startedAt.replace(/\.\d+Z$/, 'Z'),
    statedZone: report.export.statedZone,
    repairCount: report.repairCount,
    gapCount: report.gapCount,
    repairs: repairsInside(request),
    reportSha256: manifestSha256,
  }
}

function prepareExhibit(request: BundleRequest, { match, file }: SelectedExhibit): Exhibit {
  const exhibit = exhibitOf(match, {
    recordId: randomBytes(16).toString('hex'),
    sizeBytes: file?.sizeBytes ?? null,
    readAt: request.scan.report.startedAt.replace(/\.\d+Z$/, 'Z'),
  })
  if (file === null) return exhibit
  const { sizeBytes, sha256, sha512 } = file.enclosed
  const name = file.seal === null ? 'original.bin' : 'original.age'
  return { ...exhibit, enclosed: { name, sizeBytes, sha256, sha512 } }
}

/** Bytes that were repaired elsewhere in the export may belong to other people's messages. */
function repairsInside({ scan, selected }: BundleRequest): BundleInput['collections'][number]['repairs'] {
  const ranges = selected.map(({ match }) => match.raw)
  return scan.report.repairs
    .filter(({ file, offset }) =>
      ranges.some((raw) => raw.file === file && offset >= raw.start && offset < raw.end),
    )
    .map(({ code, offset, before, after }) => ({ code, offset, before, after }))
}

async function sealPlan(request: BundleRequest, input: BundleInput, plan: BagPlan): Promise<BagFile[]> {
  const digest = createHash('sha256').update(plan.tagManifest).digest()
  const timeStamps: TimeStamp[] = []
  for (const authority of request.authorities) {
    const { query, reply } = await askTimeStamp(authority, {
      data: plan.tagManifest,
      digest,
      nonce: randomBytes(8),
      nowMs: request.nowMs,
      signal: request.signal,
    })
    timeStamps.push({ name: authority.name, query, reply })
  }
  return sealFiles(plan, {
    seed: request.seed,
    timeStamps,
    built: await recordBuilt(request, input, plan, digest),
  })
}

/** Nobody gets a bundle that our own verifier does not accept. */
async function verifyOwn(zip: string, { allowsNoWitness }: BundleRequest): Promise<void> {
  const { checks, ok } = await verifyBundleFile(zip, { fingerprint: null, allowsNoWitness })
  if (ok) return
  const failed = checks.filter((check) => !check.ok).map(({ id, detail }) => `${id}: ${detail ?? ''}`)
  throw new BundleFileError(
    'SEAL_SIGNATURE',
    `The finished bundle did not verify, so it was not kept. ${failed.slice(0, 3).join(' ')}`,
  )
}

function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** The archive's name for a bundle, without its endings. */
export function bagNameOf(out: string): string {
  const name = basename(out).replace(/(\.zip)?(\.age)?$/, '')
  return name
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
}
