const ID_BYTES = 16
const ROWS_A_PAGE = 65_536

/** The ids of rows by their number, from 0, close together: a million take 16 MB. */
export class RowIds {
  readonly #pages: Uint8Array[] = []
  #count = 0

  /** Adds an id of 16 bytes and gives the number of its row. */
  add(id: Uint8Array): number {
    const row = this.#count++
    const page = this.#pages[Math.floor(row / ROWS_A_PAGE)] ?? this.#addPage()
    page.set(id, (row % ROWS_A_PAGE) * ID_BYTES)
    return row
  }

  /** A copy. Zeros for a row that was forgotten or never was. */
  get(row: number): Uint8Array {
    const at = (row % ROWS_A_PAGE) * ID_BYTES
    return this.#pages[Math.floor(row / ROWS_A_PAGE)]?.slice(at, at + ID_BYTES) ?? new Uint8Array(ID_BYTES)
  }

  forget(row: number): void {
    const at = (row % ROWS_A_PAGE) * ID_BYTES
    this.#pages[Math.floor(row / ROWS_A_PAGE)]?.fill(0, at, at + ID_BYTES)
  }

  #addPage(): Uint8Array {
    const page = new Uint8Array(ROWS_A_PAGE * ID_BYTES)
    this.#pages.push(page)
    return page
  }
}
