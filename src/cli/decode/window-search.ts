import { setImmediate } from 'node:timers/promises'
import { entriesToLookAtAgain, voteWindows, type WindowHit, windowOutcome } from '#domain/index.ts'
import { type Look, ORIENTATIONS, type Pixels, type QueryWindow, queryWindows } from '#lib/phash/index.ts'
import { SegmentReader } from '#lib/radius/index.ts'
import { NearestHits } from './nearest-hits.ts'
import type { WindowHitRecord, WindowSighting } from './picture-job.ts'
import type { WindowSearchInput } from './window-index.ts'
import { WindowTable } from './window-table.ts'

/** What the windows of one form of a picture found, and what that took. */
export interface WindowLookUp {
  /** Null when they found nothing that is worth telling. */
  sighting: WindowSighting | null
  hasLookedTwice: boolean
}

/** Windows looked up before other work of the thread gets its turn. */
const WINDOWS_PER_TURN = 32

const NOBODY: ReadonlySet<string> = new Set()

/**
 * Looks the windows of pictures up among the registered ones. One per thread and reader number.
 * Windows of the looked-up picture live here only; of an entry on which fewer than two agree nothing is told.
 */
export class WindowSearch {
  readonly #table: WindowTable
  readonly #index: SegmentReader

  constructor({ table, segments, reader }: WindowSearchInput) {
    this.#table = new WindowTable(table)
    this.#index = new SegmentReader(reader)
    this.#index.view(segments)
  }

  /** The pixels are not kept. Throws as `queryWindows`. */
  async lookUp(pixels: Pixels): Promise<WindowLookUp> {
    const found = new NearestHits()
    await this.#look(pixels, 'first', found)
    const bankRows = this.#table.rowCount
    const hasLookedTwice = entriesToLookAtAgain({ hits: this.#hits(found), bankRows }, NOBODY).length > 0
    if (hasLookedTwice) await this.#look(pixels, 'second', found)
    const hits = [...found.byEntry()].flatMap(([, own]) =>
      isWorthTelling(this.#asHits(own), bankRows) ? own : [],
    )
    const { width, height } = pixels
    return { sighting: hits.length > 0 ? { frame: { width, height }, hits } : null, hasLookedTwice }
  }

  async #look(pixels: Pixels, look: Look, found: NearestHits): Promise<void> {
    const windows = await queryWindows(pixels, { look })
    for (const [number, window] of windows.entries()) {
      if (number > 0 && number % WINDOWS_PER_TURN === 0) await setImmediate()
      this.#lookUpWindow(window, found)
    }
  }

  #lookUpWindow({ hashes, quality, cx, cy, side }: QueryWindow, found: NearestHits): void {
    for (const [turn, hits] of this.#index.queryMany(hashes).entries()) {
      const orientation = ORIENTATIONS[turn]
      if (orientation === undefined) continue
      for (const { id: row, distance } of hits) {
        const query = { cx, cy, side, quality }
        found.add(this.#table.entryOf(row), { row, distance, orientation, query })
      }
    }
  }

  #hits(found: NearestHits): WindowHit[] {
    return [...found.byEntry()].flatMap(([, own]) => this.#asHits(own))
  }

  #asHits(records: readonly WindowHitRecord[]): WindowHit[] {
    return records.map(({ row, ...hit }) => ({ row: this.#table.row(row), ...hit }))
  }
}

function isWorthTelling(hits: readonly WindowHit[], bankRows: number): boolean {
  const outcome = windowOutcome(voteWindows(hits), bankRows)
  return outcome === 'match' || outcome === 'likely'
}
