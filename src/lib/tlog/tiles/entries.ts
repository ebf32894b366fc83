import { concatBytes } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { TILE_WIDTH } from './tile.ts'

const MAX_ENTRY_BYTES = 65535

/**
 * An entry bundle: each entry behind its length in two bytes, most significant first (C2SP tlog-tiles). Throws
 * `TILE_MALFORMED` for no entry, more than 256, or one longer than 65535 bytes.
 */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length < 1 || entries.length > TILE_WIDTH) throw malformed(`of ${entries.length} entries`)
  return concatBytes(
    ...entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY_BYTES) throw malformed(`with an entry of ${entry.length} bytes`)
      return [new Uint8Array([Math.floor(entry.length / 256), entry.length % 256]), entry]
    }),
  )
}

/**
 * The entries of a bundle that must hold `width` of them; views into the given bytes. Throws `TILE_MALFORMED` for
 * another number of entries, bytes left over, and, with `entryBytes`, for an entry of another length.
 */
export function decodeEntries(
  bundle: Uint8Array,
  width: number,
  options: { entryBytes?: number } = {},
): Uint8Array[] {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bundle.length && entries.length < width) {
    const length = (bundle[at] ?? 0) * 256 + (bundle[at + 1] ?? 0)
    const end = at + 2 + length
    if (end > bundle.length) throw malformed('that is cut off')
    if (options.entryBytes !== undefined && length !== options.entryBytes) {
      throw malformed(`with an entry of ${length} bytes`)
    }
    entries.push(bundle.subarray(at + 2, end))
    at = end
  }
  if (entries.length !== width) throw malformed(`of ${entries.length} entries, not ${width}`)
  if (at !== bundle.length) throw malformed('with bytes left over')
  return entries
}

function malformed(what: string): TlogError {
  return new TlogError('TILE_MALFORMED', `an entry bundle ${what}`)
}
