import { setImmediate as turn } from 'node:timers/promises'
import { ExactIndex } from '#lib/radius/index.ts'
import {
  type AgeIdentity,
  openPrintSet,
  type PrintScope,
  type SealedPrint,
  type Sighting,
} from '#lib/seal/index.ts'
import { EarlierSightings } from './earlier-sightings.ts'
import { RowIds } from './row-ids.ts'

/** A registered row near a part of a picture that was seen. */
export interface RowHit {
  readonly rowId: Uint8Array
  readonly distance: number
  /** Index into `ORIENTATIONS`. */
  readonly orientation: number
  /** The place of the part; null for the whole picture. */
  readonly place: Uint8Array | null
}

/** A registered row near a picture that was seen before it was registered. */
export interface EarlierHit extends RowHit {
  readonly sightingId: Uint8Array
  readonly contextKey: Uint8Array
  readonly scope: PrintScope
}

/** What one set has put in: so many rows from the first one on. */
interface RowsOfSet {
  readonly first: number
  readonly count: number
}

const PRINT_BYTES = 32
const TURNS = 8
/** Look-ups between two moments in which the server does other things; some 5 ms with a million rows. */
const LOOK_UPS_AT_A_TIME = 96
/** The nearest hits of a picture. A vote needs five at most, from each of a few registered pictures. */
export const MAX_HITS = 120

/**
 * All registered prints, in memory only, and what they answer. A row is a print and a random id: which case it belongs to
 * is not known here. Closed, it knows nothing and answers nothing. Opened, it takes sets in; only once it was said to have
 * all of them does it give its identity out, so that nothing is asked of a part of the bank and taken for the whole answer.
 */
export class Matcher {
  #identity: AgeIdentity | null = null
  #isWhole = false
  #opening = 0
  #rowIds = new RowIds()
  #index = newIndexes()
  readonly #rowsOfSet = new Map<string, RowsOfSet>()
  readonly #earlier = new EarlierSightings()

  get isOpen(): boolean {
    return this.#identity !== null
  }

  /** Null while closed, and while sets are still being taken in. */
  get identity(): AgeIdentity | null {
    return this.#isWhole ? this.#identity : null
  }

  get rows(): number {
    return this.#index.whole.size + this.#index.window.size
  }

  /** Gives the number of this opening, for `setWhole`. */
  open(identity: AgeIdentity): number {
    this.#identity = identity
    this.#isWhole = false
    return ++this.#opening
  }

  /** Which opening is under way, with what sets are opened with; null while closed. */
  get opening(): { readonly number: number; readonly identity: AgeIdentity } | null {
    return this.#identity === null ? null : { number: this.#opening, identity: this.#identity }
  }

  /** Notes that every set and sighting is in. Nothing happens when it was closed since that opening. */
  setWhole(opening: number): void {
    if (opening === this.#opening && this.isOpen) this.#isWhole = true
  }

  close(): void {
    this.#identity = null
    this.#isWhole = false
    this.#rowIds = new RowIds()
    this.#index = newIndexes()
    this.#rowsOfSet.clear()
    this.#earlier.clear()
  }

  has(setId: string): boolean {
    return this.#rowsOfSet.has(setId)
  }

  /**
   * Opens a set and takes its rows in, found from the next question on. Throws `SealError` for one that cannot be opened;
   * nothing happens while closed, or when the set is there.
   */
  async add(setId: string, sealed: Uint8Array): Promise<void> {
    const identity = this.#identity
    if (identity === null || this.has(setId)) return
    const prints = await openPrintSet(sealed, identity)
    // Closed, or added by somebody else, while it was being opened.
    if (this.#identity !== identity || this.has(setId)) return
    const rows = prints.map((print) => this.#addRow(print))
    this.#rowsOfSet.set(setId, { first: rows[0] ?? 0, count: rows.length })
  }

  /** Not found from the next question on. */
  remove(setId: string): void {
    const { first, count } = this.#rowsOfSet.get(setId) ?? { first: 0, count: 0 }
    for (let row = first; row < first + count; row++) {
      this.#index.whole.remove(row)
      this.#index.window.remove(row)
      this.#rowIds.forget(row)
    }
    this.#rowsOfSet.delete(setId)
  }

  /** Keeps the prints of the whole of a picture that was seen, for what is registered later. Nothing happens while closed. */
  keep(sightingId: Uint8Array, sighting: Sighting): void {
    if (this.isOpen) this.#earlier.add(sightingId, sighting)
  }

  forget(sightingId: Uint8Array): void {
    this.#earlier.remove(sightingId)
  }

  /** Pictures seen before in which a set is found as a whole. Throws `SealError` for a set that cannot be opened. */
  async askEarlier(sealed: Uint8Array, identity: AgeIdentity): Promise<EarlierHit[]> {
    const prints = await openPrintSet(sealed, identity)
    return prints
      .filter(({ place }) => place === null)
      .flatMap(({ id, print }) => this.#earlier.ask(print).map((hit) => ({ ...hit, rowId: id, place: null })))
      .slice(0, MAX_HITS)
  }

  /** The nearest hits of all parts of a picture, whole against whole and window against window. */
  async ask({ prints }: Pick<Sighting, 'prints'>): Promise<RowHit[]> {
    const hits: RowHit[] = []
    for (const kind of ['whole', 'window'] as const) {
      const asked = prints.filter(({ place }) => (place === null) === (kind === 'whole'))
      const partsAtATime = LOOK_UPS_AT_A_TIME / TURNS
      for (let from = 0; from < asked.length; from += partsAtATime) {
        const slice = asked.slice(from, from + partsAtATime)
        // Looked up anew each time: the matcher may be closed between two slices.
        const found = this.#index[kind].queryMany(joined(slice.map((part) => part.prints)))
        for (const [at, rows] of found.entries()) {
          for (const { id, distance } of rows) {
            const place = slice[Math.floor(at / TURNS)]?.place ?? null
            hits.push({ rowId: this.#rowIds.get(id), distance, orientation: at % TURNS, place })
          }
        }
        await turn()
      }
    }
    return hits.sort((a, b) => a.distance - b.distance).slice(0, MAX_HITS)
  }

  #addRow({ id, print, place }: SealedPrint): number {
    const row = this.#rowIds.add(id)
    this.#index[place === null ? 'whole' : 'window'].add(row, print)
    return row
  }
}

function newIndexes() {
  return { whole: new ExactIndex(), window: new ExactIndex() }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.length * TURNS * PRINT_BYTES)
  for (const [at, part] of parts.entries()) bytes.set(part, at * TURNS * PRINT_BYTES)
  return bytes
}
