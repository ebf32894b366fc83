import { bytesToBase64 } from '../../bytes/index.ts'
import { type CustodyRecord, commit, parseRecord } from '../../tlog/index.ts'
import { BundleError } from '../errors.ts'
import { exhibitNumber, proofNumber } from '../format/paths.ts'
import type { BundleInput, Exhibit, ProvenItem, ProvenRecord } from '../model.ts'

/** A record as the bundle numbers it. */
export interface NumberedRecord {
  number: string
  proven: ProvenRecord
  facts: CustodyRecord
  /** `E0001`, or null for a record that is about no single exhibit. */
  exhibit: string | null
  /** `C0001` for the record that seals a capture of this bundle. */
  collection: string | null
  /** The item that lies beside the record, and the number of the record that seals its capture. */
  item: { proven: ProvenItem; sealedBy: string } | null
  index: number
  commitment: string
  /** Newest time a witness signed, seconds since 1970; null without a witness. */
  witnessedAt: number | null
}

/** The records in the order given, with numbers. Throws `BundleError` `INPUT_INVALID` or `PROOF_MISSING`. */
export function numberRecords(input: BundleInput): NumberedRecord[] {
  const exhibits = new Map(
    input.exhibits.map((exhibit, i) => [exhibit.recordId, { exhibit, number: exhibitNumber(i) }]),
  )
  const collections = new Map(input.collections.map(({ id, recordId }) => [recordId ?? '', id]))
  const numbered = input.records.map((proven, i): NumberedRecord => {
    const facts = parseRecord(proven.record)
    return {
      number: proofNumber(i),
      proven,
      facts,
      exhibit: exhibits.get(exhibitIdOf(facts) ?? '')?.number ?? null,
      collection: sealedCollection(facts, collections),
      item: null,
      index: indexOf(proven.proof),
      commitment: commitmentOf(proven),
      witnessedAt: newestCosignature(proven.proof),
    }
  })
  const seals = new Map(numbered.map(({ collection, number }) => [collection, number]))
  return numbered.map((record) => {
    const found = exhibits.get(exhibitIdOf(record.facts) ?? '')?.exhibit
    return isPreservation(record.facts.type) ? { ...record, item: itemOf(found, seals) } : record
  })
}

/** The first record that each exhibit was kept or seen, by the number of the exhibit. */
export function preservations(records: readonly NumberedRecord[]): ReadonlyMap<string, NumberedRecord> {
  const found = new Map<string, NumberedRecord>()
  for (const record of records) {
    const { exhibit, facts } = record
    if (exhibit !== null && isPreservation(facts.type) && !found.has(exhibit)) found.set(exhibit, record)
  }
  return found
}

/** The records that say an exhibit was kept or seen. An exhibit's item lies beside its one. */
export function isPreservation(type: string): boolean {
  return type === 'exhibit.preserved' || type === 'sighting.recorded'
}

/** The capture of this bundle that a record seals. */
function sealedCollection(
  { type, body }: CustodyRecord,
  collections: ReadonlyMap<string, string>,
): string | null {
  return type === 'collection.sealed' ? (collections.get(String(body['collection'])) ?? null) : null
}

function itemOf(
  exhibit: Exhibit | undefined,
  seals: ReadonlyMap<string | null, string>,
): NumberedRecord['item'] {
  const sealedBy = seals.get(exhibit?.source?.collection ?? '')
  return exhibit?.item && sealedBy !== undefined ? { proven: exhibit.item, sealedBy } : null
}

/** The id of the one exhibit a record is about, null for records about more or something else. */
export function exhibitIdOf({ body }: CustodyRecord): string | null {
  const id = body['exhibit'] ?? body['sighting']
  return typeof id === 'string' ? id : null
}

/** Base64 of the salted commitment that stands in the log. */
export function commitmentOf({ record, salt }: ProvenRecord): string {
  return bytesToBase64(commit(salt, record))
}

function indexOf(proof: string): number {
  const [, digits] = /^c2sp\.org\/tlog-proof@v1\nindex (0|[1-9][0-9]{0,14})\n/.exec(proof) ?? []
  if (digits === undefined)
    throw new BundleError('PROOF_MISSING', 'A record comes without a proof of the log.')
  return Number(digits)
}

/** Cosignature lines carry 76 bytes: key id, time, signature (C2SP tlog-cosignature). Shown only, never trusted here. */
function newestCosignature(proof: string): number | null {
  let newest: number | null = null
  for (const [, blob = ''] of proof.matchAll(/^\u2014 [^ \n]+ ([A-Za-z0-9+/]{102}==)$/gm)) {
    const bytes = Array.from(atob(blob), (character) => character.charCodeAt(0))
    const seconds = bytes.slice(4, 12).reduce((sum, byte) => sum * 256 + byte, 0)
    if (newest === null || seconds > newest) newest = seconds
  }
  return newest
}
