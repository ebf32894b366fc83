import {
  crop,
  decodeRow,
  encodeRow,
  fingerprint,
  flatten,
  hasTransparency,
  ORIENTATIONS,
  orientations,
  type Pixels,
  type QueryWindow,
  queryWindows,
  type RowScope,
  registerWindows,
  trims,
} from '#lib/phash/index.ts'
import {
  base64urlToBytes,
  bytesToBase64url,
  type PrintScope,
  type SealedPrint,
  type SightingPrint,
} from '#lib/seal/index.ts'
import type { EntryBody } from './case-message.ts'
import type { WindowOfEntry } from './vote.ts'

const ID_BYTES = 16
const PRINT_BYTES = 32
const PLACE_BYTES = 8
const KEPT_ROW_BYTES = ID_BYTES + PLACE_BYTES

/** A row that a member knows from a sealed case: its id, and what the vote needs to know of it. */
export interface OwnRow {
  readonly id: Uint8Array
  /** Null for a print of the whole picture. */
  readonly window: WindowOfEntry | null
}

export interface PictureSet {
  readonly prints: readonly SealedPrint[]
  readonly scope: PrintScope
}

/**
 * The prints a picture is registered with at a server: the whole of it in each form a person may see it in, and its windows
 * unless `set` is `whole`. Other orientations are the question's matter. Each print gets a random id of `random`.
 */
export async function printSetOf(
  pixels: Pixels,
  set: 'whole' | 'full' | 'tilt',
  random: (bytes: number) => Uint8Array,
): Promise<PictureSet> {
  const whole = formsOf(pixels)
    .map((form) => fingerprint(form))
    .filter(({ usable }) => usable)
    .map(({ hash }) => ({ id: random(ID_BYTES), print: hash, place: null }))
  // Borders hold nothing of the picture: windows over them would match every picture that has such a border.
  const [region] = trims(pixels)
  const rows = set === 'whole' ? [] : await registerWindows(pixels, { set, ...(region && { region }) })
  const windows = rows.map((row) => {
    const bytes = encodeRow(row)
    return { id: random(ID_BYTES), print: bytes.slice(0, PRINT_BYTES), place: bytes.slice(PRINT_BYTES) }
  })
  return { prints: [...whole, ...windows], scope: scopeOf(pixels, rows[0]) }
}

/** What a picture that was seen is asked about with: every form and window in all eight orientations. */
export async function sightingPrintsOf(
  pixels: Pixels,
): Promise<{ readonly scope: PrintScope; readonly prints: SightingPrint[] }> {
  const whole = formsOf(pixels)
    .filter((form) => fingerprint(form).usable)
    .map((form) => ({ prints: turnedPrints(form), place: null }))
  const windows = await queryWindows(pixels, { look: 'first' })
  const scope = scopeOf(pixels)
  const parts = windows.flatMap((window) => {
    const place = placeBytes(window, scope)
    return place === null ? [] : [{ prints: window.hashes, place }]
  })
  return { scope, prints: [...whole, ...parts] }
}

/** What the vote has to know of the rows of a set, written into the sealed case. Throws `WindowError` BAD_ROW. */
export function ownRowsOf({ prints, scope }: PictureSet, entry: string, picture: number): OwnRow[] {
  return prints.map(({ id, print, place }) => {
    if (place === null) return { id, window: null }
    const { cx, cy, side, quality, frame } = decodeRow(joined(print, place), rowScope(scope))
    return { id, window: { entry, picture, cx, cy, side, quality, frame } }
  })
}

/** What of a registered set is kept in the sealed case: which rows are hers and where they lie. No print is in it. */
export interface KeptRows {
  /** Id and place of each row, 24 bytes, in base64url; a place of zeros is that of the whole picture. */
  readonly rows: string
  readonly scope: PrintScope
}

