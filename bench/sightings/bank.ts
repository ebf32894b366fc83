import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { type SealedPrint, sealPrintSet } from '#lib/seal/index.ts'
import { flipped, makeData, PRINT_BYTES, randomWords } from '../radius/data.ts'

/** Rows of one registered picture with every tilt; the first is of the whole picture. */
export const ROWS_PER_SET = 278
const ID_BYTES = 16
const PLACE_BYTES = 8
const SETS_AT_A_TIME = 50
const KEPT_UNTIL = '2099-W01'

/** The prints of a bank of so many rows, with an id for each. */
export interface BankData {
  readonly rows: number
  readonly prints: Uint8Array
  readonly ids: Uint8Array
}

export function makeBank(rows: number): BankData {
  return { rows, prints: makeData('real', rows, 11), ids: new Uint8Array(randomBytes(rows * ID_BYTES)) }
}

export function printOf({ prints }: BankData, row: number): Uint8Array {
  return prints.subarray(row * PRINT_BYTES, (row + 1) * PRINT_BYTES)
}

/** Seals the bank, set by set, as phones do, and puts it where the server keeps what was registered. */
export async function storeBank(client: pg.Client, bank: BankData, recipient: string): Promise<number> {
  let sets = 0
  for (let from = 0; from < bank.rows; from += ROWS_PER_SET * SETS_AT_A_TIME) {
    const bodies: Promise<Uint8Array>[] = []
    for (let n = 0; n < SETS_AT_A_TIME; n++) {
      const first = from + n * ROWS_PER_SET
      if (first < bank.rows) bodies.push(sealPrintSet(setOf(bank, first), recipient))
    }
    const sealed = await Promise.all(bodies)
    for (const body of sealed) {
      await client.query({
        name: 'set',
        text: 'insert into bank_sets (id, body, expires_week, fmt) values ($1, $2, $3, 1)',
        values: [randomBytes(ID_BYTES), Buffer.from(body), KEPT_UNTIL],
      })
    }
    sets += sealed.length
  }
  return sets
}

function setOf(bank: BankData, first: number): SealedPrint[] {
  const count = Math.min(ROWS_PER_SET, bank.rows - first)
  return Array.from({ length: count }, (_, n) => ({
    id: bank.ids.subarray((first + n) * ID_BYTES, (first + n + 1) * ID_BYTES),
    print: printOf(bank, first + n),
    place: n === 0 ? null : new Uint8Array(randomBytes(PLACE_BYTES)),
  }))
}

const PARTS = 339
const FOUND_PARTS = 12
const TURNS = 8

/** What is asked about one picture: its parts in eight orientations, 2,712 prints. */
export interface Asked {
  readonly parts: readonly { readonly prints: Uint8Array; readonly place: Uint8Array | null }[]
}

/**
 * Pictures that somebody saw, of prints like those of the bank and none of them. Every second one is found: twelve of its
 * parts are prints of one set with some bits flipped.
 */
export function makeAsked(bank: BankData, count: number): Asked[] {
  const prints = makeData('real', count * PARTS * TURNS, 12)
  const next = randomWords(13)
  const sets = Math.floor(bank.rows / ROWS_PER_SET)
  const bytes = PARTS * TURNS * PRINT_BYTES
  return Array.from({ length: count }, (_, n) => {
    const own = prints.subarray(n * bytes, (n + 1) * bytes)
    const set = n % 2 === 0 ? null : next() % sets
    return askedOf(own, bank, set, next)
  })
}

function askedOf(prints: Uint8Array, bank: BankData, set: number | null, next: () => number): Asked {
  for (let n = 0; set !== null && n < FOUND_PARTS; n++) {
    const print = flipped(printOf(bank, set * ROWS_PER_SET + n), next() % 24, next)
    // The first part is the whole picture, as the first row of a set is.
    prints.set(print, (n * TURNS + (n % TURNS)) * PRINT_BYTES)
  }
  const partBytes = TURNS * PRINT_BYTES
  const parts = Array.from({ length: PARTS }, (_, n) => ({
    prints: prints.subarray(n * partBytes, (n + 1) * partBytes),
    place: n === 0 ? null : new Uint8Array(randomBytes(PLACE_BYTES)),
  }))
  return { parts }
}
