import { bytesToHex } from '#lib/bytes/index.ts'
import { ORIENTATIONS, type Orientation } from '#lib/phash/index.ts'
import { HIT_BYTES, hitTag, openHit, type SealedHit } from '#lib/seal/index.ts'
import { type OwnRow, placeOf } from './sealed-prints.ts'
import type { Frame, WindowHit } from './vote.ts'

/** A picture somebody saw, in which rows of one's own were found. What that means is for the vote to say. */
export interface RecognisedSighting {
  readonly sightingId: Uint8Array
  /** Opens the context of the sighting. */
  readonly contextKey: Uint8Array
  /** Of the whole picture, if that was found: bits, and how the picture that was seen lies. */
  readonly whole: { readonly distance: number; readonly orientation: Orientation } | null
  readonly windows: readonly WindowHit[]
  /** Sides of the picture that was seen, in the pixels its windows are given in. */
  readonly frame: Frame
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
  return recogniseInList(indexList(list, quarter), rows)
}

/** A list in which hits are looked up by their tags. */
export interface IndexedList {
  readonly quarter: number
  readonly byTag: ReadonlyMap<string, Uint8Array>
}

/** Reads a list once, for the rows of many pictures. */
export function indexList(list: Uint8Array, quarter: number): IndexedList {
  const byTag = new Map<string, Uint8Array>()
  for (let at = 0; at + HIT_BYTES <= list.length; at += HIT_BYTES) {
    const sealed = list.subarray(at, at + HIT_BYTES)
    byTag.set(bytesToHex(sealed.subarray(0, TAG_BYTES)), sealed)
  }
  return { quarter, byTag }
}

/** As `recogniseHits`, in a list that was read. */
export function recogniseInList(
  { quarter, byTag }: IndexedList,
  rows: readonly OwnRow[],
): RecognisedSighting[] {
  const bySighting = new Map<string, RecognisedSighting>()
  for (const row of rows) {
    for (const hit of hitsOfRow(byTag, quarter, row)) addHit(bySighting, row, hit)
  }
  return [...bySighting.values()]
}

/** The hits of one picture from several lists, put together by sighting: a list that is full goes on in the next one. */
export function joinSightings(found: Iterable<RecognisedSighting>): RecognisedSighting[] {
  const bySighting = new Map<string, RecognisedSighting>()
  for (const sighting of found) {
    const key = bytesToHex(sighting.sightingId)
    const known = bySighting.get(key)
    bySighting.set(key, known === undefined ? sighting : joined(known, sighting))
  }
  return [...bySighting.values()]
}

function joined(a: RecognisedSighting, b: RecognisedSighting): RecognisedSighting {
  const isNearer = b.whole !== null && (a.whole === null || b.whole.distance < a.whole.distance)
  return { ...a, whole: isNearer ? b.whole : a.whole, windows: [...a.windows, ...b.windows] }
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
  const { sightingId, contextKey, distance, scope } = hit
  const frame = { width: scope.width, height: scope.height }
  const known = bySighting.get(key) ?? { sightingId, contextKey, whole: null, windows: [], frame }
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
