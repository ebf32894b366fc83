import type { WindowOfEntry } from '#domain/index.ts'
import { decodeRow, HASH_BYTES, ROW_BYTES } from '#lib/phash/index.ts'

/** One registered picture with windows. */
export interface PictureWindows {
  /** Number of its entry. */
  readonly entry: number
  readonly width: number
  readonly height: number
  readonly shorterSide: number
  /** 40 bytes for each row, valid ones. */
  readonly rows: Uint8Array
}

/** What workers share: no copy is made for each of them. */
export interface WindowTableMemory {
  readonly rows: SharedArrayBuffer
  readonly pictures: SharedArrayBuffer
}

/** First row, entry number, width, height, shorter side. */
const PICTURE_FIELDS = 5

/**
 * All registered windows of a bank, numbered from 0: 40 bytes a row in memory that threads share. They describe the
 * registered pictures: they are never written, shown or sent from here.
 */
export class WindowTable {
  readonly memory: WindowTableMemory
  readonly rowCount: number
  readonly #rows: Uint8Array
  readonly #pictures: Uint32Array

  constructor(memory: WindowTableMemory) {
    this.memory = memory
    this.#rows = new Uint8Array(memory.rows)
    this.#pictures = new Uint32Array(memory.pictures)
    this.rowCount = this.#rows.length / ROW_BYTES
  }

  static of(pictures: readonly PictureWindows[]): WindowTable {
    const sizeBytes = pictures.reduce((sum, { rows }) => sum + rows.length, 0)
    const memory = {
      rows: new SharedArrayBuffer(sizeBytes),
      pictures: new SharedArrayBuffer(4 * PICTURE_FIELDS * pictures.length),
    }
    const rows = new Uint8Array(memory.rows)
    const fields = new Uint32Array(memory.pictures)
    let at = 0
    for (const [number, { entry, width, height, shorterSide, rows: own }] of pictures.entries()) {
      fields.set([at / ROW_BYTES, entry, width, height, shorterSide], number * PICTURE_FIELDS)
      rows.set(own, at)
      at += own.length
    }
    return new WindowTable(memory)
  }

  /** The prints of all rows, 32 bytes each. */
  prints(): Uint8Array {
    const prints = new Uint8Array(this.rowCount * HASH_BYTES)
    for (let row = 0; row < this.rowCount; row++) {
      const from = row * ROW_BYTES
      prints.set(this.#rows.subarray(from, from + HASH_BYTES), row * HASH_BYTES)
    }
    return prints
  }

  entryOf(row: number): number {
    return this.#pictures[this.#fieldsOf(row) + 1] ?? 0
  }

  /** The row as the vote takes it, under the number of its entry. */
  row(row: number): WindowOfEntry {
    const at = this.#fieldsOf(row)
    const [, entry = 0, width = 0, height = 0, shorterSide = 0] = this.#pictures.subarray(
      at,
      at + PICTURE_FIELDS,
    )
    const frame = { width, height }
    const bytes = this.#rows.subarray(row * ROW_BYTES, (row + 1) * ROW_BYTES)
    const { quality, cx, cy, side } = decodeRow(bytes, { frame, shorterSide })
    return { entry: String(entry), picture: at / PICTURE_FIELDS, quality, cx, cy, side, frame }
  }

  /** Where the fields begin of the picture that a row belongs to. */
  #fieldsOf(row: number): number {
    let low = 0
    let high = this.#pictures.length / PICTURE_FIELDS - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#pictures[middle * PICTURE_FIELDS] ?? 0) <= row) low = middle
      else high = middle - 1
    }
    return low * PICTURE_FIELDS
  }
}
