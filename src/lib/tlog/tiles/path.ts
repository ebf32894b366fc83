import { TlogError } from '../errors.ts'
import { type EntryBundle, TILE_WIDTH, type Tile } from './tile.ts'

/** Where a tile lies under the log's prefix: `tile/<level>/<index>[.p/<width>]` (C2SP tlog-tiles). */
export function tilePath({ level, index, width }: Tile): string {
  return checked(`tile/${level}/${indexPath(index)}${partialSuffix(width)}`)
}

/** Where an entry bundle lies under the log's prefix: `tile/entries/<index>[.p/<width>]` (C2SP tlog-tiles). */
export function entryBundlePath({ index, width }: EntryBundle): string {
  return checked(`tile/entries/${indexPath(index)}${partialSuffix(width)}`)
}

/** The tile or entry bundle at a path, of which each has exactly one. */
export type TilePath = { kind: 'tile'; tile: Tile } | { kind: 'entries'; bundle: EntryBundle }

/** Reads a path without a leading slash. Throws `TILE_PATH` for anything that the two functions above do not write. */
export function parseTilePath(path: string): TilePath {
  const match = TILE_PATH.exec(path)
  const [, kind = '', groups = '', partial] = match ?? []
  const index = Number(groups.replaceAll('/', '').replaceAll('x', ''))
  const width = partial === undefined ? TILE_WIDTH : Number(partial)
  if (match === null || !Number.isSafeInteger(index) || indexPath(index) !== groups) throw notAPath(path)
  return kind === 'entries'
    ? { kind, bundle: { index, width } }
    : { kind: 'tile', tile: { level: Number(kind), index, width } }
}

const TILE_PATH =
  /^tile\/(entries|[0-9]|[1-5][0-9]|6[0-3])\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5]))?$/

/** The index in groups of three digits, all but the last marked: 1234067 is `x001/x234/067`. */
function indexPath(index: number): string {
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  return padded.replace(/[0-9]{3}(?=[0-9])/g, 'x$&/')
}

function partialSuffix(width: number): string {
  return width === TILE_WIDTH ? '' : `.p/${width}`
}

function checked(path: string): string {
  if (!TILE_PATH.test(path)) throw notAPath(path)
  return path
}

function notAPath(path: string): TlogError {
  return new TlogError('TILE_PATH', `${JSON.stringify(path.slice(0, 100))} is not the path of a tile`)
}
