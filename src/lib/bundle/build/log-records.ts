import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../../bytes/index.ts'
import { canonicalRecord } from '../../tlog/index.ts'
import { utf8 } from '../format/bytes.ts'
import { itemText } from '../format/item.ts'
import type { BundleInput, Exhibit } from '../model.ts'
import { withheldBytes } from './exhibit-files.ts'
import { messageReference } from './message-reference.ts'

/** What all records of one bundle share. */
export interface RecordContext {
  /** The log's origin. */
  origin: string
  at: string
  /** Public key of the organisation; the record names it by the start of its digest. */
  publicKey: Uint8Array
  /** The capture's id in the log, when the exhibits are items of it. */
  sealed?: string | null
}

/**
 * The first custody record of an exhibit, in canonical bytes: that its file was preserved or, where only a digest and a
 * place are handed over, that it was seen there. `id` is a random id, 32 hexadecimal digits. Null for an exhibit of which
 * nothing was captured. Throws `TlogError` for values a record cannot hold.
 */
export function exhibitRecord(exhibit: Exhibit, id: string, context: RecordContext): Uint8Array | null {
  const { original, enclosed, recordId, source, item } = exhibit
  if (original === null) return null
  const common = { v: 1 as const, id, ...contextFields(context), chain: { id: recordId, n: 0 } }
  if (enclosed !== null && original.sizeBytes !== null) {
    return canonicalRecord({
      ...common,
      type: 'exhibit.preserved',
      body: {
        exhibit: recordId,
        plainSha256: original.sha256,
        plainBytes: original.sizeBytes,
        cipherSha256: enclosed.sha256,
        mime: original.mime ?? 'application/octet-stream',
        ...(item && context.sealed && { collection: context.sealed, item: item.index }),
      },
    })
  }
  if (source === null) return null
  return canonicalRecord({
    ...common,
    type: 'sighting.recorded',
    body: {
      sighting: recordId,
      place: bytesToHex(sha256(utf8(source.placeId))).slice(0, 32),
      messageRefSha256: bytesToHex(sha256(messageReference(exhibit) ?? new Uint8Array())),
    },
  })
}

/**
 * The record that material was withheld as suspected child abuse material: its number and the digest of the pointers, never
 * anything of the material. Null when nothing was.
 */
export function withheldRecord(
  withheld: BundleInput['withheld'],
  id: string,
  context: RecordContext,
): Uint8Array | null {
  if (withheld.count === 0) return null
  return canonicalRecord({
    v: 1,
    type: 'exhibit.withheld',
    id,
    ...contextFields(context),
    body: {
      count: withheld.count,
      reason: 'suspected-child',
      pointersSha256: bytesToHex(sha256(withheldBytes(withheld))),
    },
  })
}

/** The item of a sealed capture that stands for this exhibit; null where the scan knows no place of it. */
export function exhibitItem({ original, source }: Exhibit): Uint8Array | null {
  return original === null || !source?.raw ? null : utf8(itemText(source.raw, original.sha256))
}

export interface BuiltBundle {
  /** Random id of the bundle, 32 hexadecimal digits. */
  bundle: string
  tagManifestSha256: string
  files: number
  bytes: number
  agency: string | null
}

/** The record that a bundle was built: it holds the digest of what was signed. */
export function builtRecord(built: BuiltBundle, id: string, context: RecordContext): Uint8Array {
  const { bundle, tagManifestSha256, files, bytes, agency } = built
  return canonicalRecord({
    v: 1,
    type: 'bundle.built',
    id,
    ...contextFields(context),
    body: { bundle, tagmanifestSha256: tagManifestSha256, files, bytes, agency: label(agency) },
  })
}

/** What every record of an organisation has: log, time and who enters it. */
export function contextFields({ origin, at, publicKey }: RecordContext): {
  log: string
  at: string
  by: { role: string; key: string }
} {
  return { log: origin, at, by: { role: 'caseworker', key: bytesToHex(sha256(publicKey)).slice(0, 16) } }
}

/** Records hold no free text: what a label cannot hold becomes a dash. */
export function label(agency: string | null): string {
  const plain = (agency ?? '').replace(/[^A-Za-z0-9._:/@+-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return plain.slice(0, 128) || 'not-stated'
}