/** What the case keeps of a set, for the entry `prints.register`. */
export function keptRowsOf({ prints, scope }: PictureSet): KeptRows {
  const bytes = new Uint8Array(prints.length * KEPT_ROW_BYTES)
  for (const [n, { id, place }] of prints.entries()) {
    bytes.set(id, n * KEPT_ROW_BYTES)
    bytes.set(place ?? [], n * KEPT_ROW_BYTES + ID_BYTES)
  }
  return { rows: bytesToBase64url(bytes), scope }
}

/** The body of the entry `prints.register` for a set that the server has under `setId`. */
export function printsEntry(setId: string, set: PictureSet): EntryBody {
  const { rows, scope } = keptRowsOf(set)
  return { type: 'prints.register', body: { id: setId, rows, ...scope } }
}

/**
 * The rows of a set from what the case keeps of it. Never throws: a row that is none is left out, for one bad row in somebody's
 * entry must not hide the others.
 */
export function ownRowsOfKept({ rows, scope }: KeptRows, entry: string, picture: number): OwnRow[] {
  const bytes = base64urlToBytes(rows) ?? new Uint8Array(0)
  const own: OwnRow[] = []
  for (let at = 0; at + KEPT_ROW_BYTES <= bytes.length; at += KEPT_ROW_BYTES) {
    const id = bytes.slice(at, at + ID_BYTES)
    const place = bytes.slice(at + ID_BYTES, at + KEPT_ROW_BYTES)
    const window = place.every((byte) => byte === 0) ? null : windowOf(place, scope)
    if (window !== undefined) own.push({ id, window: window && { entry, picture, ...window } })
  }
  return own
}

function windowOf(place: Uint8Array, scope: PrintScope): Omit<WindowOfEntry, 'entry'> | undefined {
  try {
    const { cx, cy, side, quality, frame } = decodeRow(joined(ANY_PRINT, place), rowScope(scope))
    return { cx, cy, side, quality, frame }
  } catch {
    return undefined
  }
}

/** Place and quality of a window that was asked about. Throws `WindowError` BAD_ROW. */
export function placeOf(
  place: Uint8Array,
  scope: PrintScope,
): Pick<QueryWindow, 'cx' | 'cy' | 'side' | 'quality'> {
  const { cx, cy, side, quality } = decodeRow(joined(ANY_PRINT, place), rowScope(scope))
  return { cx, cy, side, quality }
}

/** The form of a row has a print in it, half of whose bits are set; of a hit only the place is told. */
const ANY_PRINT = new Uint8Array(PRINT_BYTES).fill(0x0f)

function placeBytes(window: QueryWindow, scope: PrintScope): Uint8Array | null {
  try {
    return encodeRow({ ...window, ...rowScope(scope), hash: ANY_PRINT, angle: 0 }).slice(PRINT_BYTES)
  } catch {
    // Rounding put it outside the frame.
    return null
  }
}

/** The whole frame, without uniform borders, and laid over white and black where parts of it are transparent. */
function formsOf(pixels: Pixels): Pixels[] {
  const [inner] = trims(pixels)
  return [
    pixels,
    ...(inner ? [crop(pixels, inner)] : []),
    ...(hasTransparency(pixels) ? [flatten(pixels, 'white'), flatten(pixels, 'black')] : []),
  ]
}

function turnedPrints(pixels: Pixels): Uint8Array {
  const turned = orientations(pixels)
  const bytes = new Uint8Array(ORIENTATIONS.length * PRINT_BYTES)
  for (const [at, orientation] of ORIENTATIONS.entries())
    bytes.set(turned[orientation].hash, at * PRINT_BYTES)
  return bytes
}

function scopeOf({ width, height }: Pixels, row?: RowScope): PrintScope {
  return { width, height, shorterSide: Math.round(row?.shorterSide ?? Math.min(width, height)) }
}

function rowScope({ width, height, shorterSide }: PrintScope): RowScope {
  return { frame: { width, height }, shorterSide }
}

function joined(print: Uint8Array, place: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(print.length + place.length)
  bytes.set(print)
  bytes.set(place, print.length)
  return bytes
}
