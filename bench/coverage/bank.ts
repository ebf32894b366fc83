import type { PrintHit, Row, WindowHit, WindowOfEntry } from '#domain/index.ts'
import { queryPrints, type RegistrationPrint } from '#domain/index.ts'
import {
  distance,
  HASH_BYTES,
  ORIENTATIONS,
  type Pixels,
  type QueryWindow,
  type WindowRow,
} from '#lib/phash/index.ts'
import { ExactIndex } from '#lib/radius/index.ts'

/** What one picture is registered with. */
export interface Registered {
  /** The eight orientations of the whole frame, the upright one first. */
  readonly prints: readonly RegistrationPrint[]
  readonly windows: readonly WindowRow[]
}

interface BankWindow extends WindowOfEntry {
  readonly isTilted: boolean
}

export interface BankWindowHit extends WindowHit {
  readonly row: BankWindow
}

interface BankPrint {
  readonly row: Row
  readonly hash: Uint8Array
}

/** Registered pictures, each an entry named by its number. */
export interface Bank {
  readonly index: ExactIndex
  readonly windows: readonly BankWindow[]
  readonly prints: readonly BankPrint[]
}

export function buildBank(registered: readonly Registered[]): Bank {
  const windows: BankWindow[] = []
  const prints: BankPrint[] = []
  const hashes: Uint8Array[] = []
  for (const [number, picture] of registered.entries()) {
    const entry = String(number)
    for (const { hash, angle, quality, cx, cy, side, frame } of picture.windows) {
      windows.push({ entry, quality, cx, cy, side, frame, isTilted: angle !== 0 })
      hashes.push(hash)
    }
    for (const { variant, fingerprint } of picture.prints) {
      if (!fingerprint.usable) continue
      prints.push({ row: { entry, variant, quality: fingerprint.quality }, hash: fingerprint.hash })
    }
  }
  const joined = new Uint8Array(HASH_BYTES * hashes.length)
  for (const [row, hash] of hashes.entries()) joined.set(hash, HASH_BYTES * row)
  const index = new ExactIndex()
  index.addMany(
    Uint32Array.from(hashes, (_, row) => row),
    joined,
  )
  return { index, windows, prints }
}

/** Every registered window near one of these, in each orientation. */
export function lookUpWindows({ index, windows }: Bank, queries: readonly QueryWindow[]): BankWindowHit[] {
  const found: BankWindowHit[] = []
  for (const query of queries) {
    for (const [number, hits] of index.queryMany(query.hashes).entries()) {
      const orientation = ORIENTATIONS[number]
      for (const { id, distance } of hits) {
        const row = windows[id]
        if (row && orientation) found.push({ row, query, orientation, distance })
      }
    }
  }
  return found
}

/** What the whole frame and the trimmed picture find, as the program looks pictures up. */
export function lookUpPrints({ prints }: Bank, pixels: Pixels): PrintHit[] {
  const found: PrintHit[] = []
  for (const { name, fingerprint } of queryPrints(pixels)) {
    if (!fingerprint.usable) continue
    for (const { row, hash } of prints) {
      const near = { row, distance: distance(fingerprint.hash, hash), queryPrint: name }
      if (near.distance <= 31) found.push({ ...near, queryQuality: fingerprint.quality })
    }
  }
  return found
}
