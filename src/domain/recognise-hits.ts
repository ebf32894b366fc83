import { bytesToHex } from '#lib/bytes/index.ts'
import { ORIENTATIONS, type Orientation } from '#lib/phash/index.ts'
import { HIT_BYTES, hitTag, openHit, type SealedHit } from '#lib/seal/index.ts'
import { type OwnRow, placeOf } from './sealed-prints.ts'
import type { WindowHit } from './vote.ts'

/** A picture somebody saw, in which rows of one's own were found. What that means is for the vote to say. */
export interface RecognisedSighting {
  readonly sightingId: Uint8Array
  /** Opens the context of the sighting. */
  readonly contextKey: Uint8Array
  /** Of the whole picture, if that was found: bits, and how the picture that was seen lies. */
  readonly whole: { readonly distance: number; readonly orientation: Orientation } | null
  readonly windows: readonly WindowHit[]
}

const TAG_BYTES = 16

/**
 * The hits of one's own rows in the list of a quarter of an hour. Of all others, and of what only looks like a hit, nothing is
 * learnt. A hit that was altered is left out; a list that is cut off is read as far as it goes.
 */
export function recogniseHits(
  list: Uint8Array,
  quarter: number,
  rows: readonly OwnRow[],
): RecognisedSighting[] {
  const listed = new Map<string, Uint8Array>()
  for (let at = 0; at + HIT_BYTES <= list.length; at += HIT_BYTES) {
    const sealed = list.subarray(at, at + HIT_BYTES)
    listed.set(bytesToHex(sealed.subarray(0, TAG_BYTES)), sealed)
  }
  const bySighting = new Map<string, RecognisedSighting>()
  for (const row of rows) {
    for (const hit of hitsOfRow(listed, quarter, row)) addHit(bySighting, row, hit)
  }
  return [...bySighting.values()]
}

function* hitsOfRow(
  listed: ReadonlyMap<string, Uint8Array>,
  quarter: number,
  { id }: OwnRow,
): Generator<SealedHit> {
  for (let nth = 0; ; nth++) {
    const sealed = listed.get(bytesToHex(hitTag(id, { quarter, nth })))
    if (!sealed) return
    const hit = opened(id, sealed)
    if (hit) yield hit
  }
}

function opened(rowId: Uint8Array, sealed: Uint8Array): SealedHit | null {
  try {
    return openHit(rowId, sealed)
  } catch {
    return null
  }
}

function addHit(bySighting: Map<string, RecognisedSighting>, { window }: OwnRow, hit: SealedHit): void {
  const orientation = ORIENTATIONS[hit.orientation]
  if (!orientation) return
  const key = bytesToHex(hit.sightingId)
  const { sightingId, contextKey, distance } = hit
  const known = bySighting.get(key) ?? { sightingId, contextKey, whole: null, windows: [] }
  if (window === null || hit.place === null) {
    if (window !== null || hit.place !== null) return
    const isNearer = known.whole === null || distance < known.whole.distance
    bySighting.set(key, isNearer ? { ...known, whole: { distance, orientation } } : known)
    return
  }
  const query = readPlace(hit, hit.place)
  if (query === null) return
  const windows = [...known.windows, { row: window, query, orientation, distance }]
  bySighting.set(key, { ...known, windows })
}

function readPlace({ scope }: SealedHit, place: Uint8Array): WindowHit['query'] | null {
  try {
    return placeOf(place, scope)
  } catch {
    return null
  }
}
