import { basename, extname } from 'node:path'
import type { ReportedMatch, ScanReport } from '#contract/scan-report.ts'
import type { Exhibit, ExhibitKind } from '#lib/bundle/index.ts'
import { BundleFileError } from './errors.ts'
import type { SealedFile } from './seal-file.ts'

export interface Selection {
  /** Files given by hand, by their digest. */
  files: ReadonlyMap<string, SealedFile>
  /** Entry ids whose matches are disclosed; empty for those of `files` only. */
  entries: readonly string[]
  isAll: boolean
}

/** An exhibit before its id and, where a file was given, the file that shows it. */
export interface SelectedExhibit {
  match: ReportedMatch
  file: SealedFile | null
}

/**
 * Which matches go into the bundle. A scan finds pictures of several people; nothing of anybody who was not chosen goes
 * along. Throws `BundleFileError` `EXHIBIT_UNKNOWN` when a file is none of the scan's, or when it is not said whose
 * pictures are meant.
 */
export function selectExhibits(report: ScanReport, { files, entries, isAll }: Selection): SelectedExhibit[] {
  const digests = new Set(report.matches.map(({ attachment }) => attachment.sha256))
  for (const [sha256, { path }] of files) {
    if (!digests.has(sha256))
      throw unknown(`The file ${JSON.stringify(basename(path))} is none of those the scan recognised.`)
  }
  const found = new Set(report.matches.map(({ entry }) => entry))
  for (const entry of entries) if (!found.has(entry)) throw unknown(`The scan found nothing of ${entry}.`)
  if (files.size === 0 && entries.length === 0 && !isAll && found.size > 1) {
    throw unknown(
      `The scan found pictures of ${found.size} entries. Choose with --entry ID or --exhibit FILE what this hand-over is about, so that nobody else is exposed; --all takes all of them.`,
    )
  }
  const isChosen = (match: ReportedMatch): boolean => {
    if (entries.length > 0) return entries.includes(match.entry)
    return files.size === 0 || files.has(match.attachment.sha256)
  }
  return report.matches
    .filter(isChosen)
    .map((match) => ({ match, file: files.get(match.attachment.sha256) ?? null }))
}

const KINDS: Readonly<Record<string, ExhibitKind>> = {
  photo: 'image',
  sticker: 'image',
  thumbnail: 'image',
  animation: 'video',
  video: 'video',
  round: 'video',
  voice: 'audio',
  audio: 'audio',
}
const MIME: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
}

/** An exhibit without its file, from a match of the scan. `sizeBytes` is the file's, null when no file was given. */
export function exhibitOf(
  match: ReportedMatch,
  facts: { recordId: string; sizeBytes: number | null; readAt: string },
): Exhibit {
  const { attachment, raw } = match
  return {
    recordId: facts.recordId,
    kind: KINDS[attachment.kind] ?? 'image',
    state: 'captured',
    original: {
      sha256: attachment.sha256,
      sizeBytes: facts.sizeBytes,
      mime: MIME[extname(attachment.path).toLowerCase()] ?? null,
    },
    enclosed: null,
    source: {
      collection: 'C0001',
      platform: platformOf(match.placeId),
      placeId: match.placeId,
      messageId: match.messageId,
      authorId: match.senderId,
      sentAt: {
        utc: match.sentAt?.replace(/\.\d+Z$/, 'Z') ?? null,
        local: match.sentAtLocal,
        precision: match.sentAt === null ? null : 's',
      },
      isForwarded: match.isForwarded,
      raw,
    },
    originalName: attachment.path.split('/').at(-1) ?? null,
    foundBy: foundBy(match),
    capturedBy: 'witness',
    capturedAt: null,
    receivedAt: facts.readAt,
    device: null,
    rawMessage: null,
    message: null,
    context: null,
    item: null,
  }
}

function platformOf(placeId: string): string {
  if (placeId.startsWith('tg:')) return 'telegram'
  return placeId.startsWith('wa:') ? 'whatsapp' : 'files'
}

function foundBy({ rule, isOnlyLikely }: ReportedMatch): string {
  const words = {
    'exact-file': 'the same file as a registered one, byte for byte',
    'whole-frame': 'a copy of a registered picture, by comparison of fingerprints',
    windows: 'parts of a registered picture, by comparison of fingerprints',
  }
  return isOnlyLikely ? `${words[rule]}; only likely, a person has to confirm it` : words[rule]
}

function unknown(message: string): BundleFileError {
  return new BundleFileError('EXHIBIT_UNKNOWN', `${message} Nothing was written.`)
}
