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

interface Part {
  readonly index: ExactIndex
  readonly rowIds: Map<number, Uint8Array>
}

const PRINT_BYTES = 32
const TURNS = 8
/** Look-ups between two moments in which the server does other things; some 5 ms with a million rows. */
const LOOK_UPS_AT_A_TIME = 96
/** The nearest hits of a picture. A vote needs five at most, from each of a few registered pictures. */
const MAX_HITS = 120

/**
 * All registered prints, in memory only, and what they answer. A row is a print and a random id: which case it belongs to
 * is not known here. Closed, it knows nothing and answers nothing.
 */
export class Matcher {
  #identity: AgeIdentity | null = null
  #nextRow = 0
  #whole: Part = newPart()
  #windows: Part = newPart()
  readonly #rowsOfSet = new Map<string, number[]>()
  readonly #earlier = new EarlierSightings()

  get isOpen(): boolean {
    return this.#identity !== null
  }

  /** Null while closed. */
  get identity(): AgeIdentity | null {
    return this.#identity
  }

  get rows(): number {
    return this.#whole.index.size + this.#windows.index.size
  }

  open(identity: AgeIdentity): void {
    this.#identity = identity
  }

  close(): void {
    this.#identity = null
    this.#whole = newPart()
    this.#windows = newPart()
    this.#rowsOfSet.clear()
    this.#earlier.clear()
    this.#nextRow = 0
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
    this.#rowsOfSet.set(
      setId,
      prints.map((print) => this.#addRow(print)),
    )
  }

  /** Not found from the next question on. */
  remove(setId: string): void {
    for (const row of this.#rowsOfSet.get(setId) ?? []) {
      for (const { index, rowIds } of [this.#whole, this.#windows]) {
        index.remove(row)
        rowIds.delete(row)
      }
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
        const { index, rowIds } = kind === 'whole' ? this.#whole : this.#windows
        const found = index.queryMany(joined(slice.map((part) => part.prints)))
        for (const [at, rows] of found.entries()) {
          for (const { id, distance } of rows) {
            const rowId = rowIds.get(id)
            const place = slice[Math.floor(at / TURNS)]?.place ?? null
            if (rowId) hits.push({ rowId, distance, orientation: at % TURNS, place })
          }
        }
        await turn()
      }
    }
    return hits.sort((a, b) => a.distance - b.distance).slice(0, MAX_HITS)
  }

  #addRow({ id, print, place }: SealedPrint): number {
    const { index, rowIds } = place === null ? this.#whole : this.#windows
    const row = this.#nextRow++
    index.add(row, print)
    rowIds.set(row, id)
    return row
  }
}

function newPart(): Part {
  return { index: new ExactIndex(), rowIds: new Map() }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.length * TURNS * PRINT_BYTES)
  for (const [at, part] of parts.entries()) bytes.set(part, at * TURNS * PRINT_BYTES)
  return bytes
}
