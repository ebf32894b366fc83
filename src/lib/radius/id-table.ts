const EMPTY = 0xffffffff
const FIRST_SLOTS = 128

/**
 * From id to row number: open addressing over one typed array of row numbers, so that a million ids cost 8 MiB where a
 * `Map` costs 40. The ids themselves are read from `ids`, which the caller passes because it is replaced when it grows.
 */
export class IdTable {
  #slots = new Uint32Array(FIRST_SLOTS).fill(EMPTY)
  #count = 0

  /** Row number of an id, or -1. */
  find(ids: Uint32Array, id: number): number {
    const mask = this.#slots.length - 1
    for (let slot = home(id, mask); ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot] ?? EMPTY
      if (row === EMPTY) return -1
      if (ids[row] === id) return row
    }
  }

  /** Enters a row whose id is at `ids[row]` and not in the table yet. */
  insert(ids: Uint32Array, row: number): void {
    if ((this.#count + 1) * 2 > this.#slots.length) this.#grow(ids)
    this.#count++
    this.#place(ids, row)
  }

  /** Tells the table that the row of an id got another number. `ids` must still hold the id at `from`. */
  move(ids: Uint32Array, from: number, to: number): void {
    this.#slots[this.#slotOf(ids, from)] = to
  }

  /** Takes a row out that is in the table. */
  remove(ids: Uint32Array, row: number): void {
    const mask = this.#slots.length - 1
    let gap = this.#slotOf(ids, row)
    // Later entries of the same run move up, so that no search stops at the gap before it reaches them.
    for (let slot = (gap + 1) & mask; this.#slots[slot] !== EMPTY; slot = (slot + 1) & mask) {
      const other = this.#slots[slot] ?? EMPTY
      const wanted = home(ids[other] ?? 0, mask)
      if (((slot - wanted) & mask) >= ((slot - gap) & mask)) {
        this.#slots[gap] = other
        gap = slot
      }
    }
    this.#slots[gap] = EMPTY
    this.#count--
  }

  #slotOf(ids: Uint32Array, row: number): number {
    const mask = this.#slots.length - 1
    let slot = home(ids[row] ?? 0, mask)
    while (this.#slots[slot] !== row) slot = (slot + 1) & mask
    return slot
  }

  #place(ids: Uint32Array, row: number): void {
    const mask = this.#slots.length - 1
    let slot = home(ids[row] ?? 0, mask)
    while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask
    this.#slots[slot] = row
  }

  #grow(ids: Uint32Array): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2).fill(EMPTY)
    for (const row of old) if (row !== EMPTY) this.#place(ids, row)
  }
}

function home(id: number, mask: number): number {
  // Multiplicative hashing (golden ratio): consecutive ids, the usual case, spread evenly.
  const mixed = Math.imul(id, 0x9e3779b1)
  return (mixed ^ (mixed >>> 15)) & mask
}
