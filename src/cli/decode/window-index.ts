import { ExactIndex, type SegmentHandle } from '#lib/radius/index.ts'
import type { WindowTable, WindowTableMemory } from './window-table.ts'

/** What one thread needs to search registered windows; all of it is memory that threads share. */
export interface WindowSearchInput {
  readonly table: WindowTableMemory
  readonly segments: readonly SegmentHandle[]
  /** A number of its own among the threads that search, from 1. */
  readonly reader: number
}

/** The radius index over a table of windows, built once for all threads: some 300 bytes a row. */
export class WindowIndex {
  readonly #table: WindowTable
  readonly #index: ExactIndex

  /** `readers`: how many threads search. Throws `RadiusError` OUT_OF_MEMORY. */
  constructor(table: WindowTable, readers: number) {
    this.#table = table
    // Number 0 is the thread that builds it. Nothing is added later, so there is nothing to rebuild.
    this.#index = new ExactIndex({ isShared: true, readers: readers + 1, rebuilds: 'by-host' })
    const rows = Uint32Array.from({ length: table.rowCount }, (_, row) => row)
    this.#index.addMany(rows, table.prints())
  }

  /** For reader `reader`, 1 to `readers`; only one thread at a time may use a number. */
  inputFor(reader: number): WindowSearchInput {
    return { table: this.#table.memory, segments: this.#index.handles, reader }
  }
}
